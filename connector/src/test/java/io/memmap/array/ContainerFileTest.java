package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.Zip;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerFileTest {
    @TempDir
    Path directory;

    private Path npz() throws IOException {
        Zip zip = new Zip();
        zip.add("a.npy", Zip.npy("u1", Order.C, 3));
        zip.add("f/x.npy", Zip.npy("<i2", Order.F, 3, 2));
        zip.deflated("packed.npy", Zip.npy("u1", Order.C, 3));
        return Files.write(directory.resolve("x.npz"), zip.bytes());
    }

    private static long[] numbers(MemmapArray array) {
        long[] numbers = new long[(int) array.size()];
        array.copyTo(numbers);
        return numbers;
    }

    @Test
    void mapsAMemberWhereItLies() throws IOException {
        Path file = npz();
        try (MemmapArray array = MemmapArray.open(file, "f/x")) {
            assertThat(array.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(array.mode()).isEqualTo(Mode.READ_ONLY);
            assertThat(array.path()).isEqualTo(file.toRealPath());
            assertThat(numbers(array.slice("1"))).containsExactly(0x0302, 0x0908);
            assertThatThrownBy(() -> array.fill(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void mapsATensor() throws IOException {
        byte[] header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}".getBytes();
        byte[] bytes = new byte[8 + header.length + 2];
        bytes[0] = (byte) header.length;
        System.arraycopy(header, 0, bytes, 8, header.length);
        bytes[bytes.length - 1] = 7;
        Path file = Files.write(directory.resolve("x.safetensors"), bytes);
        try (MemmapArray array = MemmapArray.open(file, "w")) {
            assertThat(numbers(array)).containsExactly(0, 7);
        }
    }

    @Test
    void refusesWhatCannotBeMapped() throws IOException {
        Path file = npz();
        assertThatThrownBy(() -> MemmapArray.open(file, "packed"))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot map " + file.toRealPath() + "#packed: it is deflated, expected stored bytes;"
                        + " write it with np.savez, which stores arrays as they are");
        assertThatThrownBy(() -> MemmapArray.open(file, "z"))
                .hasMessageStartingWith("Cannot read " + file.toRealPath() + " with member=z: it holds no member z;");
        assertThatThrownBy(() -> MemmapArray.open(directory.resolve("none.npz"), "z"))
                .isInstanceOf(FileNotFoundException.class);
        Path npy = Files.write(directory.resolve("x.npy"), Zip.npy("u1", Order.C, 3));
        assertThatThrownBy(() -> MemmapArray.open(npy, "z")).hasMessageContaining("holds one array without a name");
    }
}
