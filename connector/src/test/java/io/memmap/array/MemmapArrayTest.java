package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the specification; writing, flushing and closing. */
class MemmapArrayTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void choosesAPath() throws IOException {
        path = directory.toRealPath().resolve("array.dat");
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void runsTheFirstProgramOfTheSpecification() throws IOException {
        try (MemmapArray a = MemmapArray.raw(path)
                .dtype("float64")
                .mode("w+")
                .shape(1000, 1000)
                .open()) {
            a.fill(0);
            a.flush();
        }
        assertThat(path).hasSize(8_000_000);
        try (MemmapArray a = MemmapArray.raw(path)
                .dtype("float64")
                .mode("r")
                .shape(1000, 1000)
                .open()) {
            assertThat(a.getDouble(0, 0)).isEqualTo(0.0);
        }

        Path missing = directory.resolve("missing.dat");
        assertThatThrownBy(() -> MemmapArray.raw(missing)
                        .dtype("float64")
                        .mode("r+")
                        .shape(10)
                        .open())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("Cannot open " + missing + ": no such file, expected an existing file for mode r+; mode w+"
                        + " creates one");

        Path single = directory.resolve("single.dat");
        try (MemmapArray a =
                MemmapArray.raw(single).dtype("int32").mode("w+").shape(1).open()) {
            a.putInt(42, 0);
            a.flush();
        }
        try (MemmapArray a =
                MemmapArray.raw(single).dtype("int32").mode("r").shape(1).open()) {
            assertThat(a.getInt(0)).isEqualTo(42);
        }
    }

    @Test
    void runsTheSecondProgramOfTheSpecification() throws IOException {
        try (MemmapArray a = MemmapArray.raw(path)
                .dtype("float64")
                .mode("w+")
                .shape(100, 100)
                .open()) {
            a.fill(0);
            a.flush();
            assertThat(a.sum()).isEqualTo(0.0);
            a.slice("10:15, 10:15").fill(5.5);
            a.flush();
            assertThat(a.sum()).isEqualTo(137.5);
        }
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("float64").mode("r").shape(100, 100).open()) {
            assertThat(a.getDouble(12, 12)).isEqualTo(5.5);
            assertThat(a.sum()).isEqualTo(137.5);
        }
    }

    @Test
    void keepsCopyOnWriteToItself() throws IOException {
        Files.write(path, bytes(1, 2, 3));
        try (MemmapArray a = MemmapArray.raw(path).mode("c").open()) {
            a.putInt(9, 1);
            a.slice("2:").fill(8);
            a.flush();
            assertThat(a.toBytes()).containsExactly(1, 9, 8);
            assertThat(path).hasBinaryContent(bytes(1, 2, 3));
        }
        assertThat(path).hasBinaryContent(bytes(1, 2, 3));
    }

    @Test
    void refusesToWriteInReadOnlyMode() throws IOException {
        Files.write(path, bytes(1, 2, 3));
        String message = "Cannot write " + path + ": opened in mode r, expected r+, w+ or c";
        try (MemmapArray a = MemmapArray.raw(path).mode("r").open()) {
            assertThatThrownBy(() -> a.putInt(1, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> a.fill(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> a.slice("1:").copyFrom(new int[2]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            a.flush();
        }
    }

    @Test
    void flushesRowsOfAnyOrder() throws IOException {
        for (Order order : Order.values()) {
            try (MemmapArray a = MemmapArray.raw(path)
                    .dtype("<i2")
                    .mode("w+")
                    .shape(300, 40)
                    .order(order)
                    .open()) {
                a.slice("100:103").fill(7);
                a.flush(100, 103);
                a.flush(0, 0);
                a.slice("::-1, 3").flush(10, 20);
                assertThatThrownBy(() -> a.flush(10, 301))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessage("Cannot flush rows 10 to 301: expected a range within 0 to 300");
                assertThat(a.sumLong()).isEqualTo(3 * 40 * 7);
            }
        }
    }

    @Test
    void mapsNothingOfAnArrayWithoutElements() throws IOException {
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("<f8").mode("w+").shape(3, 0).open()) {
            assertThat(Mapping.liveCount()).isZero();
            assertThat(a.size()).isZero();
            a.fill(1.0);
            a.copyTo(new double[0]);
            a.flush();
            a.flush(0, 3);
            assertThat(a.sum()).isZero();
            assertThat(a.transpose().shape()).isEqualTo(Shape.of(0, 3));
        }
        assertThat(path).isEmptyFile();
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("<f8").mode("r").shape(0).open()) {
            assertThat(a.mean()).isNaN();
        }
    }

    @Test
    void holdsASingleElementInAZeroDimensionalArray() throws IOException {
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("<f8").mode("w+").shape().open()) {
            a.putDouble(2.5);
            assertThat(a.getDouble()).isEqualTo(2.5);
            assertThat(a.ndim()).isZero();
            assertThat(a.sum()).isEqualTo(2.5);
            assertThat(a.slice("...").getDouble()).isEqualTo(2.5);
            a.flush(0, 1);
        }
        assertThat(path).hasSize(8);
    }

    @Test
    void saysThatItIsClosed() throws IOException {
        Files.write(path, new byte[16]);
        MemmapArray a = MemmapArray.raw(path).dtype("<f8").open();
        MemmapArray view = a.slice("1:");
        view.close();
        assertThat(view.getDouble(0)).isZero();
        a.close();
        a.close();
        String message = "Already closed: " + path;
        assertThatThrownBy(() -> a.getDouble(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.getDouble(9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> view.getLong(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> view.putDouble(1, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> view.sum())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> view.fill(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.copyTo(new double[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.slice("1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.transpose())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.toBytes())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.flush())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> a.flush(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    @Test
    void sharesWhatIsPutWithOtherMappingsOfTheFile() throws IOException {
        Files.write(path, new byte[4]);
        try (MemmapArray a = MemmapArray.raw(path).open();
                MemmapArray b = MemmapArray.raw(path).mode("r").open()) {
            a.putInt(200, 2);
            assertThat(b.getInt(2)).isEqualTo(200);
        }
    }

    @Test
    void startsAtAnyByteOfTheFile() throws IOException {
        for (int offset : new int[] {0, 1, 127, 128, 4095, 4096, 4097}) {
            try (MemmapArray a = MemmapArray.raw(path)
                    .dtype(">i4")
                    .mode("w+")
                    .offset(offset)
                    .shape(3)
                    .open()) {
                a.copyFrom(new int[] {1, -2, 3});
            }
            byte[] content = Files.readAllBytes(path);
            assertThat(content).hasSize(offset + 12);
            assertThat(content[offset + 3]).isEqualTo((byte) 1);
            assertThat(content[offset + 7]).isEqualTo((byte) -2);
        }
    }
}
