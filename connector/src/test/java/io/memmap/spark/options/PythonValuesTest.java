package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PythonValuesTest {

    /** Written by real Python and NumPy, see make_python_values.py beside it. */
    static Stream<Arguments> values() throws IOException {
        try (InputStream tsv = PythonValuesTest.class.getResourceAsStream("python_values.tsv")) {
            return new String(tsv.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Arguments.of((Object[]) line.split("\t")));
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void readsWhatPySparkMakesOfThem(String option, String text, String meaning) {
        Object value = OptionKey.named(option)
                .orElseThrow()
                .parse(option.equals("shape") ? text.replace("\\n", "\n") : text, Redaction.DEFAULT);
        switch (option) {
            case "dtype" -> assertThat(value).isEqualTo(DType.parse(meaning));
            case "columnDtypes" -> assertThat(value).isEqualTo(each(meaning, DType::parse));
            case "columnNames" -> assertThat(value).isEqualTo(Literal.parseJson(meaning));
            case "nullValue", "fillValue" ->
                assertThat(shown((ColumnLiterals) value)).isEqualTo(shown(literals(meaning)));
            default -> assertThat(value).hasToString(meaning);
        }
    }

    private static <T> Map<String, T> each(String json, Function<String, T> reader) {
        Map<String, T> values = new LinkedHashMap<>();
        ((Map<?, ?>) Literal.parseJson(json))
                .forEach((name, text) -> values.put((String) name, reader.apply((String) text)));
        return values;
    }

    private static ColumnLiterals literals(String json) {
        return Literal.parseJson(json) instanceof String all
                ? new ColumnLiterals(all, Map.of())
                : new ColumnLiterals(null, each(json, text -> text));
    }

    /** Numbers by their value: {@code 1e-07} is {@code 1E-7}. */
    private static Map<String, String> shown(ColumnLiterals literals) {
        Map<String, String> shown = new LinkedHashMap<>(literals.byColumn());
        shown.put("", literals.forAll().orElse(""));
        shown.replaceAll((name, text) -> {
            try {
                return new BigDecimal(text).stripTrailingZeros().toString();
            } catch (NumberFormatException e) {
                return text.replace("NaN", "nan").replace("Infinity", "inf");
            }
        });
        return shown;
    }

    @Test
    void aNameIsAnyText() {
        assertThat(OptionKey.NULL_VALUE
                        .parse("{'a, b=': 0, 'it\\'s': 'n/a'}", Redaction.DEFAULT)
                        .byColumn())
                .isEqualTo(Map.of("a, b=", "0", "it's", "n/a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nullValue | {'a': __import__('os')} | found '__import__' at character 6",
                "nullValue | {'a': np.int64(1, 2)} | found 'np.int64(1, 2)' at character 6, expected it as repr writes it",
                "nullValue | {'a': np.int64()} | found 'np.int64()' at character 6",
                "nullValue | {'a': np.load('x')} | found 'np.load' at character 6",
                "nullValue | {'a': np.datetime64(5)} | found 'np.datetime64(5)' at character 6",
                "nullValue | {'a': np.timedelta64(5)} | found 'np.timedelta64(5)' at character 6",
                "nullValue | {'a': datetime.date(2020, 13, 1)} | found 'datetime.date(2020, 13, ...' at character 6",
                "nullValue | {'a': [1, 2]} | 'a' has the value [1, 2], which is no number, text, bytes, date, time, True or False",
                "nullValue | {'a': banana} | 'a' has the value banana, which is no number, text, bytes",
                "nullValue | {'a': 1 | found the end at character 7, expected ',' or '}'",
                "nullValue | {'a': None} | there is no value",
                "nullValue | {'': 1} | a name is empty",
                "nullValue | {1: 2} | found '1' at character 1, expected a string as key",
                "nullValue | {'a': 1, 'a': 2} | the key 'a' again",
                "columnDtypes | {'a': None} | there is no name",
                "columnDtypes | {'a': dtype('O')} | column 'a': dtype 'O': it holds Python objects",
                "columnDtypes | {'a': 1.5} | found no dtype",
                "shape | (1000.0, 4) | '1000.0' is not an integer",
                "shape | (np.float64(1000.0), 4) | 'np.float64(1000.0)' is not an integer",
                "shape | (np.True_, 4) | 'np.True_' is not an integer",
                "shape | (None, 4) | 'None' is not an integer, -1 is as many rows as the file has",
                "shape | [[1 2]] | '[1 2]' is not an integer",
                "shape | 1 2 | '1 2' is not an integer",
                "shape | (np.uint64(18446744073709551615), 4) | 'np.uint64(18446744073709551615)' is not an integer",
                "dtype | [('a', '<i4', (np.float64(2.0),))] | expected lengths of 1 or more",
                "dtype | (numpy.record, '<f4', 1) | found a tuple of 3",
                "dtype | np.int64(3) | dtype 'np.int64(3)': unknown type",
                "columnNames | [np.int64(1)] | 1 is no string",
            })
    void refusesAllElse(String option, String text, String reason) {
        assertThatThrownBy(() -> OptionKey.named(option).orElseThrow().parse(text, Redaction.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option " + option + ": found '" + text + "', expected ")
                .hasMessageContaining(reason);
    }
}
