package io.memmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.format.Origin;
import io.memmap.format.Sequences;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowBoundsTest {
    private static final long SEED = Long.getLong("memmap.seed", 17);
    private static final int ITEMSIZE = 2;

    /** The ways in which an index has the bounds of sequences. */
    private enum Kind {
        /** Bytes of each start, as in Megatron. */
        POINTERS,
        /** Elements of each start and the end, as in fairseq's older datasets. */
        OFFSETS,
        /** Elements of each end, as in datatrove. */
        ENDS
    }

    /** An index in memory, of which each array is one of longs. */
    private static final class Index {
        private final Kind kind;
        private final int[] lengths;
        private final long elements;
        private final long[] bounds;
        private final long[] sizes;
        private final long[] documents;

        Index(Kind kind, int[] lengths, long[] documents) {
            this.kind = kind;
            this.lengths = lengths;
            this.elements = IntStream.of(lengths).asLongStream().sum();
            this.sizes = kind == Kind.ENDS
                    ? null
                    : IntStream.of(lengths).asLongStream().toArray();
            this.documents = documents;
            long[] offsets = new long[lengths.length + 1];
            for (int i = 0; i < lengths.length; i++) {
                offsets[i + 1] = offsets[i] + lengths[i];
            }
            this.bounds = switch (kind) {
                case POINTERS ->
                    Arrays.stream(offsets, 0, lengths.length)
                            .map(offset -> offset * ITEMSIZE)
                            .toArray();
                case OFFSETS -> offsets;
                case ENDS -> Arrays.copyOfRange(offsets, 1, offsets.length);
            };
        }

        private static ArrayFile file(String member, String dtype, long count, Sequences sequences) {
            Layout layout = new Layout(DType.parse(dtype), Shape.of(count), Order.C, 0);
            Origin origin = new Origin("megatron", member, 0, false, null);
            String path = "/d/x." + (sequences == null ? "idx" : "bin");
            return new ArrayFile(
                    path, new Fingerprint("", layout.end(), 0), ByteString.EMPTY, layout, origin, List.of(), sequences);
        }

        private static ArrayFile file(String member, long[] items) {
            return items == null ? null : file(member, "<i8", items.length, null);
        }

        RowBounds read() {
            Sequences sequences = new Sequences(
                    lengths.length,
                    file("pointers", bounds),
                    kind == Kind.ENDS ? 1 : 0,
                    kind == Kind.POINTERS ? ITEMSIZE : 1,
                    file("sizes", sizes),
                    file("documents", documents));
            List<RowBounds.Bytes> bytes = new ArrayList<>();
            for (long[] items : new long[][] {bounds, sizes, documents}) {
                if (items != null) {
                    ByteBuffer buffer =
                            ByteBuffer.allocate(items.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    buffer.asLongBuffer().put(items);
                    bytes.add((offset, nbytes) -> buffer.slice(Math.toIntExact(offset), nbytes));
                }
            }
            return new RowBounds(file("tokens", "<u2", elements, sequences), bytes);
        }

        int rowCount() {
            return documents == null ? lengths.length : documents.length - 1;
        }

        /** The first element of a row. */
        long expected(int row) {
            int sequence = documents == null ? row : (int) documents[row];
            return IntStream.of(lengths).limit(sequence).asLongStream().sum();
        }
    }

    private static Index random(Kind kind, Random random, int most) {
        int[] lengths = random.ints(random.nextInt(most + 1), 0, 4).toArray();
        long[] documents = null;
        if (kind != Kind.ENDS && random.nextBoolean()) {
            long[] inner =
                    random.longs(random.nextInt(6), 0, lengths.length + 1).toArray();
            documents = Arrays.copyOf(inner, inner.length + 2);
            documents[inner.length + 1] = lengths.length;
            Arrays.sort(documents);
        }
        return new Index(kind, lengths, documents);
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreEndToEnd(Kind kind) throws IOException {
        for (int most : new int[] {0, 1, 7, 9000}) {
            for (int seed = 0; seed < 20; seed++) {
                Random random = new Random(SEED + seed);
                Index index = random(kind, random, most);
                RowBounds bounds = index.read();
                if (index.rowCount() == 0) {
                    continue;
                }
                int from = random.nextInt(index.rowCount());
                assertThat(bounds.seek(from)).as("seed %d", seed).isEqualTo(index.expected(from));
                for (int row = from + 1; row <= Math.min(from + 50, index.rowCount()); row++) {
                    assertThat(bounds.next()).as("row %d of seed %d", row, seed).isEqualTo(index.expected(row));
                }
                for (int row : new int[] {0, index.rowCount(), random.nextInt(index.rowCount()), from}) {
                    assertThat(bounds.start(row))
                            .as("row %d of seed %d", row, seed)
                            .isEqualTo(index.expected(row));
                }
                assertThat(bounds.seek(0)).isEqualTo(index.expected(0));
            }
        }
    }

    /** Whatever is in an index, a row is inside the array, or the index is refused by name. */
    @ParameterizedTest
    @EnumSource
    void damagedBoundsAreRefused(Kind kind) {
        long[] edges = {0, 1, -1, 3, 8, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE};
        int refused = 0;
        for (long seed = SEED; seed < SEED + 5000; seed++) {
            Random random = new Random(seed);
            Index index = random(kind, random, 12);
            List<long[]> arrays = new ArrayList<>(Arrays.asList(index.bounds, index.sizes, index.documents));
            arrays.removeIf(array -> array == null || array.length == 0);
            if (arrays.isEmpty()) {
                continue;
            }
            long[] array = arrays.get(random.nextInt(arrays.size()));
            array[random.nextInt(array.length)] = edges[random.nextInt(edges.length)];
            RowBounds bounds = index.read();
            try {
                long at = bounds.seek(0);
                for (int row = 1; row <= index.rowCount(); row++) {
                    long next = bounds.next();
                    assertThat(next).as("row %d of seed %d", row, seed).isBetween(at, index.elements);
                    assertThat(bounds.start(row))
                            .as("row %d of seed %d", row, seed)
                            .isEqualTo(next);
                    at = next;
                }
            } catch (IOException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d", seed)
                        .startsWith("Cannot read the sequences of /d/x.bin: by its index /d/x.idx ");
            }
        }
        assertThat(refused).isBetween(2000, 4900);
    }
}
