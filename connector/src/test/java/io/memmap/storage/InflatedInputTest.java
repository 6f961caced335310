package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Reading;
import io.memmap.format.Zip;
import io.memmap.layout.Order;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of deflated members, from front to back and otherwise. */
class InflatedInputTest {
    private static final int ROWS = 300_000;

    @TempDir
    Path directory;

    private final LocalStorage storage = new LocalStorage();
    private final Zip zip = new Zip();

    private ArrayFile described() throws IOException {
        String path = "file:" + Files.write(directory.resolve("x.npz"), zip.bytes());
        return ArrayDescriber.describe(
                new StoredInput(storage, storage.stat(path)), Optional.empty(), Optional.empty(), Reading.of(null));
    }

    private ArrayInput open(ArrayFile file) throws IOException {
        return storage.open(file, List.of(), false, new AccessTrial());
    }

    /** The file has the bytes 0, 1, 2 and so on. */
    private static void check(ArrayInput input, long index, int nbytes) throws IOException {
        input.read(() -> {
            ByteBuffer bytes = input.bytes(input.file().layout().offset() + index, nbytes);
            assertThat(bytes.remaining()).isEqualTo(nbytes);
            for (int i = 0; i < nbytes; i++) {
                if (bytes.get(i) != (byte) (index + i)) {
                    throw new AssertionError("byte " + (index + i) + " is " + bytes.get(i));
                }
            }
        });
    }

    @Test
    void readsForwardsAndBackInOneRow() throws IOException {
        zip.deflated("x.npy", Zip.npy("<i4", Order.C, ROWS, 4));
        try (ArrayInput input = open(described())) {
            for (int start = 0; start < ROWS * 16 - 5000; start += 4000) {
                check(input, start + 12, 4000);
                check(input, start, 4008);
            }
            check(input, ROWS * 16 - 16, 16);
            input.finish();
            assertThat(input.inputNbytes()).isLessThan(ROWS);
        }
    }

    @Test
    void beginsAnewToGoBackFurther() throws IOException {
        zip.deflated("x.npy", Zip.npy("<i4", Order.C, ROWS, 4));
        try (ArrayInput input = open(described())) {
            check(input, 4_000_000, 100);
            check(input, 17, 100);
            check(input, 3_000_000, 70_000);
            input.finish();
        }
    }

    @Test
    void readsThePlanesOfFortranOrderInAnyOrder() throws IOException {
        zip.deflated("x.npy", Zip.npy("<i4", Order.F, ROWS, 4));
        try (ArrayInput input = open(described())) {
            for (int row = 0; row < ROWS - 1000; row += 50_000) {
                for (int plane = 0; plane < 4; plane++) {
                    check(input, (plane * ROWS + row) * 4L, 4000);
                }
            }
            input.finish();
        }
    }

    @Test
    void comparesTheCrcWhenTheLastRowIsRead() throws IOException {
        zip.deflated("x.npy", Zip.npy("<i4", Order.C, ROWS, 4)).crc ^= 1;
        ArrayFile file = described();
        String message = "Cannot read file:" + directory + "/x.npz#x: its bytes have the CRC "
                + Integer.toHexString(file.origin().deflated().crc() ^ 1) + ", expected " + (128 + ROWS * 16)
                + " bytes with the CRC "
                + Integer.toHexString(file.origin().deflated().crc()) + "; the file is damaged";
        try (ArrayInput input = open(file)) {
            check(input, 0, 4000);
            input.finish();
        }
        try (ArrayInput input = open(file)) {
            assertThatThrownBy(() -> check(input, ROWS * 16 - 16, 16)).hasMessage(message);
        }
        try (ArrayInput input = open(file)) {
            check(input, ROWS * 16 - 16, 4);
            assertThatThrownBy(input::finish).hasMessage(message);
        }
    }

    @Test
    void refusesBytesThatInflateToAnotherLength() throws IOException {
        Zip.Entry entry = zip.deflated("x.npy", Zip.npy("u1", Order.C, 1000));
        entry.realNbytes--;
        assertThatThrownBy(this::described).hasMessageContaining("declares shape (1000,)");
        entry.realNbytes++;
        entry.nbytes -= 3;
        ArrayFile shorter = described();
        try (ArrayInput input = open(shorter)) {
            assertThatThrownBy(() -> check(input, 0, 1000))
                    .hasMessageStartingWith("Cannot read " + shorter.path() + "#x: it inflates to ")
                    .hasMessageContaining("expected 1128 bytes with the CRC ");
        }
        Zip longer = new Zip();
        byte[] more = java.util.Arrays.copyOf(Zip.npy("u1", Order.C, 1000), 1200);
        longer.deflated("x.npy", more).realNbytes = 1128;
        Files.write(directory.resolve("x.npz"), longer.bytes());
        ArrayFile file = ArrayDescriber.describe(
                new StoredInput(storage, storage.stat(shorter.path())),
                Optional.empty(),
                Optional.empty(),
                Reading.of(null));
        try (ArrayInput input = open(file)) {
            assertThatThrownBy(() -> check(input, 0, 1000))
                    .hasMessageContaining("#x: it inflates to more bytes, expected");
        }
    }

    @Test
    void refusesDamagedBytes() throws IOException {
        zip.deflated("x.npy", Zip.npy("<i4", Order.C, ROWS, 4));
        ArrayFile file = described();
        Path path = directory.resolve("x.npz");
        byte[] bytes = Files.readAllBytes(path);
        int middle = (int) (file.start() + file.end()) / 2;
        for (int i = 0; i < 64; i++) {
            bytes[middle + i] ^= 0x5A;
        }
        Files.write(path, bytes);
        ArrayFile damaged = ArrayDescriber.describe(
                new StoredInput(storage, storage.stat(file.path())),
                Optional.empty(),
                Optional.empty(),
                Reading.of(null));
        try (ArrayInput input = open(damaged)) {
            assertThatThrownBy(() -> check(input, 0, ROWS * 16))
                    .isInstanceOfAny(IOException.class)
                    .hasMessageContaining("expected " + (128 + ROWS * 16) + " bytes with the CRC ");
        }
    }
}
