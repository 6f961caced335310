package io.memmap.spark.read;

import static io.memmap.spark.read.Predicates.FILE;
import static io.memmap.spark.read.Predicates.FILE_ROW;
import static io.memmap.spark.read.Predicates.ROW;
import static io.memmap.spark.read.Predicates.candidates;
import static io.memmap.spark.read.Predicates.literal;
import static io.memmap.spark.read.Predicates.number;
import static io.memmap.spark.read.Predicates.predicate;
import static io.memmap.spark.read.Predicates.string;
import static io.memmap.spark.read.Predicates.translated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.table.Filter;
import io.memmap.table.RowSet;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.GeneralScalarExpression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** Which conditions the positions of rows can answer, with which rows, and which are left to Spark. */
class FilterTranslatorTest {
    private static final Expression VALUE = Expressions.column("value");

    @Test
    void comparesTheDatasetPosition() {
        assertThat(rows("<", ROW, 105)).isEqualTo(RowSet.of(0, 5));
        assertThat(rows("<=", ROW, 105)).isEqualTo(RowSet.of(0, 6));
        assertThat(rows("=", ROW, 105)).isEqualTo(RowSet.of(5, 6));
        assertThat(rows("<=>", ROW, 105)).isEqualTo(RowSet.of(5, 6));
        assertThat(rows("<>", ROW, 105)).hasToString("[0, 5) [6, 50)");
        assertThat(rows(">=", ROW, 105)).isEqualTo(RowSet.of(5, 50));
        assertThat(rows(">", ROW, 105)).isEqualTo(RowSet.of(6, 50));
        assertThat(rows("=", ROW, 99)).isEqualTo(RowSet.empty());
        assertThat(rows("=", ROW, 150)).isEqualTo(RowSet.empty());
    }

    @Test
    void comparesThePositionInTheFile() {
        assertThat(rows("<", FILE_ROW, 5)).isEqualTo(RowSet.of(0, 5));
        assertThat(rows(">=", FILE_ROW, 45)).isEqualTo(RowSet.of(45, 50));
        assertThat(rows("=", FILE_ROW, 105)).isEqualTo(RowSet.empty());
    }

    @Test
    void comparesTheIndexOnAxis0LikeTheRow() {
        assertThat(rows("<", Expressions.column("i0"), 105)).isEqualTo(RowSet.of(0, 5));
        assertThat(translated(predicate("<", VALUE, number(105)))).isNull();
    }

    @Test
    void readsTheLiteralOnTheLeft() {
        assertThat(rows(predicate("<", number(105), ROW))).isEqualTo(RowSet.of(6, 50));
        assertThat(rows(predicate(">=", number(105), ROW))).isEqualTo(RowSet.of(0, 6));
        assertThat(rows(predicate("=", number(105), ROW))).isEqualTo(RowSet.of(5, 6));
        assertThat(translated(predicate("<", number(105), ROW))).hasToString("_row > 105");
    }

    @Test
    void matchesPartsOfTheFilesName() {
        String name = "file:/d/é.npy";
        assertThat(passes("STARTS_WITH", name, "file:/d")).isTrue();
        assertThat(passes("STARTS_WITH", name, "/d")).isFalse();
        assertThat(passes("ENDS_WITH", name, "/é.npy")).isTrue();
        assertThat(passes("ENDS_WITH", name, ".dat")).isFalse();
        assertThat(passes("CONTAINS", name, "/d/")).isTrue();
        assertThat(passes("CONTAINS", name, "/e/")).isFalse();
        for (String operator : List.of("STARTS_WITH", "ENDS_WITH", "CONTAINS")) {
            assertThat(passes(operator, name, name)).isTrue();
            assertThat(passes(operator, name, "")).isTrue();
            assertThat(passes(operator, name, name + "x")).isFalse();
        }
        assertThat(rows(predicate("NOT", predicate("CONTAINS", FILE, string("b")))))
                .isEqualTo(RowSet.of(0, 50));
        assertThat(translated(predicate("STARTS_WITH", FILE, string("a'b")))).hasToString("_file starts with 'a''b'");
        assertThat(translated(predicate("ENDS_WITH", FILE, string("c")))).hasToString("_file ends with 'c'");
        assertThat(translated(predicate("CONTAINS", FILE, string("c")))).hasToString("_file contains 'c'");
    }

