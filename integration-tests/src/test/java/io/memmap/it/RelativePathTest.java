package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that start in the current folder, where these tests put files of names that nobody else has. */
class RelativePathTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    private final String lab = "lab" + UUID.randomUUID();

    @BeforeEach
    void writeFiles() throws IOException {
        for (int i = 1; i <= 11; i += 5) {
            save(i, HERE + "/" + lab + i + ".npy", SaveMode.ErrorIfExists);
        }
        Files.createDirectory(HERE.resolve(lab));
        save(3, HERE + "/" + lab + "/x.npy", SaveMode.ErrorIfExists);
    }

    @AfterEach
    void removeFiles() throws IOException {
        Files.deleteIfExists(HERE.resolve(lab).resolve("x.npy"));
        Files.deleteIfExists(HERE.resolve(lab));
        for (int i = 1; i <= 11; i += 5) {
            Files.deleteIfExists(HERE.resolve(lab + i + ".npy"));
        }
    }

    private static void save(long rows, String path, SaveMode mode) {
        SharedSpark.session().range(rows).write().format("memmap").mode(mode).save(path);
    }

    private static Dataset<Row> load(String... paths) {
        return SharedSpark.session().read().format("memmap").load(paths);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LAB*.npy",
                "./LAB*.npy",
                "LAB{1,6,11}.npy",
                "file:HERE/LAB*.npy",
                "HERE/LAB*.npy",
                "../NAME/LAB*.npy"
            })
    void aPatternIsSoughtInTheCurrentFolder(String pattern) {
        String path = pattern.replace("LAB", lab)
                .replace("HERE", HERE.toString())
                .replace("NAME", HERE.getFileName().toString());
        Dataset<Row> read = load(path);
        assertThat(read.count()).isEqualTo(1 + 6 + 11);
        assertThat(read.selectExpr("_file").distinct().as(Encoders.STRING()).collectAsList())
                .containsExactlyInAnyOrder(
                        "file:" + HERE + "/" + lab + "1.npy",
                        "file:" + HERE + "/" + lab + "6.npy",
                        "file:" + HERE + "/" + lab + "11.npy");
    }

    @Test
    void aPatternMayNameFoldersBelow() {
        assertThat(load(lab + "*/x.npy").count()).isEqualTo(3);
        assertThat(load(lab + "/*.npy").count()).isEqualTo(3);
        assertThat(load(lab + "/*").count()).isEqualTo(3);
        assertThat(load(lab + "6.npy", lab + "*/x.npy", lab).count()).isEqualTo(6 + 3 + 3);
    }

    @Test
    void sqlTakesPatternsToo() {
        SqlSession session = new SqlSession(HERE);
        assertThat(session.value("SELECT count(*) FROM memmap.`" + lab + "*.npy`"))
                .isEqualTo(18L);
        assertThat(session.value("SELECT count(*) FROM memmap.`./" + lab + "[16].npy`"))
                .isEqualTo(7L);
    }

    @Test
    void errorsNameTheWholePath() {
        assertThatThrownBy(() -> load(lab + "2.npy"))
                .hasStackTraceContaining("Cannot read " + HERE + "/" + lab + "2.npy: no such file or directory");
        assertThatThrownBy(() -> load("./" + lab + "x*.npy"))
                .hasStackTraceContaining("Cannot read " + HERE + "/" + lab + "x*.npy: no file matches the pattern");
    }

    @Test
    void anErrorOfASaveModeNamesTheWholePath() {
        String file = lab + "1.npy";
        assertThatThrownBy(() -> save(1, file, SaveMode.ErrorIfExists))
                .hasMessageStartingWith(
                        "Cannot write file:" + HERE + "/" + file + ": it exists, expected nothing there");
    }
}
