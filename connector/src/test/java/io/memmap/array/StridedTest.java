package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StridedTest {
    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private static Strided of(Order order, long... shape) {
        return Strided.of(new Layout(DType.parse("<f8"), Shape.of(shape), order, 0));
    }

    @Test
    void runsAreAlongTheAxisOfTheSmallestStride() {
        assertThat(of(Order.F, 100, 1_000_000).runAxis()).isZero();
        assertThat(of(Order.F, 1_000_000, 100).runAxis()).isZero();
        assertThat(of(Order.F, 9, 10, 11).runAxis()).isZero();
        assertThat(of(Order.C, 9, 10, 11).runAxis()).isEqualTo(2);
        assertThat(of(Order.C, 9, 10, 11).transpose().runAxis()).isZero();
        // Runs of few elements cost more than they gain.
        assertThat(of(Order.F, 3, 1000, 20).runAxis()).isEqualTo(1);
        assertThat(of(Order.F, 3, 4, 5).runAxis()).isEqualTo(2);
        assertThat(of(Order.C, 1000, 3).runAxis()).isZero();
        assertThat(of(Order.F, 5000).runAxis()).isZero();
        assertThat(of(Order.F).runAxis()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"'100, 0'", "'0, 100'", "'0, 100, 3'", "'100, 0, 3'", "'100, 3, 0'", "'0, 3000000000, 5'"})
    void copiesNoElements(String text) throws IOException {
        long[] lengths =
                Arrays.stream(text.split(", ")).mapToLong(Long::parseLong).toArray();
        for (Order order : Order.values()) {
            try (MemmapArray a = MemmapArray.raw(directory.resolve("x.dat"))
                    .dtype("<i4")
                    .mode("w+")
                    .shape(lengths)
                    .order(order)
                    .open()) {
                for (MemmapArray view : new MemmapArray[] {a, a.transpose()}) {
                    view.copyTo(new int[0]);
                    view.copyTo(new double[0]);
                    assertThat(view.size()).isZero();
                }
            }
        }
    }

    /** Runs of several tiles, in axes that are walked in every order. */
    @ParameterizedTest
    @CsvSource({
        "'<i4', '2500, 9'",
        "'<f8', '9, 2500'",
        "'<u8', '11, 12, 1300'",
        "'<f2', '1300, 11, 12'",
        "'<f4', '2, 600, 500'",
        "'<i2', '11, 1300, 12'"
    })
    void copiesTransposedViewsInCOrder(String dtype, String text) throws IOException {
        long[] lengths = Shape.of(Arrays.stream(text.split(", "))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toArray();
        for (Order order : Order.values()) {
            try (MemmapArray a = MemmapArray.raw(directory.resolve("x.dat"))
                    .dtype(dtype)
                    .mode("w+")
                    .shape(lengths)
                    .order(order)
                    .open()) {
                long[] numbers = new long[(int) a.size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = i % 2039;
                }
                a.copyFrom(numbers);
                for (String slice : new String[] {"...", "1:, ::-1", "::2, 1:"}) {
                    for (MemmapArray view :
                            new MemmapArray[] {a.slice(slice), a.slice(slice).transpose()}) {
                        long[] expected = new long[(int) view.size()];
                        collect(view, new long[view.ndim()], 0, 0, expected);
                        long[] longs = new long[expected.length];
                        view.copyTo(longs);
                        assertThat(longs).isEqualTo(expected);
                        double[] doubles = new double[expected.length];
                        view.copyTo(doubles);
                        assertThat(doubles)
                                .isEqualTo(
                                        Arrays.stream(expected).asDoubleStream().toArray());
                    }
                }
            }
        }
    }

    private static int collect(MemmapArray view, long[] index, int axis, int done, long[] out) {
        if (axis == index.length) {
            out[done] = (long) view.getDouble(index);
            return done + 1;
        }
        int count = done;
        for (long i = 0; i < view.shape().dim(axis); i++) {
            index[axis] = i;
            count = collect(view, index, axis + 1, count, out);
        }
        return count;
    }
}
