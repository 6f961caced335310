package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesEncodersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            textBlock =
                    """
            S4; utf-8; ab; 61620000
            S4; utf-8; ""; 00000000
            S5; utf-8; é€; c3a9e282ac
            S2; latin1; éÿ; e9ff
            S3; latin1; é; e90000
            S2; binary; ab; 6162
            <U2; utf-8; a; 6100000000000000
            >U2; utf-8; a😀; 000000610001f600
            <U1; latin1; 😀; 00f60100
            """)
    void storesText(String dtype, String encoding, String text, String hex) {
        assertThat(Encoding.hex("STRING", dtype, text, "stringEncoding", encoding))
                .isEqualTo(hex);
    }

    @Test
    void storesCharactersOfEveryLength() {
        long seed = 20240609;
        Random random = new Random(seed);
        int[] bounds = {0x1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
        for (int i = 0; i < 2000; i++) {
            int codePoint = i < bounds.length ? bounds[i] : random.nextInt(0x110000);
            if (codePoint == 0 || codePoint >= 0xd800 && codePoint <= 0xdfff) {
                continue;
            }
            assertThat(Encoding.hex("STRING", ">U1", Character.toString(codePoint)))
                    .as("seed %d", seed)
                    .isEqualTo(String.format(Locale.ROOT, "%08x", codePoint));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            S3 ! utf-8 ! abcd ! found 'abcd' of 4 bytes in UTF-8, expected at most 3 as its dtype is |S3; give it a wider one by columnDtypes when the array is made, such as S4
            S3 ! utf-8 ! é€ ! found 'é€' of 5 bytes in UTF-8, expected at most 3 as its dtype is |S3; give it a wider one by columnDtypes when the array is made, such as S5
            S1 ! latin1 ! éé ! found 'éé' of 2 characters, expected at most 1 as its dtype is |S1; give it a wider one by columnDtypes when the array is made, such as S2
            S3 ! latin1 ! a€ ! found 'a€' with U+20AC, expected only characters of Latin-1 as stringEncoding is latin1; set stringEncoding=utf-8, or give the column a U dtype
            <U2 ! utf-8 ! abc ! found 'abc' of 3 characters, expected at most 2 as its dtype is <U2; give it a wider one by columnDtypes when the array is made, such as U3
            <U1 ! utf-8 ! aaaaaa ! found 'aaaaaa' of 6 characters, expected at most 1 as its dtype is <U1; give it a wider one by columnDtypes when the array is made, such as U6
            """)
    void refusesTextThatDoesNotFit(String dtype, String encoding, String text, String message) {
        assertThatThrownBy(() -> Encoding.hex("STRING", dtype, text, "stringEncoding", encoding))
                .isInstanceOf(BadValueException.class)
                .hasMessage("column 'v': " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"S5", "U5"})
    void refusesTextThatEndsInNul(String dtype) {
        assertThatThrownBy(() -> Encoding.hex("STRING", dtype, "ab\0"))
                .isInstanceOf(BadValueException.class)
                .hasMessageStartingWith(
                        "column 'v': found 'ab\\x00' with a NUL at the end, expected none as its dtype is ");
        assertThat(Encoding.hex("STRING", "S3", "a\0b")).isEqualTo("610062");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "e282", "80"})
    void refusesWhatIsNoUtf8(String hex) {
        UTF8String bad = UTF8String.fromBytes(HexFormat.of().parseHex("61" + hex));
        for (String dtype : new String[] {"S8", "U8"}) {
            assertThatThrownBy(() -> Encoding.hex("STRING", dtype, bad))
                    .isInstanceOf(BadValueException.class)
                    .hasMessage("column 'v': found byte 0x" + hex.substring(0, 2)
                            + " at position 1 of a STRING, expected UTF-8; cast the column to BINARY and give"
                            + " it a V dtype");
        }
    }

    @Test
    void storesBinary() {
        byte[] value = {1, 0, 2};
        assertThat(Encoding.hex("BINARY", "V3", value)).isEqualTo("010002");
        assertThat(Encoding.hex("BINARY", "S5", value)).isEqualTo("0100020000");
        assertThat(Encoding.hex("BINARY", "V2", new byte[] {1, 0})).isEqualTo("0100");
        assertThat(Encoding.hex("BINARY", "S2", new byte[] {1, 0}, "stringEncoding", "binary"))
                .isEqualTo("0100");
    }

    @Test
    void refusesBinaryThatWouldComeBackDifferent() {
        assertThatThrownBy(() -> Encoding.hex("BINARY", "V4", new byte[3]))
                .hasMessage("column 'v': found 3 bytes, expected exactly 4 as its dtype is |V4; give the column another"
                        + " width");
        assertThatThrownBy(() -> Encoding.hex("BINARY", "S2", new byte[3]))
                .hasMessage("column 'v': found 3 bytes, expected at most 2 as its dtype is |S2; give the column another"
                        + " width");
        assertThatThrownBy(() -> Encoding.hex("BINARY", "S2", new byte[2]))
                .hasMessage(
                        "column 'v': found 2 bytes with a NUL at the end, expected none as its dtype is |S2, from which"
                                + " NumPy cuts it; use a V dtype");
        assertThatThrownBy(() -> Encoding.hex("BINARY", "S3", new byte[2], "stringEncoding", "binary"))
                .hasMessageContaining("with a NUL at the end");
    }
}
