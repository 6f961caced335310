package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralBytesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            textBlock =
                    """
            b1; true; 01
            b1; 0; 00
            >i2; -1; ffff
            >i2; 1.0; 0001
            <u8; 18446744073709551615; ffffffffffffffff
            <f4; nan; 0000c07f
            >f2; -inf; fc00
            bfloat16; 1e2; c842
            <c8; 1; 0000803f00000000
            S3; n/a; 6e2f61
            S3; ""; 000000
            S3; b'ab'; 616200
            S5; b'ab; 6227616200
            >U2; b'ab'; 0000006100000062
            V2; b"a'"; 6127
            V3; b'a'; 610000
            >U2; é; 000000e900000000
            V2; 0; 0000
            V2; 0x01ff; 01ff
            >M8[s]; NaT; 8000000000000000
            >m8[s]; 3; 0000000000000003
            [('a', 'i1'), ('b', '>i2', (2,))]; 1; 0100010001
            """)
    void makesBytesOfText(String dtype, String text, String hex) {
        assertThat(Encoding.literal(dtype, text)).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
            b1; 2; found '2', expected true or false
            u1; -1; found '-1', expected an integer that |u1 holds
            u1; 256; found '256', expected an integer that |u1 holds
            <i4; 1.5; found '1.5', expected an integer that <i4 holds
            <i4; nan; found 'nan', expected an integer that <i4 holds
            <f4; x; found 'x', expected a number, nan, inf or -inf for <f4
            <f2; 70000; found '70000', expected a number that <f2 holds
            S2; abc; found 'abc', expected a text that fits |S2 and does not end in NUL
            V2; 0x01; found '0x01', expected 0, or 0x and two hexadecimal digits for each byte of |V2
            <M8[10s]; x; found 'x', expected NaT, or a count of 10 s since 1970
            [('a', 'u1'), ('b', '<f4')]; -1; found '-1', expected an integer that |u1 holds
            """)
    void refusesWhatTheDtypeCannotHold(String dtype, String text, String message) {
        assertThatThrownBy(() -> Encoding.literal(dtype, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
