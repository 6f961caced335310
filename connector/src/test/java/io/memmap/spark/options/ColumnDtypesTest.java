package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnDtypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name U32, my id <u4",
                "`name` U32 , `my id` <u4",
                "{'name': 'U32', 'my id': '<u4'}",
                "{\"name\": \"<U32\", \"my id\": \"uint32\"}"
            })
    void readsNamesAndDtypes(String text) {
        Map<String, DType> dtypes =
                OptionKey.COLUMN_DTYPES.parse(text.replace(", my id", ", `my id`"), Redaction.DEFAULT);
        assertThat(dtypes)
                .containsExactly(Map.entry("name", DType.parse("<U32")), Map.entry("my id", DType.parse("<u4")));
    }

    @Test
    void leavesCommasInDtypesAndQuotedNamesAlone() {
        assertThat(OptionKey.COLUMN_DTYPES.parse(
                        "v ('<f4', (3, 2)), s [('a', '<i4'), ('b', 'U3')], `x,``y` M8[10ms]", Redaction.DEFAULT))
                .containsExactly(
                        Map.entry("v", DType.parse("('<f4', (3, 2))")),
                        Map.entry("s", DType.parse("[('a', '<i4'), ('b', 'U3')]")),
                        Map.entry("x,`y", DType.parse("M8[10ms]")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            name U32, id | 'id' has no dtype, as in id <u4
            name U32,, id <u4 | a part is empty
            "" | a part is empty
            a <i4, a <i8 | 'a' is given twice
            `a <i4 | the quote ` at position 0 is not closed
            v ('<f4' | a bracket is not closed
            {} | there is no name
            """)
    void refusesAllElse(String text, String reason) {
        assertThatThrownBy(() -> OptionKey.COLUMN_DTYPES.parse(text, Redaction.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option columnDtypes: found '" + text
                        + "', expected columns and their dtypes, such as name U32, id <u4; " + reason);
    }

    @Test
    void passesOnTheReasonOfADtype() {
        assertThatThrownBy(() -> OptionKey.COLUMN_DTYPES.parse("a q9", Redaction.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option columnDtypes: found 'a q9', expected columns and their"
                        + " dtypes, such as name U32, id <u4; column 'a': dtype ")
                .hasMessageContaining("q9'");
    }
}
