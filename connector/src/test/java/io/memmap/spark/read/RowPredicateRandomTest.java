package io.memmap.spark.read;

import static io.memmap.spark.read.Predicates.FILE;
import static io.memmap.spark.read.Predicates.FILE_ROW;
import static io.memmap.spark.read.Predicates.ROW;
import static io.memmap.spark.read.Predicates.number;
import static io.memmap.spark.read.Predicates.predicate;
import static io.memmap.spark.read.Predicates.string;
import static io.memmap.spark.read.Predicates.translated;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.junit.jupiter.api.Test;

/** Random conditions, nested up to four deep, against an evaluation of every row by itself. */
class RowPredicateRandomTest {

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
            String name = List.of("=", "<>", "<=>", "STARTS_WITH", "ENDS_WITH", "CONTAINS")
                    .get(random.nextInt(6));
            return predicate(name, FILE, string(List.of("a", "b", "").get(random.nextInt(3))));
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
            case "STARTS_WITH" -> file.startsWith((String) evaluate(children[1], file, row, fileRow));
            case "ENDS_WITH" -> file.endsWith((String) evaluate(children[1], file, row, fileRow));
            case "CONTAINS" -> file.contains((String) evaluate(children[1], file, row, fileRow));
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
}
