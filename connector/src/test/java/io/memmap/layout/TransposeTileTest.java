package io.memmap.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposeTileTest {
    private static final int MAX = 16 << 20;

    private static Shape shape(String dims) {
        return Shape.of(java.util.Arrays.stream(dims.split(" "))
                .mapToLong(Long::parseLong)
                .toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "100 1000000, 4, 65536, 1048576",
        "2 100000000, 4, 1048576, 1048576",
        "1 100000000, 4, 1048576, 1048576",
        "100 1000 1000, 4, 131072, 16000",
        "100 10 100000, 4, 16384, 1048576",
        "100 100000 10, 4, 65536, 1048576",
        "10000 10000, 4, 8000, 8000",
        "10000 10000, 1, 3000, 3000",
        "10000 10000, 16, 15000, 15000",
        "20000 1000003, 8, 8000, 8000",
        "10000000 8, 4, 1048576, 1048576",
        "1000000 100, 4, 1048576, 131072",
        "100000 1000, 4, 1048576, 16384",
    })
    void readsAndWritesAreLongWhereTheShapeAllowsIt(String dims, int itemsize, long read, long write) {
        TransposeTile tile = TransposeTile.of(shape(dims), itemsize, MAX);
        assertThat(tile.nbytes()).isLessThanOrEqualTo(MAX);
        assertThat(tile.readNbytes()).as("%s", tile).isGreaterThanOrEqualTo(read);
        assertThat(tile.writeNbytes()).as("%s", tile).isGreaterThanOrEqualTo(write);
    }

    /** A square would be read and written in the root of what fits; no array needs more calls than two such squares. */
    @Test
    void noShapeNeedsMoreCallsThanASquare() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            long rows = 1 + (long) Math.pow(10, 7 * random.nextDouble());
            long columns = 1 + (long) Math.pow(10, 7 * random.nextDouble());
            int itemsize = 1 + random.nextInt(16);
            TransposeTile tile = TransposeTile.of(Shape.of(rows, columns), itemsize, MAX);
            double square = Math.sqrt(1.0 * MAX / itemsize) * itemsize;
            double calls = 1.0 / tile.readNbytes() + 1.0 / tile.writeNbytes();
            double smallest = Math.min(square, (double) rows * columns * itemsize);
            assertThat(calls).as("%s", tile).isLessThan(4 / smallest);
        }
    }

    @Test
    void anElementLargerThanABlockIsABlock() {
        TransposeTile tile = TransposeTile.of(Shape.of(3, 5), 100, 99);
        assertThat(tile.extents()).isEqualTo(Shape.of(1, 1));
        assertThat(tile.nbytes()).isEqualTo(100);
    }
}
