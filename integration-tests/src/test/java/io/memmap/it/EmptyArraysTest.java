package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are arrays without elements: no bytes of a file stand for them, so a header of some bytes can have any number. */
class EmptyArraysTest {
    @TempDir
    private Path directory;

    private static Dataset<Row> read(Path file) {
        return SharedSpark.session().read().format("memmap").load(file.toString());
    }

    @Test
    void someAreRead() throws IOException {
        Path file = Npy.of("'<f8'", "(2, 1000, 3, 0)").write(directory.resolve("x.npy"), new byte[0]);
        assertThat(read(file)
                        .selectExpr("size(value)", "size(value[999])", "size(value[999][2])")
                        .collectAsList())
                .hasToString("[[1000,3,0], [1000,3,0]]");
        Path rows = Npy.of("'<f8'", "(3, 0, 1000000000)").write(directory.resolve("y.npy"), new byte[0]);
        assertThat(read(rows).selectExpr("size(value)").collectAsList()).hasToString("[[0], [0], [0]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(1, 100000000, 0)", "(3, 2000, 1000, 0, 5)", "(1, 4611686018427387, 4, 0)"})
    void manyInOneRowAreRefused(String shape) throws IOException {
        Path file = Npy.of("'<f8'", shape).write(directory.resolve("x.npy"), new byte[0]);
        String count = shape.startsWith("(3") ? "2000000" : shape.contains("46") ? "18446744073709548" : "100000000";
        assertThatThrownBy(() -> read(file))
                .hasMessage("Cannot read file:" + file + ": one row of shape " + shape + " is " + count
                        + " arrays of no elements, expected at most 1048576; use layout=elements, which has no rows of"
                        + " them");
        assertThat(SharedSpark.session()
                        .read()
                        .format("memmap")
                        .option("layout", "elements")
                        .load(file.toString())
                        .count())
                .isZero();
    }

    @Test
    void aFileOf16BytesIsRefused() throws IOException {
        byte[] idx = ByteBuffer.allocate(16)
                .putInt(0x0803)
                .putInt(1)
                .putInt(100_000_000)
                .putInt(0)
                .array();
        Path file = Files.write(directory.resolve("rep-idx3-ubyte"), idx);
        assertThatThrownBy(() -> read(file))
                .hasMessageStartingWith(
                        "Cannot read file:" + file + ": one row of shape (1, 100000000, 0) is 100000000");
    }
}
