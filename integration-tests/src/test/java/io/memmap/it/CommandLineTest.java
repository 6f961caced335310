package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.cli.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line answers what Spark answers about the tables of several directories that Spark wrote. */
class CommandLineTest extends PartitionedWrites {
    private Path partitioned;
    private Path columns;

    @BeforeEach
    void write() {
        partitioned = directory.resolve("partitioned");
        writer(spark.range(0, 30, 1, 2).selectExpr("id AS v", "id % 3 * 5 AS p"), "p")
                .save(partitioned.toString());
        writer(spark.range(30, 34, 1, 1).selectExpr("id AS v", "id % 3 * 5 AS p"), "p")
                .mode("append")
                .save(partitioned.toString());
        columns = directory.resolve("columns");
        spark.range(0, 6, 1, 2)
                .selectExpr(
                        "id",
                        "array(CAST(id AS FLOAT), 0.5F) AS emb",
                        "named_struct('a', CAST(-id AS INT)) AS s",
                        "concat('n', id) AS name")
                .write()
                .format("memmap")
                .option("layout", "sideBySide")
                .save(columns.toString());
    }

    private static List<String> printed(Object... arguments) {
        Command command = Command.run(arguments);
        assertThat(command.err()).isEmpty();
        assertThat(command.status()).isZero();
        return command.out();
    }

    /** The numbers of the first rows, without the lines between files. */
    private static List<String> head(Path path) {
        return printed("head", path, "-n", 100).stream()
                .filter(line -> line.startsWith("["))
                .flatMap(line -> Stream.of(line.replaceAll("[\\[\\] ]", "").split(",")))
                .toList();
    }

    private List<String> values(Path path, String column) {
        return SavedFiles.read(spark, path).orderBy("_row").select(column).collectAsList().stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private static List<List<String>> stats(Path path) {
        return printed("stats", path).stream()
                .skip(1)
                .map(line -> Arrays.asList(line.split(" +")))
                .toList();
    }

    private List<String> aggregates(Dataset<Row> table, String name, String column) {
        Row row = table.selectExpr("count(" + column + ")", "min(" + column + ")", "max(" + column + ")")
                .first();
        double mean = table.selectExpr("avg(" + column + ")").first().getDouble(0);
        return List.of(
                name,
                row.get(0).toString(),
                "0",
                row.get(1).toString(),
                row.get(2).toString(),
                String.valueOf(mean));
    }

    @Test
    void partitionsHaveSparksRows() throws IOException {
        assertThat(head(partitioned)).isEqualTo(values(partitioned, "v"));
        assertThat(stats(partitioned)).containsExactly(aggregates(SavedFiles.read(spark, partitioned), "value", "v"));
        assertThat(printed("describe", partitioned))
                .contains(
                        "files     9, as the manifest lists them, in directories of p",
                        "shape     (34,)",
                        "problems  none")
                .element(6)
                .asString()
                .matches("bytes +272");
        assertThat(printed("verify", partitioned)).hasSize(9).allMatch(line -> line.startsWith("ok " + partitioned));
        Path converted = directory.resolve("all.npy");
        printed("convert", partitioned, converted);
        assertThat(SavedFiles.npyLongs(converted))
                .isEqualTo(values(partitioned, "v").stream()
                        .mapToLong(Long::parseLong)
                        .toArray());
        printed("profile", partitioned, "-o", directory.resolve("report.html"));
        assertThat(directory.resolve("report.html")).content().contains("in directories of p");
    }

    @Test
    void aPartitionOrColumnAloneIsWhatTheManifestAboveLists() throws IOException {
        for (Path part : List.of(partitioned.resolve("p=5"), columns.resolve("id"))) {
            String shard = SavedFiles.shards(part).get(0);
            Files.copy(part.resolve(shard), part.resolve("copy.npy"));
            List<String> expected = values(part, part.endsWith("id") ? "value" : "v");
            assertThat(head(part)).isEqualTo(expected);
            assertThat(Command.run("verify", part).out())
                    .containsExactly(part.getFileName() + "/copy.npy is not in the manifest and not read");
        }
        assertThat(Command.run("verify", partitioned))
                .isEqualTo(new Command(1, List.of("p=5/copy.npy is not in the manifest and not read"), List.of()));
        Files.createDirectories(partitioned.resolve("p=7"));
        assertThat(Command.run("head", partitioned.resolve("p=7")).err())
                .containsExactly("Cannot read " + partitioned + "/p=7: the manifest " + partitioned
                        + "/_memmap.json lists no file of it, expected at least one; read " + partitioned);
    }

    @Test
    void columnsSideBySideHaveSparksRows() {
        Dataset<Row> table = SavedFiles.read(spark, columns);
        assertThat(printed("describe", columns))
                .containsExactly(
                        "path      " + columns,
                        "columns   4 side by side, an array each",
                        "rows      6",
                        "bytes     168",
                        "          id <i8 (6,), 2 files",
                        "          emb <f4 (6, 2), 2 files",
                        "          s [('a', '<i4')] (6,), 2 files",
                        "          name <U2 (6,), 2 files",
                        "problems  none");
        assertThat(stats(columns))
                .containsExactly(
                        aggregates(table, "id", "id"),
                        aggregates(table, "emb.c0", "emb[0]"),
                        aggregates(table, "emb.c1", "emb[1]"),
                        aggregates(table, "s.a", "s.a"));
        assertThat(printed("head", columns, "-n", 2))
                .contains("column id", "[0, 1]", "column emb", "column s", "column name", "['n0', 'n1']");
        assertThat(printed("verify", columns)).hasSize(8).allMatch(line -> line.startsWith("ok " + columns));
        printed("profile", columns, "-o", directory.resolve("report.html"));
        assertThat(directory.resolve("report.html")).content().contains(">emb.c1</th>", ">s.a</th>");
        Command converted = Command.run("convert", columns, directory.resolve("all.npy"));
        assertThat(converted.status()).isEqualTo(1);
        assertThat(converted.err())
                .containsExactly("Cannot convert " + columns + ": its columns are side by side, an array each, expected"
                        + " one array; name the directory of one of them");
        assertThat(printed("convert", columns.resolve("emb"), directory.resolve("emb.npy")))
                .contains("shape     (6, 2)");
    }

    @Test
    void linksAreRefusedAsInSpark() throws IOException {
        for (Path part : List.of(partitioned.resolve("p=5"), columns.resolve("emb"))) {
            Path table = part.getParent();
            Path outside = Files.move(part, directory.resolve(part.getFileName()));
            Files.createSymbolicLink(part, outside);
            String refusal = table + ": its manifest _memmap.json lists " + part.getFileName()
                    + ", which is a link, expected none, as what it leads to is no part of the array; put there what it"
                    + " leads to";
            assertThatThrownBy(() -> SavedFiles.read(spark, table)).hasMessage("Cannot read file:" + refusal);
            for (String command : List.of("describe", "verify", "head", "stats")) {
                assertThat(Command.run(command, table))
                        .as(command)
                        .isEqualTo(new Command(1, List.of(), List.of("Cannot read " + refusal)));
            }
        }
    }
}