    private static boolean passes(String operator, String file, String part) {
        return !candidates(translated(predicate(operator, FILE, string(part))), file, 100, 50)
                .isEmpty();
    }

    @Test
    void leavesOtherPartsOfTextToSpark() {
        assertThat(translated(predicate("STARTS_WITH", VALUE, string("a")))).isNull();
        assertThat(translated(predicate("STARTS_WITH", string("a"), FILE))).isNull();
        assertThat(translated(predicate("CONTAINS", FILE, FILE))).isNull();
        assertThat(translated(predicate("ENDS_WITH", ROW, string("1")))).isNull();
        assertThat(translated(predicate("STARTS_WITH", FILE))).isNull();
        assertThat(translated(predicate("STARTS_WITH", FILE, literal(null, DataTypes.StringType))))
                .isEqualTo(Filter.never());
        byte[] broken = {'a', (byte) 0xff};
        assertThat(translated(predicate("CONTAINS", FILE, literal(UTF8String.fromBytes(broken), DataTypes.StringType))))
                .isNull();
    }

    @Test
    void saturatesAtTheEndsOfALong() {
        RowSet all = RowSet.of(0, 50);
        for (Expression column : List.of(ROW, FILE_ROW)) {
            for (long low : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1}) {
                assertThat(rows("<", column, low)).isEqualTo(RowSet.empty());
                assertThat(rows("<=", column, low)).isEqualTo(RowSet.empty());
                assertThat(rows("=", column, low)).isEqualTo(RowSet.empty());
                assertThat(rows("<>", column, low)).isEqualTo(all);
                assertThat(rows(">", column, low)).isEqualTo(all);
                assertThat(rows(">=", column, low)).isEqualTo(all);
            }
            for (long high : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
                assertThat(rows("<", column, high)).isEqualTo(all);
                assertThat(rows("<=", column, high)).isEqualTo(all);
                assertThat(rows("=", column, high)).isEqualTo(RowSet.empty());
                assertThat(rows("<>", column, high)).isEqualTo(all);
                assertThat(rows(">", column, high)).isEqualTo(RowSet.empty());
                assertThat(rows(">=", column, high)).isEqualTo(RowSet.empty());
            }
        }
        Filter last = translated(predicate("=", ROW, number(Long.MAX_VALUE - 1)));
        assertThat(candidates(last, "a", Long.MAX_VALUE - 50, 50)).isEqualTo(RowSet.of(49, 50));
        assertThatThrownBy(() -> candidates(last, "a", Long.MAX_VALUE - 50, 51))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void findsListedRows() {
        Predicate in = predicate("IN", ROW, number(103), number(101), number(102), number(-4), number(Long.MAX_VALUE));
        assertThat(rows(in)).isEqualTo(RowSet.of(1, 4));
        assertThat(translated(in)).hasToString("_row IN (103, 101, 102, -4, 9223372036854775807)");
        assertThat(rows(predicate("NOT", in))).hasToString("[0, 1) [4, 50)");
        assertThat(translated(predicate("IN", ROW, number(1), VALUE))).isNull();
        assertThat(rows(predicate("IN", ROW))).isEqualTo(RowSet.empty());
        assertThat(rows(predicate("NOT", predicate("IN", ROW)))).isEqualTo(RowSet.of(0, 50));
        Predicate withNull = predicate("IN", ROW, number(101), literal(null, DataTypes.LongType));
        assertThat(rows(withNull)).isEqualTo(RowSet.of(1, 2));
        assertThat(rows(predicate("NOT", withNull))).isEqualTo(RowSet.empty());
    }

