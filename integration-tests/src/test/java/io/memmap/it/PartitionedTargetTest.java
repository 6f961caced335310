package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;

/** Only what the manifest of a partitioned table lists is read, appended to, replaced and dropped. */
class PartitionedTargetTest extends PartitionedWrites {

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
