package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.format.Sidecar;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts beside arrays are regular files of bounded length, whatever else has their name. */
class SmallFilesTest {

    @TempDir
    private Path directory;

    static Storage[] storages() {
        return new Storage[] {new LocalStorage(), new HadoopStorage(new Configuration(false))};
    }

    private Path sparse(long nbytes) throws IOException {
        Path file = directory.resolve("x");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(nbytes);
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("storages")
    void readsWhatIsThere(Storage storage) throws IOException {
        Path file = Files.writeString(directory.resolve("x"), "né");
        assertThat(storage.readText("file:" + file)).isEqualTo("né");
        try (InputStream input = storage.open("file:" + file, 3)) {
            assertThat(input.read()).isEqualTo('n');
            assertThat(input.readAllBytes()).hasSize(2);
            assertThat(input.read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> storage.readText("file:" + directory + "/y"))
                .isInstanceOf(FileNotFoundException.class);
    }

    @ParameterizedTest
    @MethodSource("storages")
    void refusesALongFile(Storage storage) throws IOException {
        String file = "file:" + sparse(Sidecar.MAX_NBYTES);
        assertThat(storage.readText(file)).hasSize(16 << 20);
        for (long nbytes : new long[] {(16L << 20) + 1, 1L << 30, 3L << 30}) {
            sparse(nbytes);
            assertThatThrownBy(() -> storage.readText(file))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot read " + file + ": it has " + nbytes + " bytes, expected at most 16777216");
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void refusesAFileThatBecomesLong(Storage storage) throws IOException {
        Path file = sparse(4);
        try (InputStream input = storage.open("file:" + file, 8)) {
            sparse(9);
            assertThatThrownBy(input::readAllBytes)
                    .hasMessage("Cannot read file:" + file + ": it has more than 8 bytes, expected at most 8");
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void refusesADirectory(Storage storage) {
        assertThatThrownBy(() -> storage.readText("file:" + directory))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read file:" + directory + ": it is a directory, expected a regular file");
    }

    /** Opening a FIFO would wait for a writer. */
    @Test
    @Timeout(60)
    void opensNoFifoDeviceOrSocket() throws IOException, InterruptedException {
        LocalStorage storage = new LocalStorage();
        Path link = Files.createSymbolicLink(directory.resolve("zero"), Path.of("/dev/zero"));
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Path fifo = directory.resolve("fifo");
            Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
            assumeTrue(mkfifo.waitFor() == 0, "mkfifo is missing here");
            for (Path path : new Path[] {link, socket, fifo}) {
                assertThatThrownBy(() -> storage.readText("file:" + path))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(": it is a FIFO, device or socket, expected a regular file");
                assertThatThrownBy(() -> storage.read(path.toString(), 0, 1))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(": it is a FIFO, device or socket, expected a regular file");
            }
        }
    }
}
