package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.memmap.layout.Order;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies, fills and reductions. */
class MemmapArrayBulkTest {
    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private RawMemmap create(String dtype) {
        return MemmapArray.raw(directory.resolve("a.dat")).dtype(dtype).mode("w+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i1",
                "u1",
                "<i2",
                ">i2",
                "<u2",
                ">u2",
                "<i4",
                ">i4",
                "<u4",
                ">u4",
                "<i8",
                ">i8",
                "<u8",
                ">u8",
                "<f2",
                ">f2",
                "bfloat16",
                "<f4",
                ">f4",
                "<f8",
                ">f8"
            })
    void copiesEveryNumericDtypeFromAndToEveryArray(String dtype) throws IOException {
        // More than a chunk, in both orders, through contiguous and strided views.
        for (Order order : Order.values()) {
            try (MemmapArray a = create(dtype).shape(103, 170).order(order).open()) {
                for (Class<?> type :
                        new Class<?>[] {double.class, float.class, long.class, int.class, short.class, byte.class}) {
                    for (String slice : new String[] {"...", "3:, ::-1", "::-3, 1:100", "7", ":, 5"}) {
                        MemmapArray view = a.slice(slice);
                        Object in = Array.newInstance(type, (int) view.size());
                        for (int i = 0; i < view.size(); i++) {
                            Array.setByte(in, i, (byte) (i % 113));
                        }
                        a.fill(1);
                        view.copyFrom(in);
                        Object out = Array.newInstance(type, (int) view.size());
                        view.copyTo(out);
                        assertThat(out).as("%s of %s", slice, type).isEqualTo(in);
                        assertThat(view.getInt(lastIndex(view))).isEqualTo((int) ((view.size() - 1) % 113));
                        double expected = 0;
                        for (int i = 0; i < view.size(); i++) {
                            expected += i % 113;
                        }
                        assertThat(view.sum()).isEqualTo(expected);
                        assertThat(a.sum()).isEqualTo(expected + a.size() - view.size());
                        assertThat(view.max()).isEqualTo(Math.min(view.size() - 1, 112));
                        assertThat(view.min()).isZero();
                        assertThat(view.mean()).isEqualTo(expected / view.size());
                    }
                }
            }
        }
    }

    private static long[] lastIndex(MemmapArray view) {
        long[] index = new long[view.ndim()];
        Arrays.fill(index, -1);
        return index;
    }

    @Test
    void refusesValuesThatDoNotFit() throws IOException {
        try (MemmapArray a = create("<i2").shape(2).open()) {
            assertThatThrownBy(() -> a.copyFrom(new int[] {1, 70000}))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot put 70000 into <i2: expected an integer from -32768 to 32767");
            a.copyFrom(new double[] {300, -1});
            assertThatThrownBy(() -> a.copyTo(new byte[2]))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 300 as a byte: expected a value that it can hold");
            assertThatThrownBy(() -> a.fill(1e9)).isInstanceOf(ArithmeticException.class);
            a.putInt(1, 0);
            a.flush();
        }
        try (MemmapArray a = create("<u8").shape(1).open()) {
            a.putDouble(0x1p63, 0);
            assertThatThrownBy(() -> a.copyTo(new long[1]))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 9223372036854775808 as a long: expected a value that it can hold");
            double[] doubles = new double[1];
            a.copyTo(doubles);
            assertThat(doubles).containsExactly(0x1p63);
            float[] floats = new float[1];
            a.copyTo(floats);
            assertThat(floats).containsExactly(0x1p63f);
            assertThatThrownBy(() -> a.copyFrom(new long[] {-1})).isInstanceOf(ArithmeticException.class);
        }
        try (MemmapArray a = create("<f8").shape(1).open()) {
            a.fill(0.5);
            assertThatThrownBy(() -> a.copyTo(new int[1])).isInstanceOf(ArithmeticException.class);
        }
    }

    /** Numbers just above the middle of two floats; as doubles they would be the middle. */
    @ParameterizedTest
    @CsvSource({"<u8, 63", ">u8, 63", "<u8, 62", "<i8, 62", ">i8, 60"})
    void roundsAnIntegerToAFloatOnce(String dtype, int exponent) throws IOException {
        BigInteger value = BigInteger.ONE.setBit(exponent).setBit(exponent - 24).setBit(0);
        try (MemmapArray a = create(dtype).shape(1).open()) {
            a.putBigInteger(value, 0);
            float[] floats = new float[1];
            a.copyTo(floats);
            assertThat(floats).containsExactly(Math.scalb(0x1.000002p0f, exponent));
            assertThat(a.getFloat(0)).isEqualTo(floats[0]);
        }
    }

