package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnLiteralsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            0 | 0
            -1.5e3 | -1.5e3
            'n/a' | n/a
            'a=b, c' | a=b, c
            '' | ""
            nan | nan
            """)
    void readsOneForAll(String text, String value) {
        ColumnLiterals literals = ColumnLiterals.parse(text);
        assertThat(literals.forAll()).contains(value);
        assertThat(literals.of("a")).isEmpty();
    }

    @Test
    void readsOneForEach() {
        ColumnLiterals literals = ColumnLiterals.parse("a=0, `b =,`=-1, c = 'x, y=1'");
        assertThat(literals.forAll()).isEmpty();
        assertThat(literals.byColumn()).isEqualTo(Map.of("a", "0", "b =,", "-1", "c", "x, y=1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            a=0, 1 | '1' has no column, as in a=0; put a value with commas in quotes
            1, 2 | '1' has no column, as in a=0; put a value with commas in quotes
            a=0, a=1 | 'a' is given twice
            =0 | a name is empty
            a=0, | a part is empty
            'x | the quote ' at position 0 is not closed
            """)
    void refusesAllElse(String text, String reason) {
        assertThatThrownBy(() -> OptionKey.NULL_VALUE.parse(text, Redaction.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option nullValue: found '" + text
                        + "', expected a value, or one for each of some columns, such as a=0, b=-1; " + reason);
    }
}
