package io.memmap.spark.read;

import static io.memmap.spark.read.Predicates.FILE;
import static io.memmap.spark.read.Predicates.FILE_ROW;
import static io.memmap.spark.read.Predicates.ROW;
import static io.memmap.spark.read.Predicates.literal;
import static io.memmap.spark.read.Predicates.number;
import static io.memmap.spark.read.Predicates.predicate;
import static io.memmap.spark.read.Predicates.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.compute.Numbers;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.table.Filter;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import io.memmap.table.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/**
 * Random predicates on positions, files, partition columns and numbers, nested up to four deep, against a three-valued
 * evaluation of each row alone. There are NULL and NaN under NOT and OR.
 */
class FilterRandomTest {
    private static final Expression CITY = Expressions.column("city");
    private static final Expression N = Expressions.column("n");
    private static final Expression X = Expressions.column("x");
    /** A column that is not understood. */
    private static final Expression STRANGE = Expressions.column("strange");

    private static final DType I8 = DType.parse("<i8");
    private static final FilterTranslator TRANSLATOR = new FilterTranslator(
            RowColumns.of(List.of("n", "x", "strange", "city"), false)
                    .withPartitions(Map.of(
                            "city", new PartitionOperand(new PartitionColumn("city", DataTypes.StringType), 0, false))),
            new NumberColumns(
                    new StructType().add("n", DataTypes.LongType).add("x", DataTypes.DoubleType),
                    List.of(
                            new ArrayColumn("n", DataTypes.LongType, true, I8, 0, Extent.ELEMENT, 0),
                            new ArrayColumn(
                                    "x", DataTypes.DoubleType, true, DType.parse("<f8"), 0, Extent.ELEMENT, 1))));

    /** The rows of one group, of which each is {@code perRow} table rows. */
    private record Rows(RowGroup group, long perRow, Long[] n, double[] x) {
        static Rows random(Random random) {
            int rowCount = random.nextInt(40);
            int perRow = random.nextInt(3) == 0 ? 3 : 1;
            Layout layout = new Layout(I8, Shape.of(rowCount, perRow), Order.C, 0);
            String city = random.nextInt(4) == 0 ? null : random.nextBoolean() ? "a" : "b";
            ArrayFile file = new ArrayFile(
                            random.nextBoolean() ? "a" : "b", new Fingerprint("", layout.nbytes(), 0), layout)
                    .withConstants(Collections.singletonList(city == null ? null : UTF8String.fromString(city)));
            Long[] n = new Long[rowCount * perRow];
            double[] x = new double[n.length];
            for (int i = 0; i < n.length; i++) {
                n[i] = random.nextInt(4) == 0 ? null : (Long) (long) (random.nextInt(9) - 4);
                x[i] = random.nextInt(4) == 0 ? Double.NaN : (random.nextInt(9) - 4) * -0.5;
            }
            return new Rows(new RowGroup.Shard(random.nextInt(40), file), perRow, n, x);
        }

        Numbers numbers(String column, int start, int count) {
            if (column.equals("x")) {
                return Numbers.of(Arrays.copyOfRange(x, start, start + count), false);
            }
            boolean[] nulls = new boolean[count];
            long[] values = new long[count];
            int numNulls = 0;
            for (int i = 0; i < count; i++) {
                nulls[i] = n[start + i] == null;
                numNulls += nulls[i] ? 1 : 0;
                values[i] = nulls[i] ? 0 : n[start + i];
            }
            Numbers numbers = Numbers.of(values, false);
            numbers.resetNulls(nulls, numNulls);
            return numbers;
        }

        /** The value of a column; null for NULL. */
        Object value(Expression column, int tableRow) {
            if (column.equals(ROW)) {
                return group.firstRow() + tableRow / perRow;
            } else if (column.equals(FILE_ROW)) {
                return tableRow / perRow;
            } else if (column.equals(FILE)) {
                return group.path().orElseThrow();
            } else if (column.equals(CITY)) {
                return group.constants().get(0);
            }
            return column.equals(N) ? n[tableRow] : column.equals(X) ? (Object) x[tableRow] : (Object) (tableRow % 3L);
        }
    }

