package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchOutputTest {
    @TempDir
    Path directory;

    private interface Puts {
        void into(PatchOutput output) throws IOException;
    }

    private Path patch(Puts puts) throws IOException {
        Path file = directory.resolve("patch");
        Files.deleteIfExists(file);
        try (PatchOutput output = new PatchOutput(LocalOutput.create(file, 0))) {
            puts.into(output);
            assertThat(output.finish()).isEqualTo(Files.size(file));
        }
        return file;
    }

    private static int runs(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int runs = 0;
        while (bytes.hasRemaining()) {
            bytes.getLong();
            int nbytes = bytes.getInt();
            bytes.position(bytes.position() + nbytes);
            runs++;
        }
        return runs;
    }

    private static byte[] applied(Path file, int nbytes) throws IOException {
        byte[] target = new byte[nbytes];
        try (FileChannel channel = FileChannel.open(file)) {
            new PatchRuns("patch", channel, nbytes)
                    .forEach((at, bytes) -> bytes.get(target, (int) at, bytes.remaining()));
        }
        return target;
    }

    @Test
    void makesOneRunInEachPlaneOfRowsInFortranOrder() throws IOException {
        int rows = 1000;
        int columns = 8;
        Layout layout = new Layout(DType.parse("<i8"), Shape.of(rows, columns), Order.F, 128);
        ByteBuffer row = ByteBuffer.allocate(columns * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Path file = patch(output -> {
            for (int i = 100; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    row.putLong(j * Long.BYTES, i * 10L + j);
                    output.put(layout.elementPosition(i, j), row, j * Long.BYTES, Long.BYTES);
                }
            }
        });
        assertThat(runs(file)).isEqualTo(columns);
        ByteBuffer target =
                ByteBuffer.wrap(applied(file, 128 + rows * columns * 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                assertThat(target.getLong(128 + (j * rows + i) * 8)).isEqualTo(i < 100 ? 0 : i * 10L + j);
            }
        }
    }

    @Test
    void keepsRowsInCOrderOneRunOfEachCollection() throws IOException {
        byte[] bytes = new byte[20 << 20];
        new Random(7).nextBytes(bytes);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        Path file = patch(output -> {
            for (int at = 0; at < bytes.length; at += 4096) {
                output.put(at, all, at, 4096);
            }
        });
        assertThat(runs(file)).isEqualTo(3);
        assertThat(applied(file, bytes.length)).isEqualTo(bytes);
    }

    @Test
    void takesPiecesInAnyOrderOfAnyLength() throws IOException {
        byte[] bytes = new byte[30 << 20];
        new Random(8).nextBytes(bytes);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        int[] cuts = new Random(9).ints(3000, 0, bytes.length).sorted().toArray();
        List<Integer> pieces = IntStream.range(0, cuts.length - 1).boxed().collect(Collectors.toList());
        Collections.shuffle(pieces, new Random(10));
        // More than is collected at a time.
        cuts[0] = 0;
        cuts[1] = 9 << 20;
        Arrays.sort(cuts);
        Path file = patch(output -> {
            for (int piece : pieces) {
                if (cuts[piece + 1] > cuts[piece]) {
                    output.put(cuts[piece], all, cuts[piece], cuts[piece + 1] - cuts[piece]);
                }
            }
        });
        byte[] expected = bytes.clone();
        Arrays.fill(expected, cuts[cuts.length - 1], expected.length, (byte) 0);
        assertThat(applied(file, bytes.length)).isEqualTo(expected);
        assertThat(runs(file)).isLessThan(pieces.size());
    }

    /** A row may be changed twice. */
    @Test
    void theLastOfEqualPlacesIsThere() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
        Path file = patch(output -> {
            for (int i = 0; i < 4; i++) {
                output.put(5, bytes, i, 1);
                output.put(6, bytes, 3 - i, 1);
            }
        });
        assertThat(applied(file, 8)).containsExactly(0, 0, 0, 0, 0, 4, 1, 0);
    }

    @Test
    void takesPlacesFarApart() throws IOException {
        ByteBuffer one = ByteBuffer.wrap(new byte[] {1});
        Path file = patch(output -> {
            output.put(1L << 60, one, 0, 1);
            output.put(0, one, 0, 1);
            output.put((1L << 60) + 1, one, 0, 1);
            output.put(1, one, 0, 1);
        });
        assertThat(runs(file)).isEqualTo(4);
    }
}
