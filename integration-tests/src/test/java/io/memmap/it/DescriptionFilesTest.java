package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Something beside an array that has the name of its sidecar or manifest, and is none. */
@Timeout(120)
class DescriptionFilesTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void write() throws IOException {
        Npy.doubles(directory.resolve("1.npy"), 1, 2);
    }

    /** A file of this length of zeros, a directory with a file in it, a FIFO, or a link to an endless device. */
    private Path make(String name, String kind) throws IOException, InterruptedException {
        Path path = directory.resolve(name);
        switch (kind) {
            case "directory" -> Files.writeString(Files.createDirectory(path).resolve("mine"), "all my work");
            case "link" -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
            case "fifo" -> {
                OtherProcess.assume();
                OtherProcess.run("mkfifo \"$0\"", path);
            }
            default -> {
                try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                    sparse.setLength(Long.parseLong(kind));
                }
            }
        }
        return path;
    }

    private DataFrameWriter<Row> rows(String mode) {
        return spark.sql("SELECT 3D AS value").write().format("memmap").mode(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "1.npy.memmap.json, 16777217, 'it has 16777217 bytes, expected at most 16777216'",
        "1.npy.memmap.json, 3221225472, 'it has 3221225472 bytes, expected at most 16777216'",
        "1.npy.memmap.json, directory, 'it is a directory, expected a regular file'",
        "1.npy.memmap.json, fifo, 'it is a FIFO, device or socket, expected a regular file'",
        "1.npy.memmap.json, link, 'it is a FIFO, device or socket, expected a regular file'",
        "_memmap.json, 268435457, 'it has 268435457 bytes, expected at most 268435456'",
        "_memmap.json, 3221225472, 'it has 3221225472 bytes, expected at most 268435456'",
        "_memmap.json, 200000000, 'it is no JSON; found a value of more than 16777216 characters at character 0'",
        "_memmap.json, directory, 'it is a directory, expected a regular file'",
        "_memmap.json, fifo, 'it is a FIFO, device or socket, expected a regular file'",
        "_memmap.json, link, 'it is a FIFO, device or socket, expected a regular file'"
    })
    void isRefusedAndLeftAlone(String name, String kind, String message) throws IOException, InterruptedException {
        Path description = make(name, kind);
        boolean sidecar = name.endsWith(".memmap.json");
        boolean replaceable = Character.isDigit(kind.charAt(0));
        Path target = sidecar ? directory.resolve("1.npy") : directory;
        for (Path path : sidecar ? new Path[] {target, directory} : new Path[] {directory}) {
            assertThatThrownBy(() ->
                            spark.read().format("memmap").load(path.toString()).count())
                    .message()
                    .contains(description.toString(), message);
        }
        for (String mode : replaceable ? new String[] {"append"} : new String[] {"append", "overwrite"}) {
            assertThatThrownBy(() -> rows(mode).save(target.toString()))
                    .message()
                    .contains(description.toString(), message);
        }
        if (!replaceable) {
            assertThat(Files.exists(description)).isTrue();
            assertThat(Files.isRegularFile(description)).isFalse();
        }
        assertThat(SavedFiles.npyLongs(directory.resolve("1.npy")))
                .containsExactly(Double.doubleToLongBits(1), Double.doubleToLongBits(2));
        if (sidecar) {
            assertThat(spark.read()
                            .format("memmap")
                            .options(Map.of("sidecar", "ignore"))
                            .load(target.toString())
                            .count())
                    .isEqualTo(2);
        }
    }
}
