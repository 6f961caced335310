package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes with {@code partitionBy} leave directories named as Parquet names them, and one manifest. */
class PartitionedWriteTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    private DataFrameWriter<Row> writer(Dataset<Row> rows, String... columns) {
        return rows.write().format("memmap").partitionBy(columns);
    }

    private DataFrameWriter<Row> writer(String values, String... columns) {
        return writer(spark.sql("SELECT * FROM VALUES " + values), columns);
    }

    /** The rows of each directory of arrays, from its files in the order of their names. */
    private Map<String, String> rows(Path target) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (Path file : arrays(target)) {
            String own = String.join(
                    " ",
                    SavedFiles.read(spark, file).orderBy("_row").collectAsList().stream()
                            .map(Row::toString)
                            .toList());
            rows.merge(
                    target.relativize(file.getParent()).toString(), own, (one, other) -> (one + " " + other).strip());
        }
        return rows;
    }

    private static List<Path> arrays(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-")
                            && !file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> directories(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> Files.isDirectory(file) && !file.equals(target))
                    .map(file -> target.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> listed(Path target) throws IOException {
        List<String> listed = new ArrayList<>();
        new ObjectMapper()
                .readTree(target.resolve("_memmap.json").toFile())
                .get("shards")
                .forEach(shard -> listed.add(shard.get("name").asText()));
        listed.sort(null);
        return listed;
    }

    private static List<String> paths(Path target) throws IOException {
        return arrays(target).stream()
                .map(file -> target.relativize(file).toString())
                .toList();
    }

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
        spark.sql("SELECT 1 AS v, 2 AS q").write().format("memmap").save(directory + "/flat");
        assertThatThrownBy(() -> writer("(1, 2) AS t(v, q)", "q").mode("append").save(directory + "/flat"))
                .hasMessageContaining("with partitionBy(q): it is not partitioned, expected no partitionBy");
        before.keySet().forEach(path -> assertThat(directory.resolve(path)).exists());
        assertThat(rows(Path.of(target))).isEqualTo(Map.of("p=a", "[1,2]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"static", "dynamic", "conf"})
    void anOverwriteReplacesAllRowsOrThoseOfItsPartitions(String mode) throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a', 1), (2, 'a', 2), (3, 'b', 1) AS t(v, p, q)", "p", "q").save(target.toString());
        Files.writeString(target.resolve("p=b/q=1/notes.txt"), "not an array");
        if (mode.equals("conf")) {
            spark.conf().set("spark.sql.sources.partitionOverwriteMode", "DYNAMIC");
        }
        DataFrameWriter<Row> writer =
                writer("(4, 'a', 2), (5, 'c', 1) AS t(v, p, q)", "p", "q").mode("overwrite");
        if (!mode.equals("conf")) {
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

    @Test
    void aLinkIsNoDirectoryOfTheArray() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a'), (2, 'b') AS t(v, p)", "p").save(target.toString());
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.move(target.resolve("p=a"), outside.resolve("p=a"));
        Files.createSymbolicLink(target.resolve("p=a"), outside.resolve("p=a"));
        Map<String, List<Byte>> before = everything(directory);
        for (String mode : List.of("append", "overwrite")) {
            assertThatThrownBy(
                            () -> writer("(3, 'a') AS t(v, p)", "p").mode(mode).save(target.toString()))
                    .hasStackTraceContaining(
                            mode.equals("append")
                                    ? "Cannot read file:" + target + ": its manifest _memmap.json lists p=a, which is a"
                                            + " link, expected none, as what it leads to is no part of the array"
                                    : "Cannot write to " + target + ": " + target + "/p=a is a link, expected a"
                                            + " directory, as what a link leads to may be another array's; replace it by the"
                                            + " directory");
            assertThat(everything(directory)).isEqualTo(before);
        }
    }

    @Test
    void aManifestThatNamesWhatIsNotBelowItsDirectoryIsRefused() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a'), (2, 'b') AS t(v, p)", "p").save(target.toString());
        Path manifest = target.resolve("_memmap.json");
        String text = Files.readString(manifest);
        String first = listed(target).get(0);
        for (String planted : List.of(
                "../x/" + first,
                "/" + first,
                target + "/" + first,
                "./" + first,
                "p=a/../" + first,
                first.replace("/", "//"),
                first.replace("/", "/./"),
                first.replace("/", "/.hidden/"),
                first.replace("part", "part\\\\"))) {
            Files.writeString(manifest, text.replace(first, planted));
            assertThatThrownBy(() -> SavedFiles.read(spark, target))
                    .hasMessageStartingWith("Cannot read file:" + manifest + ": ")
                    .hasMessageContaining("Cannot list shard '")
                    .hasMessageEndingWith("expected a path of plain names that begin with neither _ nor .");
        }
        Files.writeString(manifest, text.replace("\"version\": 2", "\"version\": 1"));
        assertThatThrownBy(() -> SavedFiles.read(spark, target))
                .hasMessageContaining("': expected a plain file name in version 1");
        Files.writeString(manifest, text.replace(listed(target).get(1), first));
        assertThatThrownBy(() -> SavedFiles.read(spark, target)).hasMessageContaining("listed twice");
        Files.writeString(manifest, text);
        Path outside = Files.move(target.resolve(first), directory.resolve("outside.npy"));
        Files.createSymbolicLink(target.resolve(first), outside);
        assertThatThrownBy(() -> SavedFiles.read(spark, target))
                .hasMessageContaining("its manifest _memmap.json lists " + first + ", which is a link, expected none");
    }

    @Test
    void whatIsNotListedIsCounted() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a', 1), (2, 'b', 1) AS t(v, p, q)", "p", "q").save(target.toString());
        Path listed = arrays(target).get(0);
        for (String other : List.of("", "p=a/", "p=a/q=1/", "p=a/q=2/", "p=c/q=1/")) {
            Files.createDirectories(target.resolve(other));
            Files.copy(listed, target.resolve(other + "copy.npy"));
        }
        Files.writeString(target.resolve("p=a/q=1/readme.txt"), "");
        Files.writeString(target.resolve("p=a/q=1/_hidden.npy"), "");
        Dataset<Row> read = SavedFiles.read(spark, target);
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.queryExecution().executedPlan().toString()).contains("6 other files ignored");
        assertThat(new SqlSession(directory)
                        .sql("DESCRIBE EXTENDED memmap.`@/x`")
                        .toString())
                .contains("ignoredFiles=6");
    }

    /** Directories that were saved one by one, with manifests of their own, before a table of all was written to. */
    @Test
    void aPartitionAloneIsWhatTheTableHasOfIt() {
        Path target = directory.resolve("x");
        for (String name : List.of("p=a", "p=b")) {
            spark.sql("SELECT 1 AS value").write().format("memmap").save(target + "/" + name);
        }
        writer("(2, 'a'), (3, 'c') AS t(value, p)", "p").mode(SaveMode.Append).save(target.toString());
        assertThat(sum(target)).isEqualTo(7);
        assertThat(sum(target.resolve("p=a"))).isEqualTo(3);
        writer("(5, 'a') AS t(value, p)", "p")
                .mode(SaveMode.Overwrite)
                .option("partitionOverwriteMode", "dynamic")
                .save(target.toString());
        assertThat(sum(target.resolve("p=a"))).isEqualTo(5);
        assertThat(sum(target.resolve("p=b"))).isEqualTo(1);
        assertThat(sum(target)).isEqualTo(9);
    }

    private long sum(Path path) {
        return SavedFiles.read(spark, path).selectExpr("sum(value)").first().getLong(0);
    }

    @Test
    void aPartitionIsNotWrittenToAlone() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'a'), (2, 'b') AS t(v, p)", "p").save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        for (String name : List.of("p=a", "p=new")) {
            for (String mode : List.of("append", "overwrite")) {
                assertThatThrownBy(() -> spark.sql("SELECT 3 AS v")
                                .write()
                                .format("memmap")
                                .mode(mode)
                                .save(target + "/" + name))
                        .hasMessageContaining("Cannot write to " + target + "/" + name + ": " + target
                                + " lists the files of its table, expected a directory of its own; write to the table");
            }
        }
        SqlSession session = new SqlSession(directory);
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/x/p=a` PURGE"))
                .hasStackTraceContaining("lists the files of its table");
        assertThatThrownBy(() ->
                        session.sql("INSERT INTO memmap.`" + arrays(target).get(0) + "` VALUES (5)"))
                .hasStackTraceContaining(target + " lists it with its number of rows, expected a file of its own");
        assertThat(everything(directory)).isEqualTo(before);
    }

    @Test
    void aReaderBesideOverwritesSeesTheRowsOfOne() throws Exception {
        Path target = directory.resolve("x");
        Dataset<Row> rows = spark.range(0, 12, 1, 1).selectExpr("id % 4 AS p");
        writer(rows.selectExpr("p", "0L AS v"), "p").save(target.toString());
        CompletableFuture<Void> writes = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= 6; i++) {
                writer(rows.selectExpr("p", i + "L AS v"), "p")
                        .mode("overwrite")
                        .option("partitionOverwriteMode", i % 2 == 0 ? "static" : "dynamic")
                        .save(target.toString());
            }
        });
        int seen = 0;
        while (!writes.isDone()) {
            try {
                List<Row> found =
                        SavedFiles.read(spark, target).groupBy("v").count().collectAsList();
                assertThat(found).hasSize(1);
                assertThat(found.get(0).getLong(1)).isEqualTo(12);
                seen++;
            } catch (Exception e) {
                // It had planned to read files that an overwrite has removed.
                assertThat(e).hasStackTraceContaining(target + "/p=");
            }
        }
        writes.join();
        assertThat(seen).isPositive();
        assertThat(SavedFiles.read(spark, target).selectExpr("sum(v)").head().getLong(0))
                .isEqualTo(72);
        assertThat(paths(target)).isEqualTo(listed(target));
    }

    private List<String> read(Path path, String... columns) {
        return SavedFiles.read(spark, path).selectExpr(columns).orderBy("_row").collectAsList().stream()
                .map(Row::toString)
                .toList();
    }

    @Test
    void theTableIsReadAsTheManifestListsIt() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, DATE'2026-01-10', 'a'), (2, DATE'2026-01-09', 'b'), (3, NULL, 'a') AS t(v, date, p)", "date", "p")
                .save(target.toString());
        writer("(4, DATE'2026-01-09', 'b'), (5, DATE'2026-01-11', 'a') AS t(v, date, p)", "date", "p")
                .mode("append")
                .save(target.toString());
        assertThat(SavedFiles.read(spark, target).schema().simpleString())
                .isEqualTo("struct<v:int,date:date,p:string>");
        List<String> rows =
                List.of("[2,2026-01-09,b]", "[4,2026-01-09,b]", "[1,2026-01-10,a]", "[5,2026-01-11,a]", "[3,null,a]");
        assertThat(read(target, "*", "_row"))
                .extracting(row -> row.replaceAll(",\\d+]$", "]"))
                .containsExactlyInAnyOrderElementsOf(rows);
        // What is not listed is not there.
        Path listed = arrays(target.resolve("date=2026-01-10")).get(0);
        Files.copy(listed, listed.resolveSibling("copy.npy"));
        Files.copy(
                listed,
                Files.createDirectories(target.resolve("date=2026-01-12/p=a")).resolve("copy.npy"));
        assertThat(SavedFiles.read(spark, target).count()).isEqualTo(5);
        assertThat(SavedFiles.read(spark, target)
                        .where("date = '2026-01-09'")
                        .selectExpr("sum(v)")
                        .head()
                        .getLong(0))
                .isEqualTo(6);
        assertThat(SavedFiles.read(spark, target.resolve("date=2026-01-09"))
                        .orderBy("v")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[2,b]", "[4,b]");
        assertThat(SavedFiles.read(spark, target.resolve("date=2026-01-10/p=a")).collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1]");
        assertThatThrownBy(() -> SavedFiles.read(spark, target.resolve("date=2026-01-12")))
                .hasMessage("Cannot read file:" + target + "/date=2026-01-12/: the manifest file:" + target
                        + "/_memmap.json lists no file of it, expected at least one; read file:" + target);
        assertThat(spark.read()
                        .format("memmap")
                        .option("basePath", target.toString())
                        .load(target.resolve("date=2026-01-10").toString())
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1,2026-01-10,a]");
        Files.delete(listed);
        assertThatThrownBy(() -> SavedFiles.read(spark, target))
                .hasMessageContaining("its manifest _memmap.json lists date=2026-01-10/p=a/" + listed.getFileName()
                        + ", which is not there, expected all of its 5 shards");
    }

    @Test
    void directoriesThatAnotherProgramFilledAreAppendedTo() throws IOException {
        Path target = directory.resolve("x");
        Npy.of("'<i4'", "(2,)").write(target.resolve("k=1/a.npy"), new byte[8]);
        Npy.of("'<i4'", "(1,)").write(target.resolve("k=2/b.npy"), new byte[4]);
        writer("(7, 2), (8, 3) AS t(value, k)", "k").mode("append").save(target.toString());
        assertThat(SavedFiles.read(spark, target).orderBy("k", "value").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[0,1]", "[0,1]", "[0,2]", "[7,2]", "[8,3]");
        writer("(9, 1) AS t(value, k)", "k")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(target.toString());
        assertThat(target.resolve("k=1/a.npy")).doesNotExist();
        assertThat(target.resolve("k=2/b.npy")).exists();
        assertThat(SavedFiles.read(spark, target)
                        .where("k < 3")
                        .orderBy("k", "value")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[9,1]", "[0,2]", "[7,2]");
    }

    @Test
    void statementsFillTheDirectoriesOfATable() throws IOException {
        SqlSession session = new SqlSession(directory);
        Path target = directory.resolve("x");
        writer("(1, 'a') AS t(v, p)", "p").save(target.toString());
        session.sql("INSERT INTO memmap.`@/x` VALUES (2, 'b'), (3, 'a')");
        session.sql("INSERT INTO memmap.`@/x` (p, v) VALUES ('c', 4)");
        assertThat(rows(target)).isEqualTo(Map.of("p=a", "[1] [3]", "p=b", "[2]", "p=c", "[4]"));
        session.sql("INSERT OVERWRITE memmap.`@/x` SELECT v + 10, p FROM memmap.`@/x` WHERE v > 2");
        assertThat(rows(target)).isEqualTo(Map.of("p=a", "[13]", "p=c", "[14]"));
        assertThat(session.sql("SELECT p, v FROM memmap.`@/x` ORDER BY p").toString())
                .isEqualTo("[[a,13], [c,14]]");
    }

    @Test
    void aCachedTableSeesWhatIsWritten() {
        Path target = directory.resolve("x");
        writer("(1, 'a') AS t(v, p)", "p").save(target.toString());
        Dataset<Row> cached = SavedFiles.read(spark, target).cache();
        assertThat(cached.count()).isEqualTo(1);
        writer("(2, 'a') AS t(v, p)", "p").mode("append").save(target.toString());
        assertThat(cached.select("v").count()).isEqualTo(2);
        cached.unpersist();
    }

    @Test
    void theTextOfAPartitionHasNoWidth() throws IOException {
        Path target = directory.resolve("x");
        writer("(1, 'ab', 'a long name'), (2, 'abc', 'b') AS t(v, name, p)", "p")
                .save(target.toString());
        assertThat(Files.readString(target.resolve("_memmap.json")))
                .contains("[[\"v\", \"<i4\"], [\"name\", \"<U3\"]]");
        writer("(3, 'd', 'b') AS t(v, name, p)", "p")
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .save(target.toString());
        assertThat(rows(target)).isEqualTo(Map.of("p=a long name", "[1,ab]", "p=b", "[3,d]"));
    }

    @Test
    void aDropRemovesTheDirectoriesToo() throws IOException {
        SqlSession session = new SqlSession(directory);
        writer("(1, 'a', 1), (2, 'a', 2), (3, 'b', 1) AS t(v, p, q)", "p", "q").save(directory + "/x");
        Files.writeString(directory.resolve("x/p=b/notes.txt"), "not an array");
        session.sql("DROP TABLE memmap.`@/x` PURGE");
        assertThat(everything(directory).keySet()).containsExactly("", "x", "x/p=b", "x/p=b/notes.txt");
    }
}
