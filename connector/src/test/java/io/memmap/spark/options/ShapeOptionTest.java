package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.layout.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeOptionTest {

    @ParameterizedTest
    @ValueSource(strings = {"1000,8", "(1000, 8)", "[1000, 8]", " ( 1000 ,8 , ) ", "1000,8,", "+1000,08"})
    void readsEverySpellingOfAShape(String text) {
        ShapeOption shape = ShapeOption.parse(text);
        assertThat(shape).isEqualTo(new ShapeOption(false, Shape.of(1000, 8)));
        assertThat(shape.dims()).containsExactly(1000L, 8L);
        assertThat(shape.rowsFromFile()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", "(1000,)", "[1000]", "(1000)", "1000,"})
    void readsOneAxis(String text) {
        assertThat(ShapeOption.parse(text)).isEqualTo(new ShapeOption(false, Shape.of(1000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"()", "[]", "( )"})
    void readsNoAxis(String text) {
        assertThat(ShapeOption.parse(text)).isEqualTo(new ShapeOption(false, Shape.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1,8", "(-1, 8)", "[-1,8]"})
    void leavesTheRowsToTheFile(String text) {
        ShapeOption shape = ShapeOption.parse(text);
        assertThat(shape.rowsFromFile()).isTrue();
        assertThat(shape.trailing()).isEqualTo(Shape.of(8));
        assertThat(shape.dims()).containsExactly(-1L, 8L);
        assertThat(shape).hasToString("(-1, 8)");
    }

    @Test
    void takesNoRowsAndNoColumns() {
        assertThat(ShapeOption.parse("0,8").dims()).isEqualTo(List.of(0L, 8L));
        assertThat(ShapeOption.parse("3,0").dims()).isEqualTo(List.of(3L, 0L));
        assertThat(ShapeOption.parse("-1").dims()).isEqualTo(List.of(-1L));
        assertThat(ShapeOption.parse("-1")).hasToString("(-1,)");
        assertThat(ShapeOption.parse("0,3")).hasToString("(0, 3)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            `` | an empty text is no shape, () is a single element
            8,-1 | -1 is for axis 0 only
            -1,-1 | -1 is for axis 0 only
            -1,0 | rows of no bytes cannot be counted
            -2,8 | Cannot make a shape: (-2, 8) has the negative length -2, expected 0 or more
            (1000, 8 | the bracket ( is not closed
            (1000, 8] | the bracket ( is not closed
            [ | the bracket [ is not closed
            1000, 8) | '8)' is not an integer
            1000 8 | '1000 8' is not an integer
            1000,,8 | '' is not an integer
            , | '' is not an integer
            (,) | '' is not an integer
            4.0 | '4.0' is not an integer
            4_0 | '4_0' is not an integer
            0x10 | '0x10' is not an integer
            ٣ | '٣' is not an integer
            9223372036854775808 | 9223372036854775808 leaves 64 bits
            99999999999999999999 | '99999999999999999999' is not an integer
            4611686018427387904,2 | that is more than 2^63-1 elements
            """)
    void refusesAllElse(String text, String reason) {
        assertThatThrownBy(() -> OptionKey.SHAPE.parse(text, Redaction.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option shape: found '" + text + "', expected a shape such as 1000,8 or -1,8; "
                        + reason);
    }

    @Test
    void refusesMoreAxesThanNumPyHas() {
        assertThat(ShapeOption.parse("1,".repeat(64)).given().ndim()).isEqualTo(64);
        assertThatThrownBy(() -> ShapeOption.parse("1,".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a shape: 65 dimensions, expected at most 64");
    }
}
