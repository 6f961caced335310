package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.LeftChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays whose file and sidecar are replaced or dropped, as writers and killed writers leave them. */
class SidecarTransitTest {
    private static final String I2 = "{\"dtype\": \"<i2\"}";
    private static final String NAMED = "{\"dtype\": \"<i8\", \"columnNames\": [\"id\"]}";

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path raw;
    private Path npy;

    @BeforeEach
    void createArrays() throws IOException {
        session = new SqlSession(directory);
        raw = Files.write(directory.resolve("x.dat"), new byte[] {1, 0, 2, 0, 3, 0, 4, 0});
        Files.writeString(sidecar(raw), I2);
        npy = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        Files.writeString(sidecar(npy), NAMED);
    }

    private static Path sidecar(Path file) {
        return Path.of(file + ".memmap.json");
    }

    private String rows(Path file) {
        List<Row> rows = SavedFiles.read(session.spark(), file).drop("_row").collectAsList();
        return rows.get(0).schema().fieldNames()[0] + rows;
    }

    private void overwrite(Path file, long... values) {
        save("overwrite", file, values);
    }

    private void save(String mode, Path file, long... values) {
        session.spark()
                .range(values[0], values[values.length - 1] + 1, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode(mode)
                .save(file.toString());
    }

    private Path newNpy() throws IOException {
        Path other = Npy.of("'<i8'", "(3,)").write(directory.resolve("other/new.npy"), Npy.i8(5, 6, 7));
        return LeftChange.replacement(npy, Files.readAllBytes(other), Optional.empty());
    }

    @Test
    void aRawFileAndItsSidecarChangeInOneStep() throws IOException {
        Path staged = LeftChange.replacement(raw, Npy.i8(5, 6), Optional.of(NAMED));
        assertThat(rows(raw)).isEqualTo("value[[1], [2], [3], [4]]");
        Files.move(staged, raw, StandardCopyOption.REPLACE_EXISTING);
        Map<String, List<Byte>> before = everything(directory);
        assertThat(rows(raw)).isEqualTo("id[[5], [6]]");
        assertThat(everything(directory)).isEqualTo(before);
    }

    /** Killed between the rename and the deletion of the old sidecar. */
    @Test
    void anNpyFileIsNotReadWithTheSidecarOfTheOldOne() throws IOException {
        Path staged = newNpy();
        assertThat(rows(npy)).isEqualTo("id[[1], [2]]");
        Files.move(staged, npy, StandardCopyOption.REPLACE_EXISTING);
        assertThat(rows(npy)).isEqualTo("value[[5], [6], [7]]");
        save("append", npy, 8);
        assertThat(readLongs(session.spark(), npy)).containsExactly(5, 6, 7, 8);
        assertThat(names(directory)).containsExactly("other", "x.dat", "x.dat.memmap.json", "x.npy");
    }

    @Test
    void theNextWriteEndsWhatWasNotCommitted() throws IOException {
        LeftChange.replacement(raw, Npy.i8(5, 6), Optional.of(NAMED));
        save("append", raw, 5);
        assertThat(rows(raw)).isEqualTo("value[[1], [2], [3], [4], [5]]");
        assertThat(sidecar(raw)).hasContent(I2);
    }

    @Test
    void aFileOfOthersIsNotReadWithEitherSidecar() throws IOException {
        LeftChange.replacement(raw, Npy.i8(5, 6), Optional.of(NAMED));
        Files.write(raw, Npy.i8(7, 8, 9));
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> rows(raw))
                .hasStackTraceContaining("Cannot read file:" + raw + ": its sidecar file:" + sidecar(raw)
                        + " was left by a write that did not end, and describes other files than this one, found ino=")
                .hasStackTraceContaining("remove the sidecar or write it anew, or set sidecar=ignore");
        assertThatThrownBy(() -> save("append", raw, 1)).hasStackTraceContaining("describes other files than this one");
        assertThat(everything(directory)).isEqualTo(before);
        Files.writeString(sidecar(raw), NAMED);
        assertThat(rows(raw)).isEqualTo("id[[7], [8], [9]]");
    }