    @Test
    void shortensALongListForExplain() {
        Expression[] children = LongStream.rangeClosed(0, 1000)
                .mapToObj(i -> i == 0 ? ROW : number(i))
                .toArray(Expression[]::new);
        assertThat(translated(new Predicate("IN", children)))
                .hasToString("_row IN (1, 2, 3, 4, 5, 6, 7, 8, and 992 more)");
    }

    @Test
    void takesOrLeavesWholeFiles() {
        RowSet all = RowSet.of(0, 50);
        assertThat(rows(predicate("=", FILE, string("a")))).isEqualTo(all);
        assertThat(rows(predicate("=", FILE, string("b")))).isEqualTo(RowSet.empty());
        assertThat(rows(predicate("<=>", string("a"), FILE))).isEqualTo(all);
        assertThat(rows(predicate("<>", FILE, string("a")))).isEqualTo(RowSet.empty());
        assertThat(rows(predicate("<>", FILE, string("b")))).isEqualTo(all);
        Predicate in = predicate("IN", FILE, string("b"), string("a"), string("b"));
        assertThat(rows(in)).isEqualTo(all);
        assertThat(translated(in)).hasToString("_file IN ('b', 'a')");
        assertThat(translated(predicate("<>", FILE, string("it's")))).hasToString("_file <> 'it''s'");
    }

    @Test
    void leavesOtherQuestionsAboutTheFileToSpark() {
        assertThat(translated(predicate("<", FILE, string("a")))).isNull();
        assertThat(translated(predicate("=", FILE, number(1)))).isNull();
        UTF8String broken = UTF8String.fromBytes(new byte[] {'a', (byte) 0xff});
        assertThat(translated(predicate("=", FILE, literal(broken, DataTypes.StringType))))
                .isNull();
    }

    @Test
    void takesIntegersOfEveryWidthAndNothingElse() {
        for (Literal<?> literal : List.of(
                literal((byte) 101, DataTypes.ByteType),
                literal((short) 101, DataTypes.ShortType),
                literal(101, DataTypes.IntegerType),
                literal(101L, DataTypes.LongType))) {
            assertThat(rows(predicate("=", ROW, literal))).isEqualTo(RowSet.of(1, 2));
        }
        for (Literal<?> literal : List.of(
                literal(101.0, DataTypes.DoubleType),
                literal(101L, DataTypes.TimestampType),
                literal(101, DataTypes.DateType),
                literal(true, DataTypes.BooleanType),
                literal(UTF8String.fromString("101"), DataTypes.StringType))) {
            assertThat(translated(predicate("=", ROW, literal)))
                    .as(literal.toString())
                    .isNull();
        }
    }

    @Test
    void understandsWhatSparkMakesOfANullSafeComparison() {
        Predicate rewritten = predicate(
                "OR",
                predicate("=", ROW, number(104)),
                predicate("AND", predicate("IS_NULL", ROW), predicate("IS_NULL", number(104))));
        assertThat(rows(rewritten)).isEqualTo(RowSet.of(4, 5));
        assertThat(translated(rewritten)).hasToString("_row = 104");
    }

    @Test
    void knowsThatTheColumnsAreNeverNull() {
        assertThat(translated(predicate("IS_NULL", FILE))).hasToString("false");
        assertThat(translated(predicate("IS_NOT_NULL", FILE_ROW))).hasToString("true");
        assertThat(translated(predicate("IS_NULL", literal(null, DataTypes.LongType))))
                .hasToString("true");
        assertThat(translated(predicate("IS_NULL", VALUE))).isNull();
        assertThat(rows(predicate("<=>", ROW, literal(null, DataTypes.LongType))))
                .isEqualTo(RowSet.empty());
        assertThat(rows(predicate("NOT", predicate("<=>", FILE, literal(null, DataTypes.StringType)))))
                .isEqualTo(RowSet.of(0, 50));
        assertThat(translated(predicate("=", ROW, literal(null, DataTypes.LongType))))
                .isEqualTo(Filter.never());
        assertThat(translated(predicate("NOT", predicate("=", ROW, literal(null, DataTypes.NullType)))))
                .isEqualTo(Filter.never());
    }

