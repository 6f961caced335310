package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slices, transposes and fields. */
class MemmapArrayViewTest {
    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    /** {@code np.arange(size).reshape(shape)}. */
    private MemmapArray arange(Order order, long... shape) throws IOException {
        MemmapArray a = MemmapArray.raw(directory.resolve("a.dat"))
                .dtype("<i8")
                .mode("w+")
                .shape(shape)
                .order(order)
                .open();
        a.copyFrom(LongStream.range(0, a.size()).toArray());
        return a;
    }

    private static long[] values(MemmapArray a) {
        long[] values = new long[(int) a.size()];
        a.copyTo(values);
        return values;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void slicesAsNumPyDoes(Order order) throws IOException {
        try (MemmapArray a = arange(order, 4, 5)) {
            assertThat(values(a.slice("1:3, 2"))).containsExactly(7, 12);
            assertThat(values(a.slice("-1"))).containsExactly(15, 16, 17, 18, 19);
            assertThat(values(a.slice("::-2, -2:"))).containsExactly(18, 19, 8, 9);
            assertThat(values(a.slice("..., 0"))).containsExactly(0, 5, 10, 15);
            assertThat(values(a.slice("0, ..."))).containsExactly(0, 1, 2, 3, 4);
            assertThat(values(a.slice(":, 4:1:-2"))).containsExactly(4, 2, 9, 7, 14, 12, 19, 17);
            assertThat(values(a.slice("2:100, 3:"))).containsExactly(13, 14, 18, 19);
            assertThat(a.slice("3:1").shape()).isEqualTo(Shape.of(0, 5));
            assertThat(a.slice("2, 3").shape()).isEqualTo(Shape.of());
            assertThat(a.slice("2, 3").getLong()).isEqualTo(13);
            assertThat(values(a.slice(Slice.of(1, 3), Slice.at(-1)))).containsExactly(9, 14);
            assertThat(values(a.slice(Slice.every(-3), Slice.upTo(1)))).containsExactly(15, 0);
            assertThat(values(a.slice(Slice.ellipsis(), Slice.from(-1)))).containsExactly(4, 9, 14, 19);
            assertThat(values(a.slice(Slice.all(), Slice.of(3, 0, -2)))).containsExactly(3, 1, 8, 6, 13, 11, 18, 16);
        }
    }

    @Test
    void writesThroughViewsOfViews() throws IOException {
        try (MemmapArray a = arange(Order.C, 4, 5)) {
            MemmapArray view = a.slice("1:, ::2").transpose().slice("-1, ::-1");
            assertThat(values(view)).containsExactly(19, 14, 9);
            view.putLong(-1, 0);
            view.slice("1:").fill(-2);
            assertThat(values(a.slice(":, 4"))).containsExactly(4, -2, -2, -1);
            view.copyFrom(new int[] {1, 2, 3});
            assertThat(values(a.slice(":, 4"))).containsExactly(4, 3, 2, 1);
            assertThat(a.slice("::-1").strides()).containsExactly(-40, 8);
        }
    }

    @Test
    void transposesWithoutMovingBytes() throws IOException {
        try (MemmapArray a = arange(Order.C, 2, 3, 4)) {
            MemmapArray t = a.transpose();
            assertThat(t.shape()).isEqualTo(Shape.of(4, 3, 2));
            assertThat(t.getLong(3, 1, 1)).isEqualTo(a.getLong(1, 1, 3));
            assertThat(values(t.transpose())).isEqualTo(values(a));
            t.putLong(99, 3, 1, 1);
            assertThat(a.getLong(1, 1, 3)).isEqualTo(99);
        }
    }

    @Test
    void countsNegativeIndicesFromTheEnd() throws IOException {
        try (MemmapArray a = arange(Order.C, 4, 5)) {
            assertThat(a.getLong(-1, -5)).isEqualTo(15);
            assertThatThrownBy(() -> a.getLong(0, 5))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("index 5 is out of bounds for axis 1 with size 5");
            assertThatThrownBy(() -> a.putLong(1, -5, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("index -5 is out of bounds for axis 0 with size 4");
            assertThatThrownBy(() -> a.slice("4"))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("index 4 is out of bounds for axis 0 with size 4");
            assertThatThrownBy(() -> a.slice("0, 0, :"))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("too many indices for array: array is 2-dimensional, but 3 were indexed");
            assertThatThrownBy(() -> a.getLong(1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot take an element of shape (4, 5): 1 indices, expected 2; slice() gives views");
            assertThatThrownBy(() -> a.slice("..., ..."))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot slice [..., ...]: 2 ellipses ('...'), expected at most 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "1:2:3:4", "1,,2", "1.5", "None", "[1]", "1 2", "99999999999999999999", ",", "...:"})
    void refusesWhatIsNoSlice(String text) {
        assertThatThrownBy(() -> Slice.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot slice [" + text + "]: '")
                .hasMessageEndingWith("expected an integer, start:stop, start:stop:step or ...");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"10:15,10:15|10:15, 10:15", " 1 : 2 : -3 |1:2:-3", "3,|3", "::|:", "...,-1|..., -1"})
    void readsWhatStandsBetweenBrackets(String text, String canonical) {
        assertThat(String.join(
                        ", ", Slice.parse(text).stream().map(Slice::toString).toList()))
                .isEqualTo(canonical);
    }

    @Test
    void refusesAStepOfZero() {
        assertThatThrownBy(() -> Slice.parse("::0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot slice: step 0, expected any other");
        assertThatThrownBy(() -> Slice.every(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesExtremeBoundsAndSteps() throws IOException {
        try (MemmapArray a = arange(Order.C, 5)) {
            assertThat(values(a.slice(Slice.of(Long.MIN_VALUE, Long.MAX_VALUE))))
                    .hasSize(5);
            assertThat(values(a.slice(Slice.every(Long.MAX_VALUE)))).containsExactly(0);
            assertThat(values(a.slice(Slice.every(Long.MIN_VALUE)))).containsExactly(4);
            assertThat(values(a.slice(Slice.of(Long.MAX_VALUE, Long.MIN_VALUE, -2))))
                    .containsExactly(4, 2, 0);
        }
    }

    @Test
    void keepsWhatAPythonRangeKeeps() throws IOException {
        long seed = Long.getLong("memmap.seed", System.nanoTime());
        Random random = new Random(seed);
        try (MemmapArray a = arange(Order.C, 7, 6)) {
            for (int trial = 0; trial < 2000; trial++) {
                Slice.Range rows = range(random);
                Slice.Range columns = range(random);
                List<Long> expected = new ArrayList<>();
                for (long row : kept(rows, 7)) {
                    for (long column : kept(columns, 6)) {
                        expected.add(row * 6 + column);
                    }
                }
                assertThat(values(a.slice(rows + ", " + columns)))
                        .as("[%s, %s], seed %s", rows, columns, seed)
                        .isEqualTo(expected.stream().mapToLong(Long::longValue).toArray());
            }
        }
    }

    private static Slice.Range range(Random random) {
        int step = random.nextInt(9) - 4;
        return new Slice.Range(bound(random), bound(random), step == 0 ? 1 : step);
    }

    private static Long bound(Random random) {
        return random.nextInt(4) == 0 ? null : Long.valueOf(random.nextInt(22) - 11);
    }

    /** Python's definition, one position at a time. */
    private static List<Long> kept(Slice.Range range, long length) {
        long low = range.step() > 0 ? 0 : -1;
        long high = range.step() > 0 ? length : length - 1;
        long start = range.start() == null
                ? (range.step() > 0 ? low : high)
                : Math.max(low, Math.min(high, range.start() < 0 ? range.start() + length : range.start()));
        long stop = range.stop() == null
                ? (range.step() > 0 ? high : low)
                : Math.max(low, Math.min(high, range.stop() < 0 ? range.stop() + length : range.stop()));
        List<Long> kept = new ArrayList<>();
        for (long i = start; range.step() > 0 ? i < stop : i > stop; i += range.step()) {
            kept.add(i);
        }
        return kept;
    }

    @Test
    void viewsTheFieldsOfRecords() throws IOException {
        try (MemmapArray a = MemmapArray.raw(directory.resolve("r.dat"))
                .dtype("[('id', '<i4'), ('v', '>f4', (3,)), ('name', 'S5')]")
                .mode("w+")
                .shape(4)
                .open()) {
            a.field("id").copyFrom(new int[] {10, 20, 30, 40});
            MemmapArray v = a.field("v");
            assertThat(v.shape()).isEqualTo(Shape.of(4, 3));
            assertThat(v.strides()).containsExactly(21, 4);
            v.slice(":, 1").fill(1.5);
            a.field("name").putString("héy", 3);
            assertThat(v.sum()).isEqualTo(6.0);
            assertThat(v.getFloat(2, 1)).isEqualTo(1.5f);
            assertThat(a.field("id").slice("::-1").getInt(0)).isEqualTo(40);
            assertThat(a.field("name").getString(3)).isEqualTo("héy");
            assertThat(a.getBytes(3)).startsWith(40, 0, 0, 0).hasSize(21);
            assertThat(a.field("id").max()).isEqualTo(40);
            assertThatThrownBy(() -> a.field("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot take field 'x': no field of that name, expected one of id, v, name");
            assertThatThrownBy(() -> v.field("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot take field 'x': the dtype is >f4, expected a record");
            assertThatThrownBy(() -> a.sum())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("field(), real() and imag() give views of parts");
        }
    }

    @Test
    void viewsThePartsOfComplexNumbers() throws IOException {
        try (MemmapArray a = MemmapArray.raw(directory.resolve("c.dat"))
                .dtype(">c16")
                .mode("w+")
                .shape(2, 2)
                .open()) {
            a.real().copyFrom(new double[] {1, 2, 3, 4});
            a.imag().fill(-1);
            assertThat(a.real().sum()).isEqualTo(10);
            assertThat(a.imag().transpose().getDouble(1, 0)).isEqualTo(-1);
            assertThat(a.real().dtype()).hasToString(">f8");
            assertThatThrownBy(() -> a.getDouble(0, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot read a number: dtype >c16, expected one; real() and imag() give views of its"
                            + " parts");
            assertThatThrownBy(() -> a.real().real())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot take a part of a complex number: dtype >f8, expected c8 or c16");
        }
    }

    @Test
    void spreadsASubArrayOverMoreAxes() throws IOException {
        try (MemmapArray a = MemmapArray.raw(directory.resolve("s.dat"))
                .dtype(new SubArrayDType(DType.parse("<f8"), List.of(2)))
                .mode("w+")
                .shape(3)
                .open()) {
            assertThat(a.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(a.nbytes()).isEqualTo(48);
        }
        // NumPy's own elements lie in order F over all axes then.
        Layout inOrderF = new Layout(DType.parse("('<f8', (2,))"), Shape.of(3, 1), Order.F, 0);
        Path file = directory.resolve("s.dat");
        for (ThrowingCallable each : List.<ThrowingCallable>of(
                () -> MemmapArray.raw(file)
                        .dtype("('<f8', (2,))")
                        .order(Order.F)
                        .shape(3)
                        .open(),
                () -> MemmapArray.open(file, Mode.READ_ONLY, inOrderF),
                () -> MemmapArray.create(file, new byte[0], inOrderF))) {
            assertThatThrownBy(each)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "with order F, expected order C; give the axes of the sub-array in the shape");
        }
        assertThat(file).hasSize(48);
    }
}