    @Test
    void aFileOfOthersIsOverwritten() throws IOException {
        LeftChange.replacement(raw, Npy.i8(5, 6), Optional.of(NAMED));
        Files.write(raw, Npy.i8(7, 8, 9));
        overwrite(raw, 3, 4);
        assertThat(rows(raw)).isEqualTo("value[[3], [4]]");
        assertThat(sidecar(raw)).content().doesNotContain("inTransit");
    }

    /** A finished sidecar holds no identity of a file. */
    @Test
    void copiesOfWrittenArraysAreArrays() throws IOException {
        overwrite(raw, 3, 4);
        Path copy = Files.copy(raw, directory.resolve("copy.dat"));
        Files.copy(sidecar(raw), sidecar(copy));
        assertThat(rows(copy)).isEqualTo("value[[3], [4]]");
        overwrite(npy, 3, 4);
        assertThat(names(directory))
                .containsExactly("copy.dat", "copy.dat.memmap.json", "x.dat", "x.dat.memmap.json", "x.npy");
    }

    /** Killed between the deletion of the file and that of its sidecar. */
    @Test
    void whatADroppedFileLeavesBelongsToNoOtherOne() throws IOException {
        newNpy();
        Files.delete(npy);
        assertThatThrownBy(() -> rows(npy)).hasStackTraceContaining("no such file or directory");
        session.sql("DROP TABLE IF EXISTS memmap.`@/x.npy` PURGE");
        Npy.of("'<f8'", "(1,)").write(npy, Npy.f8(0.5));
        assertThatThrownBy(() -> rows(npy)).hasStackTraceContaining("describes other files than this one");
        session.sql("DROP TABLE memmap.`@/x.dat` PURGE");
        assertThat(names(directory)).doesNotContain("x.dat", "x.dat.memmap.json");
        Files.delete(npy);
        overwrite(npy, 3, 4);
        assertThat(rows(npy)).isEqualTo("value[[3], [4]]");
        assertThat(names(directory)).containsExactly("other", "x.npy");
    }

    /** The data of a link is where it leads to, and so is its sidecar. */
    @Test
    void aWriteThroughALinkIsReadThroughIt() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real")).resolve("x.dat");
        Files.move(raw, real);
        Files.move(sidecar(raw), sidecar(real));
        Files.createSymbolicLink(raw, Path.of("real/x.dat"));
        assertThat(rows(raw)).isEqualTo("value[[1], [2], [3], [4]]");
        overwrite(raw, 3, 4);
        save("append", raw, 5);
        for (Path path : List.of(raw, real)) {
            assertThat(rows(path)).isEqualTo("value[[3], [4], [5]]");
        }
        assertThat(raw).isSymbolicLink();
        assertThat(names(directory)).containsExactly("real", "x.dat", "x.npy", "x.npy.memmap.json");
        assertThat(names(real.getParent())).containsExactly("x.dat", "x.dat.memmap.json");
        Files.writeString(sidecar(raw), I2);
        assertThatThrownBy(() -> overwrite(raw, 3, 4))
                .hasStackTraceContaining("beside the link would go on describing the old array; move it to ");
        assertThat(readLongs(session.spark(), real)).containsExactly(3, 4, 5);
    }

    @Test
    void anAppendLeavesASidecarAloneThatDoesNotTellTheRows() throws IOException {
        Path sidecar = Files.writeString(directory.resolve("x.npy.memmap.json"), "{ \"dtype\" : \"<i8\" }");
        session.sql("INSERT INTO memmap.`@/x.npy` VALUES (3L)");
        assertThat(sidecar).hasContent("{ \"dtype\" : \"<i8\" }");
        assertThat(SavedFiles.readLongs(session.spark(), npy)).containsExactly(1, 2, 3);
    }
}
