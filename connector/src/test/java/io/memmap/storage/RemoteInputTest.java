package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over Hadoop's own local file system, as over any other. */
class RemoteInputTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private byte[] content;

    private ArrayFile file(int nbytes) throws IOException {
        content = new byte[nbytes];
        new Random(nbytes).nextBytes(content);
        Path path = Files.write(directory.resolve("a.dat"), content);
        StoredFile stored = new HadoopStorage(new Configuration()).stat(path.toString());
        Layout layout = new Layout(DType.parse("u1"), Shape.of(nbytes), Order.C, 0);
        return new ArrayFile(stored.path(), stored.fingerprint(), layout);
    }

    private static ArrayInput open(ArrayFile file, List<List<ByteRange>> groups) throws IOException {
        return new HadoopStorage(new Configuration()).openRead(file, groups, false);
    }

    private void assertReads(ArrayInput input, long offset, int nbytes) throws IOException {
        input.read(() -> {
            ByteBuffer bytes = input.bytes(offset, nbytes);
            assertThat(bytes.remaining()).isEqualTo(nbytes);
            assertThat(bytes.equals(ByteBuffer.wrap(content, (int) offset, nbytes)))
                    .as("bytes from %s on, %s of them", offset, nbytes)
                    .isTrue();
        });
    }

    @Test
    void whatIsInNoRangeIsReadAsItIsAskedFor() throws IOException {
        ArrayFile file = file(1000);
        try (ArrayInput input = open(file, List.of(List.of(new ByteRange(100, 200))))) {
            assertReads(input, 0, 100);
            assertReads(input, 150, 100);
            assertReads(input, 999, 1);
            assertThat(input.inputNbytes()).isEqualTo(201);
        }
    }

    @Test
    void readsAheadInItsRangeOnly() throws IOException {
        ArrayFile file = file(20 * MIB);
        try (ArrayInput input = open(file, List.of(List.of(new ByteRange(1000, 3 * MIB))))) {
            assertReads(input, 1000, MIB);
            assertThat(input.inputNbytes()).isEqualTo(3 * MIB - 1000);
            assertReads(input, 2 * MIB, MIB);
            assertThat(input.inputNbytes()).isEqualTo(3 * MIB - 1000);
        }
        try (ArrayInput input = open(file, List.of(List.of(new ByteRange(0, 20 * MIB))))) {
            assertReads(input, 0, 2 * MIB);
            assertThat(input.inputNbytes()).isEqualTo(8 * MIB);
            assertReads(input, 7 * MIB, 2 * MIB);
            assertThat(input.inputNbytes()).isEqualTo(15 * MIB);
        }
        try (ArrayInput input = open(file, List.of(List.of(new ByteRange(0, 20 * MIB))))) {
            assertReads(input, 0, 100);
            assertThat(input.inputNbytes()).isEqualTo(1600);
        }
    }

    @Test
    void rangesOfAGroupAreFetchedTogether() throws IOException {
        ArrayFile file = file(12 * MIB);
        List<ByteRange> planes = new ArrayList<>();
        for (int plane = 0; plane < 4; plane++) {
            planes.add(new ByteRange(plane * 3L * MIB, plane * 3L * MIB + 3 * MIB));
        }
        try (ArrayInput input = open(file, List.of(planes.subList(0, 1), planes))) {
            assertReads(input, 0, MIB);
            assertThat(input.inputNbytes()).as("one plane ahead").isEqualTo(3 * MIB);
            assertReads(input, 3 * MIB, MIB);
            assertThat(input.inputNbytes()).as("2 MiB of each other plane").isEqualTo(9 * MIB);
            assertReads(input, 6 * MIB, MIB);
            assertReads(input, 9 * MIB + MIB, MIB);
            assertThat(input.inputNbytes()).isEqualTo(9 * MIB);
            assertReads(input, 9 * MIB + MIB + MIB / 2, MIB);
            assertThat(input.inputNbytes()).isEqualTo(12 * MIB);
        }
    }

    @Test
    void whatIsBehindIsNotKept() throws IOException {
        ArrayFile file = file(6 * MIB);
        List<List<ByteRange>> groups = new ArrayList<>();
        for (long start = 0; start < 6 * MIB; start += 2 * MIB) {
            groups.add(List.of(new ByteRange(start, start + 2 * MIB)));
        }
        try (ArrayInput input = open(file, groups)) {
            for (long offset : new long[] {0, 2 * MIB, MIB, 3 * MIB}) {
                assertReads(input, offset, MIB);
            }
            assertThat(input.inputNbytes()).as("two groups are kept").isEqualTo(4 * MIB);
            assertReads(input, 4 * MIB, MIB);
            assertReads(input, 3 * MIB, MIB);
            assertThat(input.inputNbytes()).isEqualTo(6 * MIB);
            assertReads(input, MIB, MIB);
            assertThat(input.inputNbytes()).as("the first was let go").isEqualTo(7 * MIB);
        }
    }

    @Test
    void eachByteIsReadOnceWhateverTheSteps() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ArrayFile file = file(3 * MIB);
            int planes = 1 + random.nextInt(40);
            int stride = 3 * MIB / planes;
            int length = 1 + random.nextInt(stride);
            List<ByteRange> ranges = new ArrayList<>();
            for (int plane = 0; plane < planes; plane++) {
                ranges.add(new ByteRange((long) plane * stride, (long) plane * stride + length));
            }
            try (ArrayInput input = open(file, List.of(ranges))) {
                for (int at = 0; at < length; ) {
                    int step = Math.min(length - at, 1 + random.nextInt(60_000));
                    for (ByteRange range : ranges) {
                        assertReads(input, range.start() + at, step);
                    }
                    at += step;
                }
                assertThat(input.inputNbytes()).as("seed %s", seed).isEqualTo((long) planes * length);
            }
        }
    }

    /** Spark only closes the reader of a task that stops early. A task that reads all finishes. */
    @Test
    void onlyATaskThatFinishesLooksAgain() throws IOException {
        ArrayFile file = file(1000);
        AtomicInteger looks = new AtomicInteger();
        for (boolean finishes : new boolean[] {false, true}) {
            looks.set(0);
            FSDataInputStream stream = FileSystem.getLocal(new Configuration())
                    .open(new org.apache.hadoop.fs.Path(
                            directory.resolve("a.dat").toString()));
            RemoteInput.Look look = () -> {
                looks.incrementAndGet();
                return file.fingerprint();
            };
            try (ArrayInput input =
                    new RemoteInput(file, false, stream, look, List.of(List.of(new ByteRange(0, 1000))))) {
                assertReads(input, 0, 500);
                if (finishes) {
                    input.finish();
                }
            }
            assertThat(looks).hasValue(finishes ? 1 : 0);
        }
    }

    @Test
    void aFileThatBecameShorterIsAnError() throws IOException {
        ArrayFile file = file(2 * MIB);
        List<ByteRange> ranges = List.of(new ByteRange(0, MIB), new ByteRange(MIB, 2 * MIB));
        for (List<ByteRange> group : List.of(ranges, ranges.subList(1, 2))) {
            Files.write(directory.resolve("a.dat"), content);
            ArrayFile whole = new ArrayFile(
                    file.path(),
                    new HadoopStorage(new Configuration()).stat(file.path()).fingerprint(),
                    file.layout());
            try (ArrayInput input = open(whole, List.of(group))) {
                Files.write(directory.resolve("a.dat"), new byte[MIB + 5]);
                assertThatThrownBy(() -> assertReads(input, MIB, 100_000))
                        .isInstanceOf(IOException.class)
                        .hasMessage("Cannot read " + file.path()
                                + ": its length went from 2097152 to 1048581 bytes, or it was modified since the query was"
                                + " planned, expected the planned file; run the query again")
                        .satisfies(e -> assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(EOFException.class));
            }
        }
    }
}
