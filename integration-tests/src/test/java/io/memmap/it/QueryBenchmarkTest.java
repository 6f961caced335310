package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.array.MemmapArray;
import io.memmap.benchmark.PairedRatio;
import io.memmap.benchmark.QueryBenchmark;
import io.memmap.benchmark.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
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
            "bare vector loop, by blocks",
            "bare vector loop, straight",
            "DuckDB");
    private static final int WORKLOADS = 28;

    private final SparkSession spark = SharedSpark.session().newSession();

    @TempDir
    private Path directory;

    @Test
    void everyContenderAnswersAlike() throws IOException {
        Path out = directory.resolve("out");
        QueryBenchmark.run(
                spark,
                "size=0.0002",
                "contenders=memmap,unpushed,read,parquet,snappy,orc,binaryRecords,java,blocks,straight,numpy,dask,duckdb,polars",
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

    /** The jar is a contender in a JVM of its own; that it answers as this JVM does is checked by the benchmark itself. */
    @Test
    void comparesWithAnotherJar() throws Exception {
        Path jar = Path.of(MemmapArray.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Results results = QueryBenchmark.run(
                spark,
                "workloads=tiny,big-endian,write",
                "contenders=memmap",
                "jars=" + jar,
                "size=0.0002",
                "warmups=0",
                "rounds=1");
        String name = "jar-1 " + jar.getFileName();
        assertThat(results.markdown().lines().findFirst()).hasValueSatisfying(head -> assertThat(head)
                .matches("\\| workload +\\| MB read \\| +memmap \\| +" + Pattern.quote(name) + " \\|"));
        assertThat(results.markdown().lines().skip(2)).hasSize(3).noneMatch(line -> line.contains("–"));
    }

    @Test
    void aJarThatIsMissingIsAnError() {
        assertThatThrownBy(() -> QueryBenchmark.run(spark, "contenders=memmap", "jars=/none/old.jar"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read argument jars: there is no /none/old.jar");
    }

    /** The median of the ratios is not the ratio of the medians. */
    @Test
    void ratiosAreThoseOfThePairs() {
        List<Double> base = List.of(1.0, 2.0, 4.0, 8.0, 16.0);
        List<Double> other = List.of(2.0, 4.0, 8.0, 8.0, 16.0, 99.0);
        PairedRatio ratio = PairedRatio.of("new", other, "old", base);
        assertThat(ratio.toString()).isEqualTo("new / old: 2.00 [1.00–2.00] of 5 pairs");
        assertThat(PairedRatio.of("new", base, "old", base).toString())
                .isEqualTo("new / old: 1.00 [1.00–1.00] of 5 pairs");
    }

    @Test
    void anArgumentThatIsNoneIsAnError() {
        assertThatThrownBy(() -> QueryBenchmark.run(spark, "workload=sum"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot read argument workload=sum, expected name=value with one of [workloads, contenders,"
                                + " jars, size, warmups, rounds, seconds, directory, out, python, node, polars, shards, dimensions]");
    }
}
