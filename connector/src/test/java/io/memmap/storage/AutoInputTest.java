package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import io.memmap.memory.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoInputTest {
    private static final int STRETCH = AccessTrial.STRETCH_NBYTES;
    private static final int NBYTES = 12 << 20;

    @TempDir
    Path directory;

    private final byte[] content = new byte[NBYTES];
    private Path path;
    private ArrayFile file;

    @BeforeEach
    void write() throws IOException {
        new Random(5).nextBytes(content);
        path = Files.write(directory.resolve("a.dat"), content);
        StoredFile stored = new LocalStorage().stat(path.toString());
        file = new ArrayFile(
                stored.path(), stored.fingerprint(), new Layout(DType.parse("u1"), Shape.of(NBYTES), Order.C, 0));
    }

    @AfterEach
    void leavesNoMemory() {
        assertThat(Mapping.liveCount()).isZero();
        assertThat(NativeBuffer.liveCount()).isZero();
    }

    private AutoInput open(AccessTrial trial, ByteRange... ranges) throws IOException {
        return new AutoInput(file, LocalFile.open(path), List.of(ranges), false, trial);
    }

    /** Reads one piece as a batch; returns true if a mapping was there. */
    private boolean mapsFor(ArrayInput input, int start, int nbytes) throws IOException {
        boolean[] mapped = new boolean[1];
        input.read(() -> {
            ByteBuffer bytes = input.bytes(start, nbytes);
            mapped[0] = Mapping.liveCount() > 0;
            assertThat(bytes.isDirect()).isTrue();
            assertThat(bytes.isReadOnly()).isTrue();
            assertThat(bytes).isEqualTo(ByteBuffer.wrap(content, start, nbytes));
        });
        return mapped[0];
    }

    @Test
    void givesTheSameBytesOnBothWays() throws IOException {
        for (boolean maps : new boolean[] {true, false}) {
            try (AutoInput input = open(new AccessTrial(maps), new ByteRange(3, NBYTES))) {
                for (int start = 3, n = 1; start < NBYTES; start += n, n = Math.min(90_001, NBYTES - start)) {
                    mapsFor(input, start, n);
                }
                assertThat(input.inputNbytes())
                        .as("each byte is counted once, begun with a mapping: " + maps)
                        .isEqualTo(NBYTES - 3);
                input.finish();
            }
        }
    }

    @Test
    void eachStretchGoesOneWay() throws IOException {
        try (AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES))) {
            assertThat(mapsFor(input, 0, STRETCH / 2)).isFalse();
            assertThat(mapsFor(input, STRETCH / 2, STRETCH / 2)).isFalse();
            assertThat(input.inputNbytes()).isEqualTo(STRETCH);
            assertThat(mapsFor(input, STRETCH, STRETCH / 2)).isTrue();
            assertThat(input.inputNbytes())
                    .as("the window is mapped to the end")
                    .isEqualTo(NBYTES);
        }
    }

    @Test
    void partsOfAPieceComeOnItsWay() throws IOException {
        try (AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES))) {
            input.read(() -> {
                ByteBuffer whole = input.bytes(100, STRETCH);
                ByteBuffer again = input.bytes(200, STRETCH - 100);
                assertThat(again).isEqualTo(whole.slice(100, STRETCH - 100));
            });
            assertThat(input.inputNbytes()).as("a part of it is not read again").isEqualTo(STRETCH);
        }
    }

    @Test
    void mapsWhatTakesMuchMemoryOrLittle() throws IOException {
        for (int nbytes : new int[] {1, AccessTrial.MIN_READ_NBYTES - 1, AccessTrial.MIN_READ_NBYTES}) {
            try (AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES))) {
                assertThat(mapsFor(input, 7, nbytes)).as(nbytes + " bytes").isEqualTo(nbytes < 16384);
            }
        }
        try (AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES))) {
            assertThat(mapsFor(input, 0, PositionedInput.MAX_NATIVE_NBYTES)).isFalse();
        }
        try (AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES))) {
            assertThat(mapsFor(input, 0, PositionedInput.MAX_NATIVE_NBYTES + 1)).isTrue();
        }
    }

    @Test
    void theFilesOfATaskShareTheMemory() throws IOException {
        AccessTrial trial = new AccessTrial(false);
        trial.shareAmong(100);
        int share = AccessTrial.TASK_NBYTES / 100;
        try (AutoInput input = open(trial, new ByteRange(0, NBYTES))) {
            assertThat(mapsFor(input, 0, share)).isFalse();
            assertThat(mapsFor(input, share, share + 1)).isTrue();
        }
    }

    @Test
    void theFilesOfATaskShareTheTimes() throws IOException {
        AccessTrial trial = new AccessTrial(false);
        for (int i = 0; i < 3; i++) {
            try (AutoInput input = open(trial, new ByteRange(0, STRETCH / 2))) {
                assertThat(mapsFor(input, 0, STRETCH / 2)).as("file " + i).isEqualTo(i == 2);
                trial.end();
            }
        }
    }

    @Test
    void freesItsMemoryAtOnce() throws IOException {
        AutoInput input = open(new AccessTrial(false), new ByteRange(0, NBYTES));
        mapsFor(input, 0, STRETCH / 2);
        mapsFor(input, STRETCH / 2, STRETCH / 4);
        assertThat(NativeBuffer.liveCount()).isEqualTo(1);
        input.close();
        assertThat(NativeBuffer.liveCount()).isZero();
        input.close();
    }

    @Test
    void readsWhatCannotBeMapped() throws IOException {
        LocalFile opened = LocalFile.open(path);
        LocalFile local =
                new LocalFile(opened.path(), opened.real(), opened.found(), new UnmappableChannel(opened.channel()));
        List<ByteRange> all = List.of(new ByteRange(0, NBYTES));
        try (AutoInput input = new AutoInput(file, local, all, false, new AccessTrial(true))) {
            assertThat(mapsFor(input, 0, 5 << 20)).isFalse();
            assertThat(mapsFor(input, 5 << 20, 100)).isFalse();
            int large = (8 << 20) + 1;
            input.read(() -> assertThat(input.bytes(0, large)).isEqualTo(ByteBuffer.wrap(content, 0, large)));
            assertThat(input.inputNbytes()).isEqualTo(large + (5 << 20) + 100);
            Files.write(path, new byte[NBYTES / 2]);
            assertThatThrownBy(() -> mapsFor(input, 9 << 20, 1 << 20))
                    .hasMessageStartingWith(
                            "Cannot read " + file.path() + ": its length went from 12582912 to 6291456");
        }
        Files.write(path, content);
        LocalFile again = LocalFile.open(path);
        LocalFile other =
                new LocalFile(again.path(), again.real(), again.found(), new UnmappableChannel(again.channel()));
        try (MappedInput input = new MappedInput(file, other, all, false)) {
            assertThatThrownBy(() -> input.bytes(0, 100))
                    .hasMessage(
                            "Cannot read " + file.path() + ": Cannot map bytes 0 to 12582912: its file system maps no"
                                    + " files (No such device), expected one that does, or a read as with access=auto");
        }
    }

    @Test
    void saysThatTheFileIsShorterOnBothWays() throws IOException {
        for (boolean maps : new boolean[] {true, false}) {
            Files.write(path, content);
            file = new ArrayFile(
                    file.path(), new LocalStorage().stat(path.toString()).fingerprint(), file.layout());
            try (AutoInput input = open(new AccessTrial(maps), new ByteRange(0, NBYTES))) {
                mapsFor(input, 0, STRETCH / 2);
                try (FileChannel cut = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    cut.truncate(STRETCH);
                }
                assertThatThrownBy(() -> mapsFor(input, STRETCH, STRETCH / 2))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("Cannot read " + file.path() + ": ")
                        .hasMessageContaining(STRETCH + " bytes");
            }
        }
    }
}
