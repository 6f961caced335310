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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionKernelsTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 5001;

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", "<u8", "<f2", "<f8"})
    void findsExtremesAndSumsInLongRuns(String dtype) throws IOException {
        boolean signed = !dtype.contains("u");
        long[] numbers = new long[ROWS * COLUMNS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (i * 37L) % 101 - (signed ? 50 : 0);
        }
        // In the last numbers of a run, which fill no block.
        numbers[COLUMNS - 1] = 120;
        numbers[2 * COLUMNS - 2] = signed ? -120 : 0;
        for (Order order : Order.values()) {
            try (MemmapArray a = MemmapArray.raw(directory.resolve("a.dat"))
                    .dtype(dtype)
                    .mode("w+")
                    .shape(ROWS, COLUMNS)
                    .order(order)
                    .open()) {
                a.copyFrom(numbers);
                for (String slice : List.of("...", "::-1, 1:", ":, ::2", ":, :7", "0, -1")) {
                    MemmapArray view = a.slice(slice);
                    long[] expected = new long[(int) view.size()];
                    view.copyTo(expected);
                    assertThat(view.max())
                            .as("%s %s", order, slice)
                            .isEqualTo(Arrays.stream(expected).max().orElseThrow());
                    assertThat(view.min())
                            .as("%s %s", order, slice)
                            .isEqualTo(Arrays.stream(expected).min().orElseThrow());
                    assertThat(view.sum()).isEqualTo(Arrays.stream(expected).sum());
                }
                assertThat(a.max()).isEqualTo(120);
                assertThat(a.min()).isEqualTo(signed ? -120 : 0);
            }
        }
    }

    @Test
    void anyByteButZeroIsTrue() throws IOException {
        Path file = directory.resolve("b.dat");
        try (MemmapArray bytes =
                        MemmapArray.raw(file).dtype("u1").mode("w+").shape(5001).open();
                MemmapArray truths =
                        MemmapArray.raw(file).dtype("?").mode("r").shape(5001).open()) {
            assertThat(truths.max()).isZero();
            bytes.putInt(255, 17);
            bytes.putInt(128, 5000);
            bytes.putInt(2, 0);
            assertThat(truths.max()).isEqualTo(1);
            assertThat(truths.min()).isZero();
            assertThat(truths.sum()).isEqualTo(3);
            bytes.fill(7);
            assertThat(truths.minLong()).isEqualTo(1);
            assertThat(truths.sumLong()).isEqualTo(5001);
        }
    }

    @Test
    void takesSmallIntegersFromTheMapping() {
        assertThat(isMapped("i1", 5, 1024)).isTrue();
        assertThat(isMapped("u1", 2048)).isTrue();
        assertThat(isMapped("<i2", 5, 1024)).isTrue();
        assertThat(isMapped(">u2", 5, 1024)).isFalse();
        assertThat(isMapped("<i4", 5, 1024)).isFalse();
        assertThat(ReductionKernels.isMapped(of("i1", 5000, 1024).slice(Slice.parse(":, :100"))))
                .isFalse();
    }

    private static boolean isMapped(String dtype, long... shape) {
        return ReductionKernels.isMapped(of(dtype, shape));
    }

    private static Strided of(String dtype, long... shape) {
        return Strided.of(new Layout(DType.parse(dtype), Shape.of(shape), Order.C, 0));
    }
}
