package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes with {@code partitionBy} leave directories named as Parquet names them, and one manifest. */
class PartitionedWriteTest extends PartitionedWrites {

    @Test
    void rowsAreInTheDirectoriesOfTheirValues() throws IOException {
        Path target = directory.resolve("x");
        writer(spark.range(0, 20, 1, 2).selectExpr("id % 3 AS day", "id AS value"), "day")
                .save(target.toString());
        assertThat(rows(target))
                .isEqualTo(Map.of(
                        "day=0", "[0] [3] [6] [9] [12] [15] [18]",
                        "day=1", "[1] [4] [7] [10] [13] [16] [19]",
                        "day=2", "[2] [5] [8] [11] [14] [17]"));
        assertThat(paths(target)).hasSize(6).isEqualTo(listed(target));
        assertThat(Files.readString(target.resolve("_memmap.json"))).startsWith("{\"version\": 2, \"dtype\": \"<i8\"");
        assertThat(SavedFiles.names(target)).containsExactly("_SUCCESS", "_memmap.json", "day=0", "day=1", "day=2");
        assertThat(SavedFiles.names(directory)).containsExactly("x");
    }

    @Test
    void rowsThatAreInOrderStayInIt() throws IOException {
        Path target = directory.resolve("x");
        Dataset<Row> rows = spark.range(0, 5000, 1, 1)
                .selectExpr("id % 7 AS day", "(id * 7919) % 5003 AS value")
                .repartition(1)
                .sortWithinPartitions("day", "value");
        writer(rows, "day").option("maxRecordsPerFile", 300).save(target.toString());
        assertThat(arrays(target)).hasSize(21);
        Dataset<Row> later =
                rows.selectExpr("day", "value + 5003 AS value").repartition(1).sortWithinPartitions("day", "value");
        writer(later).option("maxRecordsPerFile", 300).mode("append").save(target.toString());
        assertThat(arrays(target)).hasSize(42);
        for (Path day : Files.list(target).filter(Files::isDirectory).toList()) {
            long last = -1;
            for (Path file : arrays(day)) {
                for (long value : SavedFiles.npyLongs(file)) {
                    assertThat(value).isGreaterThan(last);
                    last = value;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            (1, true), (2, false), (3, NULL) AS t(v, p) | p
            (1, 1Y), (2, -128Y) AS t(v, p) | p
            (1, 5L), (2, -9223372036854775808L) AS t(v, p) | p
            (1, 0.1F), (2, CAST('NaN' AS FLOAT)), (3, CAST('-Infinity' AS FLOAT)) AS t(v, p) | p
            (1, 1e-7D), (2, 123456789.5D), (3, -0.0D) AS t(v, p) | p
            (1, 1.50BD), (2, -20.00BD), (3, 0.00BD) AS t(v, p) | p
            (1, DATE'2026-01-01'), (2, DATE'0001-01-01'), (3, NULL) AS t(v, p) | p
            (1, TIMESTAMP'2026-01-01 12:30:00.5'), (2, TIMESTAMP'1969-12-31 23:59:59.999999'), (3, TIMESTAMP'2026-10-25 00:30:00Z') AS t(v, p) | p
            (1, TIMESTAMP_NTZ'2026-01-01 00:00:00'), (2, TIMESTAMP_NTZ'1969-12-31 23:59:59.000001') AS t(v, p) | p
            (1, 'a b'), (2, ''), (3, NULL), (4, 'x=y/z'), (5, '%20'), (6, '..'), (7, 'é€😀'), (8, 'a:b*c?d#e"f''g{h[i]j^k'), (9, ' ') AS t(v, p) | p
            (1, 'a', 2), (2, NULL, 3), (3, 'a', NULL), (4, 'b', 2) AS t(v, p, q) | p,q
            (1, 'a', 2), (2, 'b', 3) AS t(v, p, q) | q,p
            (1, 'a') AS t(v, _p) | _p
            """)
    void directoriesAreNamedAsThoseOfParquet(String values, String columns) throws IOException {
        spark.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        String[] names = columns.split(",");
        writer(values, names).save(directory + "/x");
        spark.sql("SELECT * FROM VALUES " + values).write().partitionBy(names).parquet(directory + "/parquet");
        assertThat(directories(directory.resolve("x"))).isEqualTo(directories(directory.resolve("parquet")));
        assertThat(listed(directory.resolve("x"))).isEqualTo(paths(directory.resolve("x")));
    }

    @Test
    void namesOfColumnsAreSpelledAsTheDataFrameSpellsThem() throws IOException {
        writer("(1, 'a') AS t(v, `my p=x`)", "`my p=x`").save(directory + "/x");
        assertThat(directories(directory.resolve("x"))).containsExactly("my p%3Dx=a");
        writer("(1, 'a') AS t(v, p)", "P").save(directory + "/y");
        writer("(2, 'a') AS t(V, P)", "P").mode("append").save(directory + "/y");
        assertThat(rows(directory.resolve("y"))).isEqualTo(Map.of("p=a", "[1] [2]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"container=npy", "container=raw", "order=F"})
    void otherRowsComeBehindInTheirDirectories(String option) throws IOException {
        Path target = directory.resolve("x");
        String[] pair = option.split("=");
        writer("(1D, 2D, 'a'), (3D, 4D, 'b') AS t(c0, c1, p)", "p")
                .option(pair[0], pair[1])
                .save(target.toString());
        writer("(5D, 6D, 'b'), (7D, 8D, 'c') AS t(c0, c1, p)", "p")
                .mode("append")
                .save(target.toString());
        spark.sql("SELECT 9D AS c0, 'a' AS p, 10D AS c1")
                .write()
                .format("memmap")
                .mode("append")
                .save(target.toString());
        assertThat(rows(target))
                .isEqualTo(Map.of("p=a", "[1.0,2.0] [9.0,10.0]", "p=b", "[3.0,4.0] [5.0,6.0]", "p=c", "[7.0,8.0]"));
        assertThat(listed(target)).isEqualTo(paths(target));
    }

    @Test
    void anAppendKeepsThePartitions() throws IOException {
        String target = directory + "/x";
        writer("(1, 'a', 2) AS t(v, p, q)", "p").save(target);
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() ->
                        writer("(1, 'a', 2) AS t(v, p, q)", "q").mode("append").save(target))
                .hasMessage(
                        "Cannot write to " + target + " with partitionBy(q): it is partitioned by [p], expected these;"
                                + " leave partitionBy out, or overwrite it");
        assertThatThrownBy(() -> writer("(1, 2) AS t(v, q)", "p").mode("append").save(target))
                .hasMessage(
                        "Cannot write with partitionBy(p): 'p' is no column of the DataFrame, expected some of [v, q]");
        assertThat(everything(directory)).isEqualTo(before);
        spark.sql("SELECT 1 AS v, 2 AS q").write().format("memmap").save(directory + "/flat");
        before.putAll(everything(directory));
        assertThatThrownBy(() -> writer("(1, 2) AS t(v, q)", "q").mode("append").save(directory + "/flat"))
                .hasMessageContaining("with partitionBy(q): it is not partitioned, expected no partitionBy");
        assertThat(everything(directory)).isEqualTo(before);
        assertThat(rows(Path.of(target))).isEqualTo(Map.of("p=a", "[1,2]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"static", "dynamic", "conf", "conf with the option"})
    void anOverwriteReplacesAllRowsOrThoseOfItsPartitions(String mode) throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a', 1), (2, 'a', 2), (3, 'b', 1) AS t(v, p, q)", "p", "q").save(target.toString());
        Files.writeString(target.resolve("p=b/q=1/notes.txt"), "not an array");
        boolean conf = mode.startsWith("conf");
        if (conf) {
            spark.conf().set("spark.sql.sources.partitionOverwriteMode", "DYNAMIC");
        }
        String values = "(4, 'a', 2), (5, 'c', 1) AS t(v, p, q)";
        DataFrameWriter<Row> writer = (mode.equals("conf with the option")
                        ? writer(values).option("partitionBy", "p,q")
                        : writer(values, "p", "q"))
                .mode("overwrite");
        if (!conf) {
            writer.option("partitionOverwriteMode", mode);
        }
        writer.save(target.toString());
        assertThat(rows(target))
                .isEqualTo(
                        mode.equals("static")
                                ? Map.of("p=a/q=2", "[4]", "p=c/q=1", "[5]")
                                : Map.of("p=a/q=1", "[1]", "p=a/q=2", "[4]", "p=b/q=1", "[3]", "p=c/q=1", "[5]"));
        assertThat(listed(target)).isEqualTo(paths(target));
        assertThat(directories(target).contains("p=a/q=1")).isEqualTo(!mode.equals("static"));
        assertThat(target.resolve("p=b/q=1/notes.txt")).exists();
        writer("(6, 'x') AS t(v, r)").mode("overwrite").save(target.toString());
        assertThat(rows(target)).isEqualTo(Map.of("", "[6,x]"));
        assertThat(Files.readString(target.resolve("_memmap.json"))).startsWith("{\"version\": 1,");
        assertThat(directories(target)).containsExactly("p=b", "p=b/q=1");
    }

    @Test
    void aDataFrameWithoutRowsIsAnArrayOfNoRows() throws IOException {
        Path target = directory.resolve("x");
        spark.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
        writer("(1, 'a') AS t(v, p) WHERE v > 1", "p").save(target.toString());
        assertThat(rows(target)).isEqualTo(Map.of("p=__HIVE_DEFAULT_PARTITION__", ""));
        writer("(1, 'a') AS t(v, p)", "p").mode("append").save(target.toString());
        writer("(1, 'a') AS t(v, p) WHERE v > 1", "p").mode("overwrite").save(target.toString());
        assertThat(rows(target)).isEqualTo(Map.of("p=a", "[1]"));
        spark.conf().set("spark.sql.sources.partitionOverwriteMode", "static");
        writer("(1, 'a') AS t(v, p) WHERE v > 1", "p").mode("overwrite").save(target.toString());
        assertThat(rows(target)).isEqualTo(Map.of("p=__HIVE_DEFAULT_PARTITION__", ""));
    }

    @Test
    void anArrayOfNoRowsKeepsTheTypesOfItsPartitions() throws IOException {
        Path target = directory.resolve("x");
        String none = "(1, '7', DATE'2026-01-01') AS t(v, p, day) WHERE v > 1";
        for (String mode : List.of("errorifexists", "overwrite")) {
            writer(none, "p", "day").mode(mode).save(target.toString());
            assertThat(spark.read()
                            .format("memmap")
                            .load(target.toString())
                            .schema()
                            .toDDL())
                    .isEqualTo("v INT NOT NULL,p STRING,day DATE");
        }
        writer("(1, '07', DATE'2026-01-01') AS t(v, p, day)", "p", "day")
                .mode("append")
                .save(target.toString());
        assertThat(spark.read()
                        .format("memmap")
                        .load(target.toString())
                        .collectAsList()
                        .toString())
                .isEqualTo("[[1,07,2026-01-01]]");
        assertThatThrownBy(() -> writer("(1, 7, DATE'2026-01-01') AS t(v, p, day)", "p", "day")
                        .mode("append")
                        .save(target.toString()))
                .hasMessageContaining("partition column 'p' is int, expected string, as its table declares");
    }

    @Test
    void aWriteThatFailsLeavesWhatWasThere() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a') AS t(v, p)", "p").save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        for (String mode : List.of("append", "overwrite")) {
            for (String overwritten : List.of("static", "dynamic")) {
                assertThatThrownBy(() -> writer("(2, 'b'), (NULL, 'c') AS t(v, p)", "p")
                                .mode(mode)
                                .option("partitionOverwriteMode", overwritten)
                                .save(target.toString()))
                        .hasStackTraceContaining("column 'v': found NULL");
                assertThat(everything(directory)).isEqualTo(before);
            }
        }
    }

    @Test
    void aValueIsTheNameOfADirectoryIfThatIsShortEnough() throws IOException {
        for (String value : List.of("repeat('x', 253)", "chr(0)")) {
            writer("(1, " + value + ") AS t(v, p)", "p").mode("overwrite").save(directory + "/x");
            assertThat(spark.read()
                            .format("memmap")
                            .load(directory + "/x")
                            .where("p = " + value)
                            .count())
                    .isEqualTo(1);
        }
        Map<String, List<Byte>> before = everything(directory);
        for (String target : List.of("x", "y")) {
            assertThatThrownBy(() -> writer("(1, repeat('x', 254)) AS t(v, p)", "p")
                            .mode("append")
                            .save(directory + "/" + target))
                    .hasStackTraceContaining("Cannot write " + directory + "/" + target + "/p=" + "x".repeat(254)
                            + ": its name has 256 bytes, expected at most 255 bytes");
            assertThat(everything(directory)).isEqualTo(before);
        }
    }

    @Test
    void saveModesAreThoseOfEveryWrite() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a') AS t(v, p)", "p").mode(SaveMode.Ignore).save(target.toString());
        writer("(2, 'b') AS t(v, p)", "p").mode(SaveMode.Ignore).save(target.toString());
        assertThatThrownBy(() -> writer("(2, 'b') AS t(v, p)", "p").save(target.toString()))
                .hasMessageContaining("it exists");
        assertThat(rows(target)).isEqualTo(Map.of("p=a", "[1]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            (1, 2) AS t(v, p) | x | P2 | Cannot write with partitionBy(P2): 'P2' is no column of the DataFrame, expected some of [v, p]
            (1, 2) AS t(v, p) | x | p,P | Cannot write with partitionBy(p, P): 'P' is given twice, expected distinct columns
            (1, 2) AS t(v, p) | x | p,v | Cannot write an array of no columns: the DataFrame has only [p, v], which partitionBy names, expected at least one with values
            (1, array(2)) AS t(v, p) | x | p | Cannot write with partitionBy(p): it is ARRAY<INT>, expected a number, BOOLEAN, DATE, TIMESTAMP or STRING; cast the column
            (1, X'02') AS t(v, p) | x | p | Cannot write with partitionBy(p): it is BINARY, expected a number, BOOLEAN, DATE, TIMESTAMP or STRING; cast the column
            (1, 2) AS t(v, p) | x.npy | p | Cannot write @/x.npy with partitionBy(p): it is one file, expected a directory; choose a name without a suffix, or set output=directory
            (INTERVAL '1' DAY, 2) AS t(v, p) | x | p | Cannot write @/x with partitionBy(p): the DataFrame has an interval column, which Spark saves another way; cast it to BIGINT
            """)
    void whatHasNoDirectoriesIsRefused(String values, String name, String columns, String message) throws IOException {
        assertThatThrownBy(() -> writer(values, columns.split(",")).save(directory + "/" + name))
                .hasMessage(message.replace("@", directory.toString()));
        assertThat(directory).isEmptyDirectory();
    }
}
