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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionedInputTest {
    private static final int NBYTES = 100_000;

    @TempDir
    Path directory;

    private final byte[] content = new byte[NBYTES];
    private Path path;
    private ArrayFile file;

    @BeforeEach
    void write() throws IOException {
        for (int i = 0; i < NBYTES; i++) {
            content[i] = (byte) (31 * i + (i >> 8));
        }
        path = Files.write(directory.resolve("a.dat"), content);
        StoredFile stored = new LocalStorage().stat(path.toString());
        Layout layout = new Layout(DType.parse("u1"), Shape.of(NBYTES), Order.C, 0);
        file = new ArrayFile(stored.path(), stored.fingerprint(), layout);
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    /** Reads ranges as one batch, and says how many mappings there were. */
    private int mappingsOf(ArrayInput input, List<ByteRange> ranges) throws IOException {
        int[] mappings = new int[1];
        input.read(() -> {
            for (ByteRange range : ranges) {
                byte[] found = new byte[(int) range.nbytes()];
                ByteBuffer bytes = input.bytes(range.start(), found.length);
                assertThat(bytes.remaining()).isEqualTo(found.length);
                bytes.get(found);
                assertThat(ByteBuffer.wrap(found))
                        .isEqualTo(ByteBuffer.wrap(content, (int) range.start(), found.length));
            }
            mappings[0] = Mapping.liveCount();
        });
        return mappings[0];
    }

    private ArrayInput open(ByteRange... ranges) throws IOException {
        return new LocalStorage().open(file, List.of(List.of(ranges)), false, new AccessTrial());
    }

    @Test
    void readsUpTo64KibAtOnce() throws IOException {
        ByteRange small = new ByteRange(7, 7 + (64 << 10));
        try (ArrayInput input = open(small)) {
            assertThat(mappingsOf(input, List.of(small))).isZero();
        }
        ByteRange large = new ByteRange(7, 8 + (64 << 10));
        try (ArrayInput input = open(large)) {
            assertThat(input).isInstanceOf(AutoInput.class);
        }
        ByteRange[] apart = {new ByteRange(0, 8), new ByteRange(NBYTES - 8, NBYTES)};
        try (ArrayInput input = open(apart)) {
            assertThat(input).isInstanceOf(AutoInput.class);
        }
        try (ArrayInput input = open()) {
            assertThat(mappingsOf(input, List.of())).isZero();
        }
    }

    @Test
    void readsSmallRangesAtOnce() throws IOException {
        ByteRange[] planes = {new ByteRange(10_000, 10_100), new ByteRange(20_000, 20_100)};
        try (ArrayInput input = open(planes)) {
            mappingsOf(input, List.of(planes[0]));
            assertThat(input.inputNbytes()).isEqualTo(10_100);
            mappingsOf(input, List.of(planes[1], new ByteRange(15_000, 15_001), planes[0]));
            assertThat(input.inputNbytes()).isEqualTo(10_100);
            mappingsOf(input, List.of(new ByteRange(9_999, 10_001)));
            assertThat(input.inputNbytes())
                    .as("what was not planned is read too")
                    .isEqualTo(10_102);
        }
    }

    @Test
    void letsNothingOutThatWasReadBeforeTheFileChanged() throws IOException {
        ByteRange range = new ByteRange(0, 100);
        try (ArrayInput input = open(range)) {
            mappingsOf(input, List.of(range));
            Files.write(path, new byte[] {1}, StandardOpenOption.APPEND);
            mappingsOf(input, List.of(range));
            Files.move(Files.write(directory.resolve("b.dat"), content), path.resolveSibling("c.dat"));
            Files.move(path, directory.resolve("away"));
            Files.move(directory.resolve("c.dat"), path);
            assertThatThrownBy(() -> mappingsOf(input, List.of(range)))
                    .hasMessageStartingWith("Cannot read " + file.path() + ": it was replaced by another file since");
        }
    }

    @Test
    void saysWhatBecameOfAShorterFile() throws IOException {
        ByteRange range = new ByteRange(0, 60_000);
        try (ArrayInput input = open(range)) {
            Files.write(path, new byte[50_000]);
            assertThatThrownBy(() -> mappingsOf(input, List.of(range)))
                    .hasMessage("Cannot read " + file.path() + ": its length went from 100000 to 50000 bytes since the"
                            + " query was planned, expected the planned file; run the query again")
                    .satisfies(e -> assertThat(e.getSuppressed()[0])
                            .hasMessage("Cannot read " + file.path() + ": it ends after 50000 bytes, expected 60000; it"
                                    + " was truncated since the query was planned"));
        }
    }

    private List<String> logOfReading(Path from) throws IOException {
        CountedFiles files = new CountedFiles();
        ByteRange range = new ByteRange(0, 100);
        LocalFile local = LocalFile.open(files.of(from));
        try (ArrayInput input = LocalStorage.checked(file, local, new PositionedInput(file, local, range, false))) {
            mappingsOf(input, List.of(range));
            input.finish();
        }
        return files.log();
    }

    @Test
    void looksAtAFileOnceBeforeAndOnceAfterItsBytesAndTwiceForARecord() throws IOException {
        String record = LocalRecord.name(path);
        assertThat(logOfReading(path))
                .containsExactly("lstat a.dat", "open a.dat", "lstat " + record, "stat a.dat", "lstat " + record);
    }

    @Test
    void looksForTheRecordOfTheFileBehindALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        String record = LocalRecord.name(path);
        assertThat(logOfReading(link))
                .containsExactly(
                        "lstat link", "stat link", "open link", "lstat " + record, "stat link", "lstat " + record);
    }
}
