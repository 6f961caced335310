package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.array.Slice;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
    private static final int MOST = 1 << 18;

    @TempDir
    private Path directory;

    /** Rows of a few elements, one row that is too long, and planes of which each is too large. */
    @ParameterizedTest
    @CsvSource({"'7', 1", "'200000, 3', 3", "'2, 600000', 6", "'2, 3, 300000', 12", "'3, 2, 1, 7', 1"})
    void coverAnArrayInOrder(String shape, int count) throws IOException {
        long[] dims = Stream.of(shape.split(", ")).mapToLong(Long::parseLong).toArray();
        try (MemmapArray array = MemmapArray.raw(directory.resolve("x.dat"))
                .mode(Mode.CREATE)
                .dtype("u1")
                .shape(dims)
                .open()) {
            List<Long> sizes = new ArrayList<>();
            List<Integer> filled = new ArrayList<>();
            Blocks.forEach(array.shape(), place -> {
                MemmapArray block = array.slice(place);
                sizes.add(block.size());
                block.fill(sizes.size());
            });
            assertThat(sizes).hasSize(count).allMatch(size -> size <= MOST);
            byte[] bytes = array.toBytes();
            for (byte value : bytes) {
                if (filled.isEmpty() || filled.get(filled.size() - 1) != value) {
                    filled.add((int) value);
                }
            }
            assertThat(filled).hasSize(count).doesNotContain(0).isSorted();
        }
    }

    /** Wide, long, square and deep: each tile has as many elements as fit, in long runs along the first and the last axis. */
    @ParameterizedTest
    @CsvSource({
        "'100, 1000000', 100, 2618",
        "'1000000, 100', 2618, 100",
        "'4096, 4096', 512, 512",
        "'3, 70000, 50', 5124, 50"
    })
    void tilesAreLongBothWays(String text, long firstAxes, long lastAxis) {
        Shape shape =
                Shape.of(Stream.of(text.split(", ")).mapToLong(Long::parseLong).toArray());
        List<Long> sizes = new ArrayList<>();
        Blocks.forEachTile(shape, 8, place -> {
            long size = 1;
            for (int axis = 0; axis < place.length; axis++) {
                size *= length(place[axis]);
            }
            long last = length(place[place.length - 1]);
            if (sizes.isEmpty()) {
                assertThat(last).isEqualTo(lastAxis);
                assertThat(size / last).isEqualTo(firstAxes);
            }
            sizes.add(size);
        });
        assertThat(sizes).allMatch(size -> size <= MOST);
        assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(shape.size());
        assertThat((long) sizes.size()).isLessThan(shape.size() / MOST * 3 / 2 + 2);
    }

    private static long length(Slice slice) {
        return ((Slice.Range) slice).stop() - ((Slice.Range) slice).start();
    }
}
