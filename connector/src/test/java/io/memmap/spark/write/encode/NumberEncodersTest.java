package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.options.Overflow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberEncodersTest {

    @ParameterizedTest
    @CsvSource({
        "BOOLEAN, b1, true, 01",
        "BOOLEAN, b1, false, 00",
        "BOOLEAN, >i4, true, 00000001",
        "BOOLEAN, <f2, true, 003c",
        "TINYINT, i1, -128, 80",
        "TINYINT, <i2, -2, feff",
        "TINYINT, >i8, -2, fffffffffffffffe",
        "SMALLINT, <i2, -32768, 0080",
        "SMALLINT, >i2, 258, 0102",
        "INT, <i4, -2147483648, 00000080",
        "INT, >i4, 16909060, 01020304",
        "INT, i1, 127, 7f",
        "INT, <u4, 2147483647, ffffff7f",
        "BIGINT, <i8, -9223372036854775808, 0000000000000080",
        "BIGINT, >i8, 72623859790382856, 0102030405060708",
        "BIGINT, >u4, 4294967295, ffffffff",
        "BIGINT, u1, 255, ff",
        "BIGINT, <u8, 9223372036854775807, ffffffffffffff7f",
        "'DECIMAL(20,0)', <u8, 18446744073709551615, ffffffffffffffff",
        "'DECIMAL(20,0)', >u8, 9223372036854775808, 8000000000000000",
        "'DECIMAL(10,2)', <i2, 12.00, 0c00",
        "'DECIMAL(10,2)', <f8, 12.50, 0000000000002940",
        "DOUBLE, <i4, -3, fdffffff",
        "DOUBLE, <u8, 18446744073709549568, 00f8ffffffffffff",
        "DOUBLE, <i8, -9223372036854775808, 0000000000000080",
        "FLOAT, u1, 255, ff",
        "FLOAT, <f4, 1.5, 0000c03f",
        "FLOAT, >f4, 1.5, 3fc00000",
        "FLOAT, <f8, 1.5, 000000000000f83f",
        "DOUBLE, >f8, 1.5, 3ff8000000000000",
        "DOUBLE, <f8, -0.0, 0000000000000080",
        "DOUBLE, <f4, 0.1, cdcccc3d",
        "DOUBLE, <f2, 65519.99, ff7b",
        "DOUBLE, <f2, Infinity, 007c",
        "FLOAT, >f2, 0.1, 2e66",
        "FLOAT, bfloat16, 0.1, cd3d",
        "INT, <f4, 16777216, 0000804b",
        "BIGINT, <f8, 9007199254740992, 0000000000004043",
        "INT, <f2, 2048, 0068",
        "BIGINT, bfloat16, 256, 8043"
    })
    void storesWhatFits(String type, String dtype, String value, String hex) {
        assertThat(Encoding.hex(type, dtype, Encoding.value(type, value))).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "INT, i1, 128, 7f, 80",
        "INT, i1, -129, 80, 7f",
        "INT, u1, -1, 00, ff",
        "INT, u1, 256, ff, 00",
        "SMALLINT, u1, -1, 00, ff",
        "TINYINT, <u8, -1, 0000000000000000, ffffffffffffffff",
        "BIGINT, <i2, 40000, ff7f, 409c",
        "BIGINT, <u4, -1, 00000000, ffffffff",
        "BIGINT, >u2, 65536, ffff, 0000",
        "'DECIMAL(20,0)', <u8, -1, 0000000000000000, ffffffffffffffff",
        "'DECIMAL(20,0)', <u8, 18446744073709551616, ffffffffffffffff, 0000000000000000",
        "'DECIMAL(20,0)', <i8, 9223372036854775808, ffffffffffffff7f, 0000000000000080",
        "DOUBLE, i1, 300.7, 7f, 2c",
        "DOUBLE, u1, -1, 00, ff",
        "DOUBLE, <u8, 18446744073709551616, ffffffffffffffff, 0000000000000000",
        "DOUBLE, <i8, 9223372036854775808, ffffffffffffff7f, 0000000000000080",
        "DOUBLE, <f4, 1e39, ffff7f7f, 0000807f",
        "DOUBLE, <f4, -1e39, ffff7fff, 000080ff",
        "DOUBLE, <f2, 65520, ff7b, 007c",
        "FLOAT, bfloat16, 3.4e38, 7f7f, 807f",
        "INT, <f2, 65520, ff7b, 007c"
    })
    void handlesWhatDoesNot(String type, String dtype, String text, String saturated, String wrapped) {
        Object value = Encoding.value(type, text);
        assertThatThrownBy(() -> Encoding.hex(type, dtype, value))
                .isInstanceOf(BadValueException.class)
                .hasMessageStartingWith("column 'v': found ")
                .hasMessageContaining(", expected ")
                .hasMessageContaining("; set overflow=saturate");
        assertThat(Encoding.hex(type, dtype, value, "overflow", "saturate")).isEqualTo(saturated);
        assertThat(Encoding.hex(type, dtype, value, "overflow", "wrap")).isEqualTo(wrapped);
    }

    @ParameterizedTest
    @CsvSource({
        "DOUBLE, <i4, 1.5, 01000000",
        "DOUBLE, <i4, -1.5, ffffffff",
        "DOUBLE, u1, -0.5, 00",
        "'DECIMAL(10,2)', <i4, -1.50, ffffffff",
        "INT, <f4, 16777217, 0000804b",
        "BIGINT, <f8, 9223372036854775807, 000000000000e043",
        "BIGINT, <f4, 9223372036854775807, 0000005f",
        "SMALLINT, <f2, 2049, 0068",
        "SMALLINT, bfloat16, 257, 8043"
    })
    void roundsOnlyWhenAllowedTo(String type, String dtype, String text, String rounded) {
        Object value = Encoding.value(type, text);
        assertThatThrownBy(() -> Encoding.hex(type, dtype, value))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining("; set overflow=saturate to ");
        assertThat(Encoding.hex(type, dtype, value, "overflow", "saturate")).isEqualTo(rounded);
        assertThat(Encoding.hex(type, dtype, value, "overflow", "wrap")).isEqualTo(rounded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "saturate", "wrap"})
    void neverStoresNanAsAnInteger(String overflow) {
        assertThatThrownBy(() -> Encoding.hex("DOUBLE", "<i4", Double.NaN, "overflow", overflow))
                .isInstanceOf(BadValueException.class)
                .hasMessage(
                        "column 'v': found NaN, expected a number as its dtype is <i4; replace it, or give the column"
                                + " a float dtype");
    }

    @Test
    void saturatesInfinitiesOnly() {
        assertThat(Encoding.hex("DOUBLE", "<i2", Double.NEGATIVE_INFINITY, "overflow", "saturate"))
                .isEqualTo("0080");
        assertThatThrownBy(() -> Encoding.hex("DOUBLE", "<i2", Double.POSITIVE_INFINITY, "overflow", "wrap"))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining("found Infinity, expected -32768 to 32767");
    }

    @Test
    void saysWhatWasFoundAndExpected() {
        assertThatThrownBy(() -> Encoding.hex("INT", "i1", 300))
                .hasMessage("column 'v': found 300, expected -128 to 127 as its dtype is |i1; set overflow=saturate or"
                        + " overflow=wrap, or give the column a wider dtype" + Overflow.IN_SQL);
        assertThatThrownBy(() -> Encoding.hex("DOUBLE", "<f4", 1e39))
                .hasMessage(
                        "column 'v': found 1.0E39, expected at most 3.4028234663852886E38 either way as its dtype is"
                                + " <f4; set overflow=saturate, overflow=wrap for an infinity, or give the column a wider"
                                + " dtype" + Overflow.IN_SQL);
        assertThatThrownBy(() -> Encoding.hex("INT", "<f4", 16777217))
                .hasMessage("column 'v': found 16777217, expected a number that its dtype <f4 holds exactly; set"
                        + " overflow=saturate to round it, or give the column a wider dtype" + Overflow.IN_SQL);
    }

    @Test
    void keepsTheBitsOfANan() {
        float signalling = Float.intBitsToFloat(0x7f800001);
        assertThat(Encoding.hex("FLOAT", ">f4", signalling)).isEqualTo("7f800001");
        assertThat(Encoding.hex("FLOAT", "<f4", signalling)).isEqualTo("0100807f");
        assertThat(Encoding.hex("FLOAT", "<f2", Float.NaN)).isEqualTo("007e");
    }

    /** A double that lies just above the middle between two bfloat16s, where rounding to a float first would hide it. */
    @Test
    void roundsToBfloat16Once() {
        assertThat(Encoding.hex("DOUBLE", "bfloat16", 0x1.01p0 + 0x1p-40)).isEqualTo("813f");
        assertThat(Encoding.hex("DOUBLE", "bfloat16", 0x1.01p0)).isEqualTo("803f");
        assertThat(Encoding.hex("DOUBLE", "bfloat16", -0x1.01p0 - 0x1p-40)).isEqualTo("81bf");
        assertThat(Encoding.hex("DOUBLE", "bfloat16", 0x1.03p0 - 0x1p-40)).isEqualTo("813f");
    }

    @Test
    void wrapsAsModuloArithmeticDoes() {
        long seed = 20240607;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            BigInteger value = new BigInteger(66, random).subtract(BigInteger.ONE.shiftLeft(65));
            String expected = String.format(Locale.ROOT, "%08x", value.intValue());
            BigDecimal decimal = new BigDecimal(value);
            assertThat(Encoding.hex("DECIMAL(38,0)", ">u4", decimal, "overflow", "wrap"))
                    .as("%s, seed %d", value, seed)
                    .isEqualTo(expected);
            assertThat(Encoding.hex("BIGINT", ">i4", value.longValue(), "overflow", "wrap"))
                    .as("%s, seed %d", value, seed)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
            STRING; <i4; a number or BOOLEAN
            INT; b1; BOOLEAN
            DATE; <i4; a number or BOOLEAN
            INT; U3; STRING
            INT; <M8[D]; DATE or TIMESTAMP or TIMESTAMP_NTZ or BIGINT
            INT; <c8; a STRUCT<re, im> of numbers
            BOOLEAN; S1; STRING or BINARY
            STRING; V3; BINARY
            STRUCT<a: INT>; <i4; a number or BOOLEAN
            """)
    void refusesTypesThatAreNoNumbers(String type, String dtype, String expected) {
        assertThatThrownBy(() -> Encoding.bytes(type, dtype, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot write column 'v': its type is ")
                .hasMessageEndingWith(", expected " + expected + "; cast the column, or give it another dtype");
    }
}
