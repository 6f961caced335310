// Answers one question a line about Parquet files, with Polars: path and SQL over the table t between tabs. The line on
// standard output says "ok", the seconds that opening and answering took, and the numbers, row by row.
const pl = require("nodejs-polars");
const readline = require("node:readline");

console.log(["ready", "Polars on Parquet", `Polars ${pl.version}`].join("\t"));
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [path, sql] = line.split("\t");
  const start = process.hrtime.bigint();
  const context = new pl.SQLContext({ t: pl.scanParquet(path) });
  const numbers = context.execute(sql, { eager: true }).rows().flat().map(Number);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(["ok", seconds, numbers.join(" ")].join("\t"));
});
