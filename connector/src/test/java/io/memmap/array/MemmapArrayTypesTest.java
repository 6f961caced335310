package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.memory.Mapping;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single elements of every dtype. */
class MemmapArrayTypesTest {
    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private MemmapArray create(String dtype) throws IOException {
        return MemmapArray.raw(directory.resolve("a.dat"))
                .dtype(dtype)
                .mode("w+")
                .shape(2)
                .open();
    }

    @ParameterizedTest
    @CsvSource({
        "i1, -128, 127",
        "u1, 0, 255",
        "<i2, -32768, 32767",
        ">i2, -32768, 32767",
        "<u2, 0, 65535",
        ">u2, 0, 65535",
        "<i4, -2147483648, 2147483647",
        ">i4, -2147483648, 2147483647",
        "<u4, 0, 4294967295",
        ">u4, 0, 4294967295",
        "<i8, -9223372036854775808, 9223372036854775807",
        ">i8, -9223372036854775808, 9223372036854775807",
        "<u8, 0, 18446744073709551615",
        ">u8, 0, 18446744073709551615"
    })
    void holdsEveryIntegerOfItsRangeAndNoOther(String dtype, BigInteger min, BigInteger max) throws IOException {
        try (MemmapArray a = create(dtype)) {
            a.putBigInteger(min, 0);
            a.putBigInteger(max, 1);
            assertThat(a.getBigInteger(0)).isEqualTo(min);
            assertThat(a.getBigInteger(1)).isEqualTo(max);
            assertThat(a.getDouble(1)).isEqualTo(max.doubleValue());
            assertThat(a.getBoolean(1)).isTrue();
            assertThat(a.sum()).isEqualTo(min.add(max).doubleValue());
            BigInteger below = min.subtract(BigInteger.ONE);
            BigInteger above = max.add(BigInteger.ONE);
            assertThatThrownBy(() -> a.putBigInteger(below, 0)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> a.putBigInteger(above, 0)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> a.putDouble(above.doubleValue() * 1.01, 0))
                    .isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> a.putDouble(Double.NaN, 0)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> a.putDouble(1.5, 0)).isInstanceOf(ArithmeticException.class);
            a.putDouble(3.0, 0);
            assertThat(a.getLong(0)).isEqualTo(3);
            assertThat(a.getBigInteger(1)).isEqualTo(max);
        }
    }

    @Test
    void namesTheValueThatDoesNotFit() throws IOException {
        try (MemmapArray a = create("<i2")) {
            assertThatThrownBy(() -> a.putInt(40000, 0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot put 40000 into <i2: expected an integer from -32768 to 32767");
            assertThatThrownBy(() -> a.putDouble(1.5, 0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot put 1.5 into <i2: expected an integer from -32768 to 32767");
            a.putInt(300, 0);
            assertThatThrownBy(() -> a.getByte(0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 300 as a byte: expected a value that it can hold");
        }
        try (MemmapArray a = create("<u8")) {
            a.putDouble(0x1p63, 0);
            assertThatThrownBy(() -> a.getLong(0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 9223372036854775808 as a long: expected at most 9223372036854775807;"
                            + " getBigInteger() holds it");
            assertThat(a.get(0)).isEqualTo(BigInteger.TWO.pow(63));
        }
    }

    @Test
    void takesAnyByteButZeroForTrue() throws IOException {
        try (MemmapArray bytes = create("u1");
                MemmapArray a = MemmapArray.raw(bytes.path()).dtype("?").open()) {
            bytes.putInt(7, 0);
            assertThat(a.getBoolean(0)).isTrue();
            assertThat(a.getInt(0)).isEqualTo(1);
            assertThat(a.get(1)).isEqualTo(false);
            a.putBoolean(true, 1);
            assertThat(bytes.getInt(1)).isEqualTo(1);
            a.putInt(-5, 1);
            assertThat(bytes.getInt(1)).isEqualTo(1);
            assertThat(a.sumLong()).isEqualTo(2);
            byte[] truths = new byte[2];
            a.copyTo(truths);
            assertThat(truths).containsExactly(1, 1);
            a.fill(0.0);
            assertThat(a.max()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f2", ">f2", "bfloat16", "<f4", ">f4", "<f8", ">f8"})
    void holdsFloatsAndTheirSpecialValues(String dtype) throws IOException {
        try (MemmapArray a = create(dtype)) {
            for (double value :
                    new double[] {0.0, -0.0, 1.5, -2.25, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN
                    }) {
                a.putDouble(value, 1);
                assertThat(a.getDouble(1)).isEqualTo(Double.valueOf(value));
                assertThat(a.getFloat(1)).isEqualTo(Float.valueOf((float) value));
                a.putFloat((float) value, 0);
                assertThat(a.getDouble(0)).isEqualTo(Double.valueOf(value));
            }
            a.putLong(12, 0);
            assertThat(a.getByte(0)).isEqualTo((byte) 12);
            a.putDouble(0.5, 0);
            assertThat(a.getBoolean(0)).isTrue();
            assertThatThrownBy(() -> a.getLong(0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 0.5 as a long: expected a value that it can hold");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<f2, 65504, 65519.99, 65520",
        "bfloat16, 3.3895313892515355e38, 3.39e38, 3.4e38",
        "<f4, 3.4028234663852886e38, 3.4028235e38, 3.5e38"
    })
    void roundsIntoANarrowFloatButNeverToInfinity(String dtype, double max, double rounded, double refused)
            throws IOException {
        try (MemmapArray a = create(dtype)) {
            a.putDouble(rounded, 0);
            assertThat(a.getDouble(0)).isEqualTo(max);
            assertThatThrownBy(() -> a.putDouble(-refused, 0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("Cannot put " + -refused + " into ");
            assertThat(a.getDouble(0)).isEqualTo(max);
        }
    }

    @Test
    void refusesToReadATooLargeDoubleAsAFloat() throws IOException {
        try (MemmapArray a = create("<f8")) {
            a.putDouble(1e300, 0);
            assertThatThrownBy(() -> a.getFloat(0))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("Cannot read 1.0E300 as a float: expected a value that it can hold");
            assertThatThrownBy(() -> a.copyTo(new float[2])).isInstanceOf(ArithmeticException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"S6", "<U6", ">U6"})
    void holdsTextUpToItsWidth(String dtype) throws IOException {
        try (MemmapArray a = create(dtype)) {
            a.putString("aé", 0);
            a.putString("abcdef", 1);
            assertThat(a.getString(0)).isEqualTo("aé");
            assertThat(a.get(1)).isEqualTo("abcdef");
            a.putString("", 1);
            assertThat(a.getString(1)).isEmpty();
            assertThat(a.getBytes(1)).isEmpty();
            a.putString("😀x", 1);
            assertThat(a.getString(1)).isEqualTo("😀x");
            assertThatThrownBy(() -> a.putString("abcdefg", 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("Cannot put (7|28) bytes into .[SU]6: expected at most (6|24)");
            assertThat(a.getString(0)).isEqualTo("aé");
            assertThatThrownBy(() -> a.getLong(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot read an integer: dtype " + a.dtype() + ", expected a number");
            assertThatThrownBy(() -> a.fill(1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> a.copyTo(new byte[2])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        try (MemmapArray a = create("S4")) {
            a.putBytes(new byte[] {(byte) 0xff, 1}, 0);
            assertThatThrownBy(() -> a.getString(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot read a string: bytes [-1, 1] of |S4, expected UTF-8; getBytes() gives them as"
                            + " they are");
            assertThat(a.getBytes(0)).containsExactly(-1, 1);
        }
        try (MemmapArray a = create("<U1")) {
            a.putBytes(new byte[] {0, 0, 0x11, 0}, 0);
            assertThatThrownBy(() -> a.getString(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void holdsVoidsAtFullWidth() throws IOException {
        try (MemmapArray a = create("V3")) {
            a.putBytes("x".getBytes(StandardCharsets.US_ASCII), 1);
            assertThat(a.getBytes(1)).containsExactly('x', 0, 0);
            assertThat(a.toBytes()).containsExactly(0, 0, 0, 'x', 0, 0);
            assertThatThrownBy(() -> a.getString(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot read a string: dtype |V3, expected S or U");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<M8[ns]", ">M8[D]", "<m8[us]", ">m8[s]"})
    void holdsTheTicksOfTimes(String dtype) throws IOException {
        try (MemmapArray a = create(dtype)) {
            a.copyFrom(new long[] {5, -7});
            assertThat(a.getLong(1)).isEqualTo(-7);
            assertThat(a.minLong()).isEqualTo(-7);
            assertThat(a.maxLong()).isEqualTo(5);
            assertThatThrownBy(() -> a.sum())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot sum times as a double: dtype " + a.dtype());
            if (dtype.contains("m8")) {
                assertThat(a.sumLong()).isEqualTo(-2);
            } else {
                assertThatThrownBy(() -> a.sumLong())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("Cannot sum datetimes: dtype " + a.dtype() + ", expected numbers or m8");
            }
            a.putLong(Long.MIN_VALUE, 0);
            assertThat(a.minLong()).isEqualTo(Long.MIN_VALUE);
            assertThat(a.maxLong()).isEqualTo(Long.MIN_VALUE);
            if (dtype.contains("m8")) {
                assertThat(a.sumLong()).isEqualTo(Long.MIN_VALUE);
            }
        }
    }
}
