package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.benchmark.QueryBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every workload once by every contender of this machine, over arrays of a few kilobytes. That they answer alike is
 * checked by the benchmark itself.
 */
class QueryBenchmarkTest {
    private static final List<String> EVERYWHERE = List.of(
            "memmap",
            "memmap, nothing pushed",
            "memmap, access=read",
            "Spark Parquet, uncompressed",
            "Spark Parquet, snappy",
            "Spark ORC",
            "sc.binaryRecords",
            "bare Java loop, 2 threads",
            "DuckDB");
    private static final int WORKLOADS = 22;

    private final SparkSession spark = SharedSpark.session().newSession();

    @TempDir
    private Path directory;

    @Test
    void everyContenderAnswersAlike() throws IOException {
        Path out = directory.resolve("out");
        QueryBenchmark.run(
                spark,
                "size=0.0002",
                "contenders=memmap,unpushed,read,parquet,snappy,orc,binaryRecords,java,numpy,dask,duckdb,polars",
                "shards=5",
                "dimensions=5",
                "warmups=0",
                "rounds=1",
                "directory=" + directory.resolve("data"),
                "out=" + out);

        List<String> table = Files.readAllLines(out.resolve("results.md"));
        assertThat(EVERYWHERE).allMatch(table.get(0)::contains);
        assertThat(table.subList(2, 2 + WORKLOADS))
                .allSatisfy(row -> assertThat(Arrays.asList(row.split("\\|")).get(3))
                        .as(row)
                        .matches(" +[0-9]+\\.[0-9]+ "));
        assertThat(table.get(2)).startsWith("| sum, 1-D float64").doesNotContain("–");
        assertThat(Files.readString(out.resolve("results.svg")))
                .contains("sum, 1-D float64, 0.20 MB", "8 columns written, flushed")
                .endsWith("</svg>\n");
    }

    @Test
    void resultsOfOtherWorkloadsStay() throws IOException {
        for (String workload : List.of("tiny", "sum", "tiny")) {
            QueryBenchmark.run(
                    spark,
                    "workloads=" + workload,
                    "contenders=memmap,java",
                    "size=0.0002",
                    "warmups=0",
                    "rounds=1",
                    "out=" + directory);
        }
        assertThat(Files.readAllLines(directory.resolve("results.tsv")))
                .extracting(line -> line.split("\t")[0] + " " + line.split("\t")[3])
                .containsExactly("sum memmap", "sum java", "tiny memmap", "tiny java");
    }

    @Test
    void anArgumentThatIsNoneIsAnError() {
        assertThatThrownBy(() -> QueryBenchmark.run(spark, "workload=sum"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read argument workload=sum, expected name=value with one of [workloads, contenders,"
                        + " size, warmups, rounds, seconds, directory, out, python, node, polars, shards, dimensions]");
    }
}
