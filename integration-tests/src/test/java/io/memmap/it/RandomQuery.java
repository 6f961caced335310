package io.memmap.it;

import io.memmap.it.RandomArray.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A question to a {@link RandomArray} that the source answers itself.
 *
 * @param condition empty for none
 * @param tail LIMIT and OFFSET, or empty
 * @param inPlan a pattern of what EXPLAIN shows when it was pushed
 */
record RandomQuery(String select, String condition, String tail, boolean isAggregate, String inPlan) {
    /** A scan hands out aggregates, not what it reads. */
    static final String AGGREGATES = "columns \\[[^]]*\\(";

    static RandomQuery of(RandomArray array, long seed) {
        Random random = new Random(seed * 17 + 5);
        String condition = random.nextInt(3) == 0 ? "" : condition(array, random, 2);
        if (random.nextInt(4) == 0) {
            String limit = "LIMIT " + (1 + random.nextInt(40));
            String offset = random.nextBoolean() ? " OFFSET " + random.nextInt(30) : "";
            return new RandomQuery(names(array), condition, limit + offset, false, "limit");
        }
        if (random.nextInt(4) == 0) {
            return new RandomQuery(names(array), condition, "", false, condition.isEmpty() ? "columns" : "pushed \\[");
        }
        List<String> aggregates = new ArrayList<>();
        boolean leftToSpark = false;
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            Column column = any(array, random);
            String function = function(array, column, random);
            boolean unsigned = column.dtype().equals("u8");
            leftToSpark |= function.equals("avg") && column.isLong()
                    || unsigned && Set.of("sum", "avg", "try_sum").contains(function);
            aggregates.add(function.equals("*") ? "count(*)" : function + "(" + column.name() + ")");
        }
        boolean counts = aggregates.stream().allMatch("count(*)"::equals);
        String inPlan =
                counts && !readsValues(array, condition) ? "LocalTableScan" : leftToSpark ? "columns" : AGGREGATES;
        return new RandomQuery(String.join(", ", aggregates), condition, "", true, inPlan);
    }

    private static boolean readsValues(RandomArray array, String condition) {
        return array.columns().stream().anyMatch(column -> condition.contains(column.name()));
    }

    private static String names(RandomArray array) {
        return array.columns().stream().map(Column::name).collect(Collectors.joining(", "));
    }

    static Column any(RandomArray array, Random random) {
        return array.columns().get(random.nextInt(array.columns().size()));
    }

    static String function(RandomArray array, Column column, Random random) {
        String[] functions = {"*", "count", "min", "max", "sum", "avg", "try_sum"};
        boolean mayOverflow = array.wild()
                && column.itemsize() == 8
                && !column.isFloat()
                && !column.dtype().equals("u8");
        return functions[random.nextInt(column.isTime() || mayOverflow ? 4 : 7)];
    }

    static String condition(RandomArray array, Random random, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            String operator = random.nextBoolean() ? " AND " : " OR ";
            return (random.nextInt(4) == 0 ? "NOT " : "")
                    + "("
                    + condition(array, random, depth - 1)
                    + operator
                    + condition(array, random, depth - 1)
                    + ")";
        }
        if (random.nextInt(4) == 0) {
            return position(array, random);
        }
        Column column = any(array, random);
        String name = column.name();
        String[] operators = {"=", "<>", "<", "<=", ">", ">=", "<=>"};
        return switch (random.nextInt(10)) {
            case 0 -> name + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
            case 1 -> name + " IN (" + literal(column, random) + ", " + literal(column, random) + ")";
            case 2 -> "NOT (" + name + " IN (" + literal(column, random) + ", " + literal(column, random) + "))";
            case 3 -> literal(column, random) + " " + operators[random.nextInt(6)] + " " + name;
            default -> name + " " + operators[random.nextInt(7)] + " " + literal(column, random);
        };
    }

    /** A condition that no value decides. */
    private static String position(RandomArray array, Random random) {
        if (random.nextInt(3) == 0) {
            String file = array.file(random.nextInt(2));
            return switch (random.nextInt(3)) {
                case 0 -> "_file = '" + file + "'";
                case 1 -> "_file <> '" + file + "'";
                default -> "NOT endswith(_file, '" + file.substring(file.length() - 6) + "')";
            };
        }
        String name = random.nextBoolean() ? "_row" : "_file_row";
        String[] operators = {"=", "<>", "<", "<=", ">", ">="};
        int row = random.nextInt(array.rows().size() / array.tableRowsPerRow() + 2);
        return random.nextInt(6) == 0
                ? "NOT (" + name + " IN (" + row + ", " + random.nextInt(10) + "))"
                : name + " " + operators[random.nextInt(6)] + " " + row;
    }

    /** A value that the column's Spark type holds. */
    private static String literal(Column column, Random random) {
        String date = "20" + (10 + random.nextInt(10)) + "-0" + (1 + random.nextInt(9)) + "-01";
        return switch (column.dtype()) {
            case "M8[D]", "M8[M]" -> "DATE '" + date + "'";
            case "M8[s]", "M8[us]", "M8[ns]" -> "TIMESTAMP_NTZ '" + date + " 00:00:00'";
            case "f2", "f4" -> "CAST('" + floating(random) + "' AS FLOAT)";
            case "f8" -> "CAST('" + floating(random) + "' AS DOUBLE)";
            case "i1" -> "CAST(" + (random.nextInt(256) - 128) + " AS TINYINT)";
            case "u1" -> "CAST(" + random.nextInt(256) + " AS SMALLINT)";
            case "i2" -> "CAST(" + (random.nextInt(65536) - 32768) + " AS SMALLINT)";
            case "u2" -> String.valueOf(random.nextInt(65536));
            case "i4" -> "CAST(" + random.nextInt() + " AS INT)";
            case "u4" -> (random.nextInt() & 0xffffffffL) + "L";
            case "i8" -> "CAST('" + (random.nextLong() >> random.nextInt(60)) + "' AS BIGINT)";
            default ->
                "CAST('" + Long.toUnsignedString(random.nextLong() >>> random.nextInt(60)) + "' AS DECIMAL(20,0))";
        };
    }

    private static String floating(Random random) {
        String[] specials = {"NaN", "Infinity", "-Infinity", "0.0", "-0.0", "-17.25"};
        int choice = random.nextInt(10);
        return choice < 6 ? specials[choice] : String.valueOf(random.nextInt(4000) / 8.0 - 250);
    }

    String sql() {
        return withoutLimit() + " " + tail;
    }

    String withoutLimit() {
        return "SELECT " + select + " FROM $t" + (condition.isEmpty() ? "" : " WHERE " + condition);
    }

    /** Whether any rows that fit are an answer. */
    boolean isPartial() {
        return !tail.isEmpty() && !condition.isEmpty();
    }
}
