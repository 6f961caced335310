package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As many axes, and axes as long, as an array can have. */
class LargeShapesTest {

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private long count(Map<String, String> options, Path path) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(path.toString())
                .count();
    }

    private void assertRefused(Map<String, String> options, Path path, String problem) {
        assertThatThrownBy(() -> count(options, path)).message().contains("Cannot read file:" + path, problem);
    }

    private void save(String row, Path path) {
        spark.sql("SELECT " + row + " AS v")
                .write()
                .format("memmap")
                .mode("append")
                .save(path.toString());
    }

    private static String arrays(int axes) {
        return "array(".repeat(axes) + "1.5D" + ")".repeat(axes);
    }

    /** NumPy's limit. */
    @Test
    void reads64AxesAndNoMore() throws IOException {
        String ones = "1, ".repeat(63);
        Path npy = Npy.of("'<f8'", "(" + ones + "1)").write(directory.resolve("x.npy"), Npy.f8(1.5));
        assertThat(count(Map.of("layout", "array"), npy)).isEqualTo(1);
        assertThat(count(Map.of("layout", "elements"), npy)).isEqualTo(1);
        assertRefused(
                Map.of(),
                Npy.of("'<f8'", "(" + ones + "1, 1)").write(directory.resolve("y.npy"), Npy.f8(1.5)),
                "its header has a shape of 65 dimensions, expected at most 64");
        Path raw = Files.write(directory.resolve("x.dat"), Npy.f8(1.5));
        assertThat(count(Map.of("dtype", "<f8", "shape", ones + "1"), raw)).isEqualTo(1);
        assertRefused(
                Map.of("dtype", "('<f8', (" + "1, ".repeat(40) + "))", "shape", "1, ".repeat(39) + "1"),
                raw,
                "shape and dtype have 80 axes, expected at most 64");
    }

    /** One axis is that of the rows. */
    @Test
    void writesArraysOf63AxesAndNoMore() {
        Path file = directory.resolve("w.npy");
        for (int rows = 1; rows <= 2; rows++) {
            save(arrays(63), file);
            assertThat(count(Map.of(), file)).isEqualTo(rows);
        }
        for (String name : new String[] {"z.npy", "z.dat", "z"}) {
            for (int axes : new int[] {64, 65}) {
                assertThatThrownBy(() -> save(arrays(axes), directory.resolve(name)))
                        .hasMessage("Cannot write column 'v': it has " + axes
                                + " ARRAYs inside each other, expected at most 63, as the rows are an axis too");
                assertThat(directory.resolve(name)).doesNotExist();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4294967296 | shape (1, 4294967296) of <f8",
                "4294967296, 4294967296 | rows of shape (4294967296, 4294967296) and dtype <f8 leave 64 bits",
                "0, 4294967296, 4294967296 | rows of shape (0, 4294967296, 4294967296) and dtype <f8 leave 64 bits",
                "9223372036854775807 | rows of shape (9223372036854775807,) and dtype <f8 leave 64 bits",
                "9223372036854775808 | found '9223372036854775808' at character 49, expected an integer from -2^63 to 2^63-1",
                "AXES | trailingShape has 64 axes, expected at most 63"
            })
    void refusesTrailingShapesThatNoFileHas(String trailing, String problem) throws IOException {
        Path listed = Files.createDirectory(directory.resolve("listed"));
        Files.write(listed.resolve("a.dat"), Npy.f8(1.5));
        Files.writeString(
                listed.resolve("_memmap.json"),
                "{\"version\": 1, \"dtype\": \"<f8\", \"trailingShape\": ["
                        + trailing.replace("AXES", "1, ".repeat(63) + "1")
                        + "], \"shards\": [{\"name\": \"a.dat\", \"rows\": 1}]}");
        assertRefused(Map.of(), listed, problem);
    }

    @Test
    void namesTheFileWhoseShapeLeaves64Bits() throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.f8(1.5));
        assertRefused(
                Map.of("dtype", "<f8", "shape", "9223372036854775807"),
                raw,
                "shape (9223372036854775807,) of <f8 from offset 0 leaves 64 bits, expected at most 2^63-1 bytes");
    }
}
