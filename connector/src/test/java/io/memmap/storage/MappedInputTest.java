package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedInputTest {
    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    /** A file of zeros, but for some pages of 4 KiB that begin with their number. */
    private ArrayFile file(long nbytes, long... numberedPages) throws IOException {
        Path path = directory.resolve("a.dat");
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), nbytes - 1);
            for (long page : numberedPages) {
                channel.write(ByteBuffer.allocate(8).putLong(0, page), page * PAGE);
            }
        }
        StoredFile stored = storage().stat(path.toString());
        Layout layout = new Layout(DType.parse("u1"), Shape.of(nbytes), Order.C, 0);
        return new ArrayFile(stored.path(), stored.fingerprint(), layout);
    }

    private static Storage storage() throws IOException {
        return Storage.of("file:/", new HadoopSettings(new Configuration(false), Map.of()));
    }

    private static MappedInput open(ArrayFile file, List<ByteRange> ranges) throws IOException {
        return (MappedInput) storage().openMapped(file, List.of(ranges), false);
    }

    /** The page number that stands at an offset, read as a batch is. */
    private static long at(ArrayInput input, long offset) throws IOException {
        long[] found = new long[1];
        input.read(() -> {
            ByteBuffer bytes = input.bytes(offset, 8);
            assertThat(bytes.remaining()).isEqualTo(8);
            found[0] = bytes.getLong(0);
        });
        return found[0];
    }

    @Test
    void mapsOnlyItsOwnByteRange() throws IOException {
        ArrayFile file = file(1L << 40, 77);
        try (MappedInput input = open(file, List.of(new ByteRange(77 * PAGE, 78 * PAGE)))) {
            assertThat(input.inputNbytes()).isZero();
            assertThat(at(input, 77 * PAGE)).isEqualTo(77);
            assertThat(at(input, 77 * PAGE + 8)).isZero();
            assertThat(input.inputNbytes()).isEqualTo(PAGE);
            assertThat(Mapping.liveCount()).isEqualTo(1);
        }
    }

    @Test
    void movesItsWindowAlongARangeOfManyGib() throws IOException {
        long window = MappedInput.WINDOW_NBYTES / PAGE;
        ArrayFile file = file(1L << 33, 3, 3 + window - 1, 3 + window, 3 * window);
        try (MappedInput input = open(file, List.of(new ByteRange(3 * PAGE, 1L << 33)))) {
            assertThat(at(input, 3 * PAGE)).isEqualTo(3);
            assertThat(at(input, (3 + window) * PAGE - PAGE)).isEqualTo(3 + window - 1);
            assertThat(input.inputNbytes()).isEqualTo(MappedInput.WINDOW_NBYTES);
            assertThat(at(input, (3 + window) * PAGE)).isEqualTo(3 + window);
            assertThat(at(input, 3 * window * PAGE)).isEqualTo(3 * window);
            assertThat(Mapping.liveCount()).isEqualTo(1);
        }
    }

    @Test
    void mapsAnewWhatCrossesTheEndOfAWindow() throws IOException {
        ArrayFile file = file(1L << 32);
        try (MappedInput input = open(file, List.of(new ByteRange(0, 1L << 32)))) {
            assertThat(at(input, 0)).isZero();
            assertThat(at(input, MappedInput.WINDOW_NBYTES - 1)).isZero();
            assertThat(input.inputNbytes()).isEqualTo(2 * MappedInput.WINDOW_NBYTES);
            assertThat(Mapping.liveCount()).isEqualTo(1);
        }
    }

    @Test
    void givesMoreThanAWindowAtOnce() throws IOException {
        ArrayFile file = file(1L << 32, 3);
        int nbytes = (1 << 30) + (1 << 29);
        try (MappedInput input = open(file, List.of(new ByteRange(PAGE, 1L << 32)))) {
            input.read(() -> {
                ByteBuffer bytes = input.bytes(PAGE, nbytes);
                assertThat(bytes.remaining()).isEqualTo(nbytes);
                assertThat(bytes.getLong(2 * PAGE)).isEqualTo(3);
            });
            assertThat(input.inputNbytes()).isEqualTo(nbytes);
        }
    }

    @Test
    void joinsRangesThatTouch() {
        assertThat(MappedInput.merge(List.of(new ByteRange(20, 30), new ByteRange(0, 10), new ByteRange(10, 15))))
                .containsExactly(new ByteRange(0, 15), new ByteRange(20, 30));
        assertThat(MappedInput.merge(List.of(new ByteRange(0, 10), new ByteRange(2, 5))))
                .containsExactly(new ByteRange(0, 10));
        assertThat(MappedInput.merge(List.of())).isEmpty();
    }

    @Test
    void joinsNeighboursOnlyWhereThereAreMoreThanItsWindows() {
        List<ByteRange> ranges = new ArrayList<>();
        for (int i = 0; i < MappedInput.MAX_WINDOWS; i++) {
            ranges.add(new ByteRange(100L * i, 100L * i + 10));
        }
        assertThat(MappedInput.merge(ranges)).isEqualTo(ranges);
        ByteRange far = new ByteRange(MappedInput.WINDOW_NBYTES + 1, MappedInput.WINDOW_NBYTES + 2);
        ranges.add(far);
        assertThat(MappedInput.merge(ranges))
                .containsExactly(new ByteRange(0, 100L * MappedInput.MAX_WINDOWS - 90), far);
    }

    @Test
    void keepsAtMost64WindowsOfRangesThatLieFarApart() throws IOException {
        int count = MappedInput.MAX_WINDOWS + 6;
        long apart = 2 * MappedInput.WINDOW_NBYTES / PAGE;
        List<ByteRange> ranges = new ArrayList<>();
        long[] pages = new long[count];
        for (int i = 0; i < count; i++) {
            pages[i] = i * apart;
            ranges.add(new ByteRange(pages[i] * PAGE, pages[i] * PAGE + 8));
        }
        ArrayFile file = file(count * apart * PAGE, pages);
        try (MappedInput input = open(file, ranges)) {
            for (int round = 0; round < 2; round++) {
                for (long page : pages) {
                    assertThat(at(input, page * PAGE)).isEqualTo(page);
                }
                assertThat(Mapping.liveCount()).isEqualTo(MappedInput.MAX_WINDOWS);
            }
        }
    }

    @Test
    void closesOnce() throws IOException {
        MappedInput input = open(file(PAGE), List.of(new ByteRange(0, PAGE)));
        assertThat(at(input, 0)).isZero();
        input.close();
        input.close();
        assertThat(Mapping.liveCount()).isZero();
        assertThatThrownBy(() -> at(input, 0)).isInstanceOf(IOException.class);
        assertThat(Mapping.liveCount()).isZero();
    }

    @Test
    void saysWhatBecameOfAFileThatIsShorterWhenItIsMapped() throws IOException {
        ArrayFile file = file(2 * PAGE);
        try (MappedInput input = open(file, List.of(new ByteRange(0, 2 * PAGE)))) {
            try (FileChannel channel = FileChannel.open(directory.resolve("a.dat"), StandardOpenOption.WRITE)) {
                channel.truncate(PAGE);
            }
            assertThatThrownBy(() -> at(input, 0))
                    .hasMessage(
                            "Cannot read " + file.path() + ": its length went from 8192 to 4096 bytes since the query"
                                    + " was planned, expected the planned file; run the query again")
                    .satisfies(
                            e -> assertThat(e.getSuppressed()).singleElement().satisfies(s -> assertThat(s)
                                    .hasMessageContaining("Cannot map bytes 0 to 8192: the file has 4096 bytes")));
        }
    }

    @Test
    void prefersTheChangeOfTheFileToAnErrorThatItMayHaveCaused() throws IOException {
        ArrayFile file = file(PAGE);
        try (MappedInput input = open(file, List.of(new ByteRange(0, PAGE)))) {
            assertThatThrownBy(() -> input.read(() -> {
                        throw new IOException("bad value");
                    }))
                    .hasMessage("bad value");
            Files.write(directory.resolve("other"), new byte[PAGE]);
            Files.move(directory.resolve("a.dat"), directory.resolve("away"));
            Files.move(directory.resolve("other"), directory.resolve("a.dat"));
            IllegalStateException failure = new IllegalStateException("bad value");
            assertThatThrownBy(() -> input.read(() -> {
                        throw failure;
                    }))
                    .hasMessageStartingWith("Cannot read " + file.path() + ": it was replaced by another file since")
                    .hasSuppressedException(failure);
        }
    }

    @Test
    void leavesNoFileOpenThatIsNotThePlannedOne() throws IOException {
        ArrayFile file = file(PAGE);
        Files.write(directory.resolve("a.dat"), new byte[PAGE - 1]);
        Path handles = Path.of("/proc/self/fd");
        long before = Files.isDirectory(handles) ? count(handles) : 0;
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> open(file, List.of())).hasMessageContaining("its length went from 4096 to 4095");
        }
        assertThat(Files.isDirectory(handles) ? count(handles) : 0).isLessThan(before + 25);
    }

    private static long count(Path path) throws IOException {
        try (var children = Files.list(path)) {
            return children.count();
        }
    }
}