    @Test
    void foldsConstants() {
        Predicate row = predicate("=", ROW, number(101));
        assertThat(translated(predicate("AND", new AlwaysTrue(), row))).hasToString("_row = 101");
        assertThat(translated(predicate("AND", row, new AlwaysFalse()))).hasToString("false");
        assertThat(translated(predicate("OR", row, new AlwaysTrue()))).hasToString("true");
        assertThat(translated(predicate("OR", new AlwaysFalse(), row))).hasToString("_row = 101");
        assertThat(translated(predicate("NOT", predicate("NOT", row)))).hasToString("_row = 101");
    }

    @Test
    void readsLikeTheSqlItCameFrom() {
        Predicate low = predicate(">=", ROW, number(10));
        Predicate high = predicate("<", ROW, number(20));
        Predicate file = predicate("=", FILE, string("a b"));
        assertThat(translated(predicate("AND", low, high))).hasToString("_row >= 10 AND _row < 20");
        assertThat(translated(predicate("AND", predicate("OR", low, file), predicate("NOT", high))))
                .hasToString("(_row >= 10 OR _file = 'a b') AND _row >= 20");
        assertThat(translated(predicate("OR", predicate("AND", low, high), file)))
                .hasToString("_row >= 10 AND _row < 20 OR _file = 'a b'");
    }

    @Test
    void leavesWhatItDoesNotUnderstandToSpark() {
        Predicate row = predicate("=", ROW, number(1));
        for (Predicate strange : List.of(
                predicate("SOUNDS_LIKE", ROW, number(1)),
                predicate("BOOLEAN_EXPRESSION", ROW),
                predicate("=", ROW),
                predicate("=", ROW, number(1), number(2)),
                predicate("="),
                predicate("<", number(1), number(2)),
                predicate("AND", row),
                predicate("AND", row, row, row),
                predicate("AND", row, VALUE),
                predicate("NOT"),
                predicate("NOT", ROW),
                predicate("NOT", row, row),
                predicate("IS_NULL"),
                predicate("IS_NULL", predicate("=", VALUE, number(1))),
                predicate("=", new Cast(ROW, DataTypes.IntegerType), number(1)),
                predicate("=", ROW, new Cast(number(1), DataTypes.LongType)),
                predicate("=", new GeneralScalarExpression("+", new Expression[] {ROW, number(1)}), number(1)),
                predicate("=", Expressions.column("s._row"), number(1)),
                predicate("=", ROW, VALUE),
                predicate("=", ROW, FILE_ROW),
                predicate("=", null, number(1)),
                predicate("AND", row, predicate("=", VALUE, number(1))),
                predicate("OR", predicate("=", VALUE, number(1)), row))) {
            assertThat(translated(strange)).as(strange.name()).isNull();
        }
    }

    @Test
    void pushesNothingOnAHiddenColumn() {
        RowColumns hidden = RowColumns.of(List.of("_row"), false);
        FilterTranslator translator = new FilterTranslator(hidden, Predicates.NO_NUMBERS);
        assertThat(translator.translate(predicate("=", ROW, number(1)))).isEqualTo(Filter.unknown());
        assertThat(translator.translate(predicate("IS_NULL", ROW))).isEqualTo(Filter.unknown());
        assertThat(translator.translate(predicate("=", FILE_ROW, number(1)))).hasToString("_file_row = 1");
    }

    private static RowSet rows(String operator, Expression column, long value) {
        return rows(predicate(operator, column, number(value)));
    }

    /** The rows of a file {@code a} of 50 rows that starts at row 100. */
    private static RowSet rows(Predicate predicate) {
        Filter filter = translated(predicate);
        assertThat(filter.isExact()).isTrue();
        return candidates(filter, "a", 100, 50);
    }
}