    @Test
    void refusesArraysOfAnotherSizeOrKind() throws IOException {
        try (MemmapArray a = create("<f8").shape(2, 3).open()) {
            assertThatThrownBy(() -> a.copyTo(new double[5]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot copy to an array: double[] of length 5, expected double[], float[], long[],"
                            + " int[], short[] or byte[] of length 6");
            assertThatThrownBy(() -> a.copyFrom(new char[6]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot copy from an array: char[], expected double[]");
            assertThatThrownBy(() -> a.copyFrom("abc")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f2", "<f4", ">f8"})
    void carriesNaNThroughMinAndMax(String dtype) throws IOException {
        try (MemmapArray a = create(dtype).shape(20000).open()) {
            a.fill(3);
            a.putDouble(-7, 19999);
            assertThat(a.min()).isEqualTo(-7);
            assertThat(a.max()).isEqualTo(3);
            a.putDouble(Double.NaN, 12345);
            assertThat(a.min()).isNaN();
            assertThat(a.max()).isNaN();
            assertThat(a.sum()).isNaN();
            a.putDouble(Double.POSITIVE_INFINITY, 12345);
            assertThat(a.sum()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(a.max()).isEqualTo(Double.POSITIVE_INFINITY);
            a.putDouble(Double.NEGATIVE_INFINITY, 1);
            assertThat(a.sum()).isNaN();
        }
    }

    @Test
    void refusesTheExtremesOfNothing() throws IOException {
        try (MemmapArray a = create("<f8").shape(0, 4).open()) {
            assertThatThrownBy(a::min)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot take the min: shape (0, 4) has no elements, expected at least 1");
            assertThatThrownBy(a::max).isInstanceOf(IllegalArgumentException.class);
            assertThat(a.sum()).isZero();
            assertThat(a.mean()).isNaN();
        }
        try (MemmapArray a = create("<i8").shape(0).open()) {
            assertThat(a.sumLong()).isZero();
            assertThatThrownBy(a::maxLong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sumsIntegersExactlyOrNotAtAll() throws IOException {
        try (MemmapArray a = create("<i8").shape(3).open()) {
            a.copyFrom(new long[] {Long.MAX_VALUE, Long.MAX_VALUE, -Long.MAX_VALUE});
            assertThat(a.sumLong()).isEqualTo(Long.MAX_VALUE);
            a.putLong(1, 2);
            assertThatThrownBy(a::sumLong)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot sum " + a.path() + ": 18446744073709551615, expected at most"
                            + " 9223372036854775807; sum() gives the nearest double");
            assertThat(a.sum()).isEqualTo(0x1p64);
            a.putLong(-Long.MAX_VALUE, 1);
            assertThat(a.sumLong()).isEqualTo(1);
        }
        try (MemmapArray a = create(">u8").shape(2).open()) {
            a.putDouble(0x1p63, 0);
            assertThat(a.max()).isEqualTo(0x1p63);
            assertThat(a.min()).isZero();
            assertThatThrownBy(a::maxLong).isInstanceOf(ArithmeticException.class);
        }
        try (MemmapArray a = create("<f8").shape(2).open()) {
            assertThatThrownBy(a::sumLong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot sum floats as a long: dtype <f8, expected integers; sum() gives a double");
        }
    }

    @Test
    void sumsFloatsWithoutPilingUpErrors() throws IOException {
        Random random = new Random(20240607);
        double[] values = random.doubles(300_000, -1e8, 1e8).toArray();
        values[17] = 1e16;
        values[200_001] = -1e16;
        try (MemmapArray a = create("<f8").shape(300, 1000).open()) {
            a.copyFrom(values);
            double exact = Arrays.stream(values)
                    .mapToObj(java.math.BigDecimal::new)
                    .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add)
                    .doubleValue();
            assertThat(a.sum()).isCloseTo(exact, within(1e2));
            a.fill(0.1);
            assertThat(a.sum()).isCloseTo(30_000.0, within(1e-10));
        }
    }

    @Test
    void fillsOnlyTheView() throws IOException {
        for (String dtype : new String[] {"i1", "<i2", ">i4", "<f8"}) {
            try (MemmapArray a = create(dtype).shape(30, 41).open()) {
                a.slice("5:20:3, -2::-4").fill(3);
                a.transpose().slice("0").fill(2.0);
                assertThat(a.sum()).isEqualTo(3.0 * 5 * 10 + 2 * 30);
                assertThat(a.getInt(5, 39)).isEqualTo(3);
                assertThat(a.getInt(6, 39)).isZero();
            }
        }
    }
}
