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
            >i2; 12e3; 2ee0
            >i2; 0e99999999; 0000
            >i2; 0e-99999999; 0000
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
            >m8[s]; 5 seconds; 0000000000000005
            >m8[s]; -3 minutes; ffffffffffffff4c
            >m8[ns]; 1 microseconds; 00000000000003e8
            >m8[25s]; 125 seconds; 0000000000000005
            >m8[Y]; 5 years; 0000000000000005
            >m8[M]; 2 years; 0000000000000018
            >m8[D]; 1 day; 0000000000000001
            >m8[W]; -14 days; fffffffffffffffe
            >m8[D]; 2 days, 0:00:00; 0000000000000002
            >m8[us]; -1 day, 0:00:05.000007; ffffffebe274eb47
            >m8[s]; 5:00:00; 0000000000004650
            >M8[us]; 2020-01-02 03:04:05.000006; 00059b1f7226f346
            >M8[D]; 2020-01-02 00:00:00; 0000000000004757
            >M8[Y]; 2020; 0000000000000032
            >M8[Y]; 2020-01-01; 0000000000000032
            >M8[Y]; 1969; ffffffffffffffff
            >M8[M]; 2020-02; 0000000000000259
            >M8[M]; 1969-12-01T00:00:00.000; ffffffffffffffff
            >M8[D]; 2020-02-29; 0000000000004791
            >M8[D]; 0001-01-01; fffffffffff506c6
            >M8[D]; -001-12-31; fffffffffff50557
            >M8[D]; 2020-01-01T00:00; 0000000000004756
            >M8[h]; 2020-02-29T13; 000000000006b5a5
            >M8[m]; 2020-02-29T13:45; 00000000019292d9
            >M8[s]; 1969-12-31T23:59:59; ffffffffffffffff
            >M8[ms]; 2020-02-29T13:45:59.25; 00000170913252d2
            >M8[us]; 9999-12-31T23:59:59.999999; 0384440ccc735fff
            >M8[ns]; 2262-04-11T23:47:16.854775807; 7fffffffffffffff
            >M8[ns]; 1677-09-21T00:12:43.145224193; 8000000000000001
            >M8[ps]; 1970-01-01T00:00:00.000000000001; 0000000000000001
            >M8[as]; 1969-12-31T23:59:59.999999999999999999; ffffffffffffffff
            >M8[W]; 1970-01-22; 0000000000000003
            >M8[7D]; 1970-01-15; 0000000000000002
            >M8[3M]; 1970-07; 0000000000000002
            >M8[D]; 2020; 00000000000007e4
            >M8[Y]; 202; 00000000000000ca
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
            <i4; 1e99999999; found '1e99999999', expected an integer that <i4 holds
            <u8; -1e999999999; found '-1e999999999', expected an integer that <u8 holds
            <i8; 1e-999999999; found '1e-999999999', expected an integer that <i8 holds
            <i4; nan; found 'nan', expected an integer that <i4 holds
            <f4; x; found 'x', expected a number, nan, inf or -inf for <f4
            <f2; 70000; found '70000', expected a number that <f2 holds
            S2; abc; found 'abc', expected a text that fits |S2 and does not end in NUL
            V2; 0x01; found '0x01', expected 0, or 0x and two hexadecimal digits for each byte of |V2
            <M8[10s]; x; found 'x', expected NaT, a count of 10 s since 1970, or a date or time in whole 10 s, such as 1970-01-01
            <M8[10s]; 1970-01-01T00:00:15; found '1970-01-01T00:00:15', expected NaT, a count of 10 s since 1970, or a date or time in whole 10 s, such as 1970-01-01
            <m8[s]; 1970-01-01; found '1970-01-01', expected NaT, or a count of s
            <M8[D]; 2019-02-29; found '2019-02-29', expected NaT, a count of D since 1970, or a date or time in whole D, such as 1970-01-01
            <M8[D]; 2020-01-01T12; found '2020-01-01T12', expected NaT, a count of D since 1970, or a date or time in whole D, such as 1970-01-01
            <M8[D]; 2020-1-1; found '2020-1-1', expected NaT, a count of D since 1970, or a date or time in whole D, such as 1970-01-01
            <M8[D]; 20200101T; found '20200101T', expected NaT, a count of D since 1970, or a date or time in whole D, such as 1970-01-01
            <M8[D]; 9223372036854775808; found '9223372036854775808', expected NaT, a count of D since 1970, or a date or time in whole D, such as 1970-01-01
            <M8[us]; 2020-01-01  00:00:00; found '2020-01-01  00:00:00', expected NaT, a count of us since 1970, or a date or time in whole us, such as 1970-01-01
            <M8[us]; 5 seconds; found '5 seconds', expected NaT, a count of us since 1970, or a date or time in whole us, such as 1970-01-01
            <m8[s]; 5 fortnights; found '5 fortnights', expected NaT, or a count of s
            <m8[s]; 1 years; found '1 years', expected NaT, or a count of s
            <m8[Y]; 5 months; found '5 months', expected NaT, or a count of Y
            <m8[s]; 1500 milliseconds; found '1500 milliseconds', expected NaT, or a count of s
            <m8[s]; 5:60:00; found '5:60:00', expected NaT, or a count of s
            <m8[ns]; 9223372036854775807 weeks; found '9223372036854775807 weeks', expected NaT, or a count of ns
            <M8[us]; 2020-01-01T24:00; found '2020-01-01T24:00', expected NaT, a count of us since 1970, or a date or time in whole us, such as 1970-01-01
            <M8[us]; 2020-01-01T00:00:00Z; found '2020-01-01T00:00:00Z', expected NaT, a count of us since 1970, or a date or time in whole us, such as 1970-01-01
            <M8[us]; 2020-01-01T00:00:00.0000001; found '2020-01-01T00:00:00.0000001', expected NaT, a count of us since 1970, or a date or time in whole us, such as 1970-01-01
            <M8[ns]; 2300-01-01; found '2300-01-01', expected NaT, a count of ns since 1970, or a date or time in whole ns, such as 1970-01-01
            <M8[ns]; 1677-09-21T00:12:43.145224192; found '1677-09-21T00:12:43.145224192', expected NaT, a count of ns since 1970, or a date or time in whole ns, such as 1970-01-01
            <M8[M]; 2020-01-02; found '2020-01-02', expected NaT, a count of M since 1970, or a date or time in whole M, such as 1970-01-01
            <M8[Y]; 2020-02; found '2020-02', expected NaT, a count of Y since 1970, or a date or time in whole Y, such as 1970-01-01
            [('a', 'u1'), ('b', '<f4')]; -1; found '-1', expected an integer that |u1 holds
            """)
    void refusesWhatTheDtypeCannotHold(String dtype, String text, String message) {
        assertThatThrownBy(() -> Encoding.literal(dtype, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
