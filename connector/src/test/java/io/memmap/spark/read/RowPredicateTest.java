package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.GeneralScalarExpression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class RowPredicateTest {
    private static final RowColumns COLUMNS =
            RowColumns.of(List.of("value", "i0", "s"), false).withAxis0("i0");
    private static final Expression ROW = Expressions.column("_row");
    private static final Expression FILE_ROW = Expressions.column("_file_row");
    private static final Expression FILE = Expressions.column("_file");
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
        RowPredicate last = translated(predicate("=", ROW, number(Long.MAX_VALUE - 1)));
        assertThat(last.rows("a", Long.MAX_VALUE - 50, 50)).isEqualTo(RowSet.of(49, 50));
        assertThatThrownBy(() -> last.rows("a", Long.MAX_VALUE - 50, 51)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void findsListedRows() {
        Predicate in = predicate("IN", ROW, number(103), number(101), number(102), number(-4), number(Long.MAX_VALUE));
        assertThat(rows(in)).isEqualTo(RowSet.of(1, 4));
        assertThat(translated(in)).hasToString("_row IN (103, 101, 102, -4, 9223372036854775807)");
        assertThat(rows(predicate("NOT", in))).hasToString("[0, 1) [4, 50)");
        assertThat(translated(predicate("IN", ROW, number(1), literal(null, DataTypes.LongType))))
                .isNull();
        assertThat(translated(predicate("IN", ROW, number(1), VALUE))).isNull();
        assertThat(translated(predicate("IN", ROW))).isNull();
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
        assertThat(translated(predicate("<>", FILE, string("it's")))).hasToString("NOT (_file = 'it''s')");
    }

    @Test
    void leavesOtherQuestionsAboutTheFileToSpark() {
        assertThat(translated(predicate("<", FILE, string("a")))).isNull();
        assertThat(translated(predicate("STARTS_WITH", FILE, string("a")))).isNull();
        assertThat(translated(predicate("ENDS_WITH", FILE, string("a")))).isNull();
        assertThat(translated(predicate("CONTAINS", FILE, string("a")))).isNull();
        assertThat(translated(predicate("=", FILE, number(1)))).isNull();
        assertThat(translated(predicate("IN", FILE, string("a"), literal(null, DataTypes.StringType))))
                .isNull();
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
                .isNull();
        assertThat(translated(predicate("NOT", predicate("=", ROW, literal(null, DataTypes.NullType)))))
                .isNull();
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
                .hasToString("(_row >= 10 OR _file = 'a b') AND NOT (_row < 20)");
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
        assertThat(RowPredicate.of(predicate("=", ROW, number(1)), hidden)).isEmpty();
        assertThat(RowPredicate.of(predicate("IS_NULL", ROW), hidden)).isEmpty();
        assertThat(RowPredicate.of(predicate("=", FILE_ROW, number(1)), hidden)).isPresent();
    }

    @Test
    void agreesWithARowByRowEvaluation() {
        for (long seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            Predicate predicate = randomPredicate(random, random.nextInt(5));
            String file = random.nextBoolean() ? "a" : "b";
            long firstRow = random.nextInt(40);
            long rowCount = random.nextInt(40);
            RowPredicate translated = translated(predicate);
            assertThat(translated).as("seed " + seed + ": " + predicate).isNotNull();
            long[] expected = LongStream.range(0, rowCount)
                    .filter(row -> holds(predicate, file, firstRow + row, row))
                    .toArray();
            assertThat(translated.rows(file, firstRow, rowCount))
                    .as("seed " + seed + ": " + translated + " on " + file + " at " + firstRow + " + " + rowCount)
                    .isEqualTo(RowSet.ofRows(expected));
        }
    }

    private static Predicate randomPredicate(Random random, int depth) {
        if (depth > 0) {
            Predicate left = randomPredicate(random, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> predicate("AND", left, randomPredicate(random, depth - 1));
                case 1 -> predicate("OR", left, randomPredicate(random, depth - 1));
                default -> predicate("NOT", left);
            };
        }
        int kind = random.nextInt(10);
        if (kind == 0) {
            return random.nextBoolean() ? new AlwaysTrue() : new AlwaysFalse();
        }
        if (kind < 3) {
            String name = List.of("=", "<>", "<=>").get(random.nextInt(3));
            return predicate(name, FILE, string(random.nextBoolean() ? "a" : "b"));
        }
        Expression column = random.nextBoolean() ? ROW : FILE_ROW;
        if (kind < 5) {
            List<Expression> children = new ArrayList<>(List.of(column));
            for (int i = random.nextInt(6); i >= 0; i--) {
                children.add(number(random.nextInt(90) - 5));
            }
            return predicate("IN", children.toArray(Expression[]::new));
        }
        String name = List.of("=", "<>", "<=>", "<", "<=", ">", ">=").get(random.nextInt(7));
        Expression literal = number(random.nextInt(90) - 5);
        return random.nextBoolean() ? predicate(name, column, literal) : predicate(name, literal, column);
    }

    private static boolean holds(Predicate predicate, String file, long row, long fileRow) {
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "ALWAYS_TRUE" -> true;
            case "ALWAYS_FALSE" -> false;
            case "AND" ->
                holds((Predicate) children[0], file, row, fileRow)
                        && holds((Predicate) children[1], file, row, fileRow);
            case "OR" ->
                holds((Predicate) children[0], file, row, fileRow)
                        || holds((Predicate) children[1], file, row, fileRow);
            case "NOT" -> !holds((Predicate) children[0], file, row, fileRow);
            case "IN" -> {
                boolean found = false;
                for (int i = 1; i < children.length; i++) {
                    found |= compare(children[0], children[i], file, row, fileRow) == 0;
                }
                yield found;
            }
            case "=", "<=>" -> compare(children[0], children[1], file, row, fileRow) == 0;
            case "<>" -> compare(children[0], children[1], file, row, fileRow) != 0;
            case "<" -> compare(children[0], children[1], file, row, fileRow) < 0;
            case "<=" -> compare(children[0], children[1], file, row, fileRow) <= 0;
            case ">" -> compare(children[0], children[1], file, row, fileRow) > 0;
            case ">=" -> compare(children[0], children[1], file, row, fileRow) >= 0;
            default -> throw new AssertionError(predicate.name());
        };
    }

    private static int compare(Expression left, Expression right, String file, long row, long fileRow) {
        Object a = evaluate(left, file, row, fileRow);
        Object b = evaluate(right, file, row, fileRow);
        return a instanceof Long number ? Long.compare(number, (Long) b) : ((String) a).compareTo((String) b);
    }

    private static Object evaluate(Expression expression, String file, long row, long fileRow) {
        if (expression instanceof Literal<?> literal) {
            return literal.value() instanceof Long number
                    ? number
                    : literal.value().toString();
        }
        return expression.equals(ROW) ? (Object) row : expression.equals(FILE_ROW) ? (Object) fileRow : file;
    }

    private static RowSet rows(String operator, Expression column, long value) {
        return rows(predicate(operator, column, number(value)));
    }

    /** The rows of a file {@code a} of 50 rows that starts at row 100. */
    private static RowSet rows(Predicate predicate) {
        return translated(predicate).rows("a", 100, 50);
    }

    private static RowPredicate translated(Predicate predicate) {
        return RowPredicate.of(predicate, COLUMNS).orElse(null);
    }

    private static Predicate predicate(String name, Expression... children) {
        return new Predicate(name, children);
    }

    private static Literal<?> number(long value) {
        return literal(value, DataTypes.LongType);
    }

    private static Literal<?> string(String value) {
        return literal(UTF8String.fromString(value), DataTypes.StringType);
    }

    private static <T> Literal<T> literal(T value, DataType type) {
        return new Literal<>() {
            @Override
            public T value() {
                return value;
            }

            @Override
            public DataType dataType() {
                return type;
            }

            @Override
            public String toString() {
                return value + " " + type.simpleString();
            }
        };
    }
}
