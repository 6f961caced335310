package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.Zip;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemmapArrayMembersTest {
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

    /** The index says where the tokens lie, in a file beside it. */
    @Test
    void mapsTokensBesideTheirIndex() throws IOException {
        ByteBuffer index = ByteBuffer.allocate(74).order(ByteOrder.LITTLE_ENDIAN);
        byte u2 = 8;
        index.put("MMIDIDX\0\0".getBytes(StandardCharsets.ISO_8859_1));
        index.putLong(1).put(u2).putLong(2).putLong(2);
        index.putInt(2).putInt(1).putLong(0).putLong(4).putLong(0).putLong(2);
        Path idx = Files.write(directory.resolve("x.idx"), index.array());
        assertThatThrownBy(() -> MemmapArray.open(idx, "tokens"))
                .hasMessageContaining("the file x.bin beside it is missing, expected the tokens of this index");
        Path bin = Files.write(directory.resolve("x.bin"), new byte[] {1, 0, 2, 0, 3, 1});
        for (Path either : List.of(idx, bin)) {
            try (MemmapArray tokens = MemmapArray.open(either, "tokens");
                    MemmapArray sizes = MemmapArray.open(either, "sizes")) {
                assertThat(tokens.path()).isEqualTo(bin.toRealPath());
                assertThat(numbers(tokens)).containsExactly(1, 2, 259);
                assertThat(numbers(sizes)).containsExactly(2, 1);
            }
        }
        Path linked = Files.createDirectory(directory.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("y.bin"), bin);
        try (MemmapArray tokens = MemmapArray.open(Files.createSymbolicLink(linked.resolve("y.idx"), idx), "tokens")) {
            assertThat(tokens.path()).isEqualTo(bin.toRealPath());
            assertThat(numbers(tokens)).containsExactly(1, 2, 259);
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

    /** Both of its lengths say more than there is before the next entry. */
    @Test
    void refusesAMemberThatRunsIntoTheNextOne() throws IOException {
        Zip zip = new Zip();
        Zip.Entry first = zip.add("a.npy", Zip.npy("u1", Order.C, 200));
        zip.add("b.npy", Zip.npy("u1", Order.C, 300));
        byte[] whole = zip.bytes();
        try (MemmapArray array = MemmapArray.open(Files.write(directory.resolve("whole.npz"), whole), "a")) {
            assertThat(array.size()).isEqualTo(200);
        }
        Zip cut = new Zip();
        Zip.Entry longer = cut.add("a.npy", Arrays.copyOf(Zip.npy("u1", Order.C, 200), 131));
        longer.nbytes = first.nbytes;
        longer.realNbytes = first.realNbytes;
        cut.add("b.npy", Zip.npy("u1", Order.C, 300));
        Path file = Files.write(directory.resolve("cut.npz"), cut.bytes());
        assertThatThrownBy(() -> MemmapArray.open(file, "a"))
                .hasMessage(
                        "Cannot read " + file.toRealPath()
                                + "#a: its 328 bytes from byte 35 end after byte 166, where the"
                                + " next entry or the directory of the archive begins, expected them before it; write the file again");
    }
}