    @Test
    void agreesWithARowByRowEvaluation() {
        for (long seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            Predicate predicate = randomPredicate(random, random.nextInt(5), seed % 5 == 0);
            Rows rows = Rows.random(random);
            Filter filter = TRANSLATOR.translate(predicate);
            String context = "seed " + seed + ": " + filter + " of " + predicate + " on " + rows;
            long[] passing = IntStream.range(0, rows.n().length)
                    .filter(row -> Boolean.TRUE.equals(holds(predicate, rows, row)))
                    .asLongStream()
                    .toArray();
            RowSet expected = RowSet.ofRows(passing);
            RowSet candidates = filter.candidates(rows.group()).times(rows.perRow());
            assertThat(candidates.intersect(expected)).as(context).isEqualTo(expected);
            RowSet exact = filter.exact().candidates(rows.group()).times(rows.perRow());
            assertThat(exact.intersect(expected)).as(context).isEqualTo(expected);
            assertThat(expected.isEmpty() || filter.mayPass(rows.group().constants()))
                    .as(context)
                    .isTrue();
            if (filter.isExact()) {
                assertThat(candidates).as(context).isEqualTo(expected);
            }
            if (seed % 5 == 0) {
                continue;
            }
            assertThat(filter.isKnown()).as(context).isTrue();
            assertThat(selected(filter, rows, random)).as(context).isEqualTo(expected);
            assertThat(selected(filter.residual(), rows, random).intersect(candidates))
                    .as(context)
                    .isEqualTo(expected);
        }
    }

    /** The rows that the masks of batches select. */
    private static RowSet selected(Filter filter, Rows rows, Random random) {
        Selection selection = new Selection(filter);
        List<Long> selected = new ArrayList<>();
        int[] batch = new int[2];
        selection.enter(rows.group(), rows.perRow(), column -> rows.numbers(column, batch[0], batch[1]));
        for (; batch[0] < rows.n().length; batch[0] += batch[1]) {
            batch[1] = Math.min(1 + random.nextInt(20), rows.n().length - batch[0]);
            int count = selection.select(batch[0], batch[1]);
            for (int i = 0; i < count; i++) {
                selected.add((long) batch[0] + selection.rows()[i]);
            }
        }
        return RowSet.ofRows(selected.stream().mapToLong(Long::longValue).toArray());
    }

    private static Predicate randomPredicate(Random random, int depth, boolean strange) {
        if (depth > 0) {
            Predicate left = randomPredicate(random, depth - 1, strange);
            return switch (random.nextInt(3)) {
                case 0 -> predicate("AND", left, randomPredicate(random, depth - 1, strange));
                case 1 -> predicate("OR", left, randomPredicate(random, depth - 1, strange));
                default -> predicate("NOT", left);
            };
        }
        String operator = List.of("=", "<>", "<=>", "<", "<=", ">", ">=").get(random.nextInt(7));
        return switch (random.nextInt(strange ? 9 : 8)) {
            case 0 -> random.nextBoolean() ? new AlwaysTrue() : new AlwaysFalse();
            case 1 -> {
                String name = List.of("=", "<>", "<=>", "STARTS_WITH", "ENDS_WITH", "CONTAINS")
                        .get(random.nextInt(6));
                yield predicate(name, random.nextBoolean() ? FILE : CITY, randomLiteral(FILE, random));
            }
            case 2 -> {
                Expression column = randomColumn(random);
                List<Expression> children = new ArrayList<>(List.of(column));
                for (int i = random.nextInt(6); i >= 0; i--) {
                    children.add(randomLiteral(column, random));
                }
                yield predicate("IN", children.toArray(Expression[]::new));
            }
            case 3 -> predicate(random.nextBoolean() ? "IS_NULL" : "IS_NOT_NULL", randomColumn(random));
            case 8 -> predicate(operator, STRANGE, number(random.nextInt(3)));
            default -> {
                Expression column = randomColumn(random);
                String name = column.equals(FILE) ? "=" : operator;
                Expression literal = randomLiteral(column, random);
                yield random.nextBoolean() ? predicate(name, column, literal) : predicate(name, literal, column);
            }
        };
    }

