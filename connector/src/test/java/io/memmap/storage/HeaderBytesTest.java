package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Header bytes are kept as long as the fingerprint of their file is the same. */
class HeaderBytesTest {
    private static final int LARGE_NBYTES = 33 << 20;

    @TempDir
    Path directory;

    private final Storage storage = new LocalStorage();
    private final HeaderBytes headers = new HeaderBytes();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = directory.resolve("x.npy");
        Files.write(file, new byte[] {1, 2, 3});
    }

    private byte[] read(long modified, long offset, int nbytes) throws IOException {
        StoredFile stored = new StoredFile("file:" + file, "x.npy", false, new Fingerprint("key", 3, modified));
        return headers.read(storage, stored, offset, nbytes);
    }

    @Test
    void readsAPartOnceForEachStateOfTheFile() throws IOException {
        assertThat(read(7, 0, 2)).containsExactly(1, 2);
        Files.write(file, new byte[] {4, 5, 6});
        assertThat(read(7, 0, 2)).containsExactly(1, 2);
        assertThat(read(7, 1, 2)).containsExactly(5, 6);
        assertThat(read(8, 0, 2)).containsExactly(4, 5);
    }

    @Test
    void handsOutCopies() throws IOException {
        read(7, 0, 3)[0] = 100;
        assertThat(read(7, 0, 3)).containsExactly(1, 2, 3);
    }

    @Test
    void keepsNoLargePart() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(LARGE_NBYTES);
        }
        assertThat(read(7, 0, LARGE_NBYTES)[0]).isEqualTo((byte) 1);
        assertThat(read(7, 0, 1)).containsExactly(1);
        Files.write(file, new byte[] {4, 5, 6});
        assertThat(read(7, 0, LARGE_NBYTES)).containsExactly(4, 5, 6);
        assertThat(read(7, 0, 1)).containsExactly(1);
    }
}
