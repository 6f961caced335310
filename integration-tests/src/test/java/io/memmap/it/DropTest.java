package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DROP TABLE … PURGE, which deletes an array and nothing else. */
class DropTest extends SqlStatements {
    @Test
    void dropsOnlyWithPurge() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x.npy` AS SELECT id AS value FROM range(3)");
        session.sql("CREATE TABLE memmap.`@/x.dat` AS SELECT id AS value FROM range(3)");
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT id AS value FROM range(3)");
        Files.writeString(directory.resolve("x/notes.txt"), "mine");
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/x.npy`"))
                .hasMessageContaining("Cannot drop " + directory + "/x.npy")
                .hasMessageContaining("expected DROP TABLE ... PURGE, which deletes its files");
        assertThat(names(directory)).containsExactly("x", "x.dat", "x.dat.memmap.json", "x.npy");
        session.sql("DROP TABLE memmap.`@/x.npy` PURGE");
        session.sql("DROP TABLE memmap.`@/x.dat` PURGE");
        session.sql("DROP TABLE memmap.`@/x` PURGE");
        assertThat(names(directory)).containsExactly("x");
        assertThat(names(directory.resolve("x"))).containsExactly("notes.txt");
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/x` PURGE"))
                .hasMessageContaining("such as notes.txt");
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/none.npy` PURGE"))
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
        session.sql("DROP TABLE IF EXISTS memmap.`@/none.npy` PURGE");
    }

    /** A driver died while it deleted the files. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDropThatDidNotEndCanBeRepeated(boolean marked) throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT /*+ REPARTITION(3) */ id AS value FROM range(30)");
        Path manifest = directory.resolve("x/_memmap.json");
        String json = Files.readString(manifest);
        String shard = names(directory.resolve("x")).stream()
                .filter(name -> name.endsWith(".npy"))
                .findFirst()
                .orElseThrow();
        Files.delete(directory.resolve("x").resolve(shard));
        if (marked) {
            Files.writeString(manifest, json.replace("\"shards\"", "\"dropped\": true, \"shards\""));
        }
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x`"))
                .hasMessageContaining(
                        marked ? "the array was dropped, but not all of its files" : "which is not there");
        session.sql("DROP TABLE memmap.`@/x` PURGE");
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void whatADropLeftCanBeOverwritten() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT id AS value FROM range(30)");
        Path manifest = directory.resolve("x/_memmap.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"shards\"", "\"dropped\": true, \"shards\""));
        session.spark()
                .range(3)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode("overwrite")
                .save(directory + "/x");
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/x`")).isEqualTo(3L);
    }

    @Test
    void dropDeletesNoFileThatIsNoArray() throws IOException {
        Path thesis = Files.writeString(directory.resolve("thesis.txt"), "all my work");
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/thesis.txt` PURGE"))
                .hasStackTraceContaining("Cannot drop ")
                .hasStackTraceContaining("it is no array");
        assertThat(thesis).hasContent("all my work");
        assertThat(names(directory)).containsExactly("thesis.txt");
    }

    @Test
    void aManifestThatNamesADirectoryDeletesNothing() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT /*+ REPARTITION(2) */ id AS value FROM range(30)");
        Path shard = directory
                .resolve("x")
                .resolve(SavedFiles.shards(directory.resolve("x")).get(1));
        Files.delete(shard);
        assertDirectoryStays("x", Files.createDirectory(shard));
    }

    @Test
    void aDirectoryThatHasTheNameOfASidecarStays() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT id AS value FROM range(3)");
        String shard = SavedFiles.shards(directory.resolve("x")).get(0);
        assertDirectoryStays("x", Files.createDirectory(directory.resolve("x/" + shard + ".memmap.json")));
        session.sql("CREATE TABLE memmap.`@/y.npy` AS SELECT id AS value FROM range(3)");
        session = new SqlSession(directory);
        session.spark().conf().set("spark.sql.catalog.memmap.sidecar", "ignore");
        Path sidecar = Files.createDirectory(directory.resolve("y.npy.memmap.json"));
        assertStays("y.npy", sidecar, sidecar + ": it is a directory, expected a regular file");
    }

    @Test
    void aDirectoryThatHasTheNameOfAMarkStays() throws IOException {
        session.sql("CREATE TABLE memmap.`@/x` AS SELECT id AS value FROM range(3)");
        Files.delete(directory.resolve("x/_SUCCESS"));
        assertDirectoryStays("x", Files.createDirectory(directory.resolve("x/_SUCCESS")));
    }

    private void assertDirectoryStays(String table, Path found) throws IOException {
        assertStays(
                table,
                found,
                "Cannot drop " + directory.resolve(table) + ": " + found
                        + " is a directory, expected a file of the array; move it away");
    }

    private void assertStays(String table, Path found, String message) throws IOException {
        Files.writeString(found.resolve("notes.txt"), "mine");
        Map<String, List<Byte>> before = SavedFiles.everything(directory);
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/" + table + "` PURGE"))
                .hasStackTraceContaining(message);
        assertThat(SavedFiles.everything(directory)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "report.pdf, 'it is a PDF document, not an .npy file'",
        "odd.dat, '15 bytes from offset 0 are no whole number of rows of 8 bytes, expected 8 or 16'"
    })
    void aCatalogWithADTypeDropsWhatItCanRead(String name, String problem) throws IOException {
        session.spark().conf().set("spark.sql.catalog.memmap.dtype", "<i8");
        Path file = Files.write(
                directory.resolve(name),
                name.endsWith("pdf") ? "%PDF-1.7 12345678901234567".getBytes(StandardCharsets.US_ASCII) : new byte[15]);
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/" + name + "`"));
        assertThatThrownBy(() -> session.sql("DROP TABLE memmap.`@/" + name + "` PURGE"))
                .hasStackTraceContaining("Cannot drop " + file
                        + ": it is no array that can be written (Cannot read file:" + file + ": " + problem)
                .hasStackTraceContaining("), expected a .npy file or a raw one with its sidecar; remove it as a file");
        assertThat(file).exists();
        Files.write(directory.resolve("x.dat"), Npy.i8(1, 2));
        session.sql("DROP TABLE memmap.`@/x.dat` PURGE");
        assertThat(names(directory)).containsExactly(name);
    }
}