    private static Expression randomColumn(Random random) {
        return List.of(ROW, FILE_ROW, FILE, CITY, N, N, X, X).get(random.nextInt(8));
    }

    private static Literal<?> randomLiteral(Expression column, Random random) {
        boolean isNull = random.nextInt(8) == 0;
        if (column.equals(FILE) || column.equals(CITY)) {
            return isNull
                    ? literal(null, DataTypes.StringType)
                    : string(List.of("a", "b", "").get(random.nextInt(3)));
        } else if (column.equals(X)) {
            double value = random.nextInt(4) == 0 ? Double.NaN : (random.nextInt(9) - 4) * 0.5;
            return literal(isNull ? null : (Double) value, DataTypes.DoubleType);
        }
        long value = column.equals(N) ? random.nextInt(9) - 4 : random.nextInt(90) - 5;
        return literal(isNull ? null : (Long) value, DataTypes.LongType);
    }

    /** True, false, or null for NULL. */
    private static Boolean holds(Predicate predicate, Rows rows, int row) {
        Expression[] children = predicate.children();
        return switch (predicate.name()) {
            case "ALWAYS_TRUE" -> true;
            case "ALWAYS_FALSE" -> false;
            case "AND" -> and(holds((Predicate) children[0], rows, row), holds((Predicate) children[1], rows, row));
            case "OR" ->
                not(and(
                        not(holds((Predicate) children[0], rows, row)),
                        not(holds((Predicate) children[1], rows, row))));
            case "NOT" -> not(holds((Predicate) children[0], rows, row));
            case "IS_NULL" -> value(children[0], rows, row) == null;
            case "IS_NOT_NULL" -> value(children[0], rows, row) != null;
            case "IN" -> in(children, rows, row);
            default -> compares(predicate.name(), children[0], children[1], rows, row);
        };
    }

    private static Boolean in(Expression[] children, Rows rows, int row) {
        Boolean none = true;
        for (int i = 1; i < children.length; i++) {
            none = and(none, not(compares("=", children[0], children[i], rows, row)));
        }
        return not(none);
    }

    private static Boolean and(Boolean left, Boolean right) {
        if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
            return false;
        }
        return left == null || right == null ? null : (Boolean) true;
    }

    private static Boolean not(Boolean value) {
        return value == null ? null : (Boolean) !value;
    }

    private static Boolean compares(String operator, Expression left, Expression right, Rows rows, int row) {
        Object a = value(left, rows, row);
        Object b = value(right, rows, row);
        if (a == null || b == null) {
            return operator.equals("<=>") ? (Boolean) (a == b) : null;
        }
        int compared = a instanceof Long number
                ? Long.compare(number, (Long) b)
                : a instanceof Double number
                        ? Double.compare(number + 0.0, (Double) b + 0.0)
                        : a.toString().compareTo(b.toString());
        return switch (operator) {
            case "=", "<=>" -> compared == 0;
            case "<>" -> compared != 0;
            case "<" -> compared < 0;
            case "<=" -> compared <= 0;
            case ">" -> compared > 0;
            case ">=" -> compared >= 0;
            case "STARTS_WITH" -> a.toString().startsWith(b.toString());
            case "ENDS_WITH" -> a.toString().endsWith(b.toString());
            case "CONTAINS" -> a.toString().contains(b.toString());
            default -> throw new AssertionError(operator);
        };
    }

    private static Object value(Expression expression, Rows rows, int row) {
        return expression instanceof Literal<?> literal ? literal.value() : rows.value(expression, row);
    }
}
