package io.memmap.spark.read;

import io.memmap.table.Filter;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Literal;

/** A column that can be compared with literals. Driver only. */
interface FilterOperand {

    /** The comparisons; all others are their negations. */
    enum Operator {
        IN,
        LESS,
        AT_MOST,
        STARTS_WITH,
        ENDS_WITH,
        CONTAINS;

        /** Values of an IN that EXPLAIN shows. */
        private static final int SHOWN_VALUES = 8;

        boolean isOfText() {
            return this == STARTS_WITH || this == ENDS_WITH || this == CONTAINS;
        }

        /** The comparison in SQL, shortened. */
        String text(Object column, List<String> values, boolean negated) {
            String first = values.isEmpty() ? "" : values.get(0);
            return switch (this) {
                case IN ->
                    values.size() == 1
                            ? column + (negated ? " <> " : " = ") + first
                            : column + (negated ? " NOT" : "") + " IN (" + list(values) + ")";
                case LESS -> column + (negated ? " >= " : " < ") + first;
                case AT_MOST -> column + (negated ? " > " : " <= ") + first;
                case STARTS_WITH -> (negated ? "NOT " : "") + column + " starts with " + first;
                case ENDS_WITH -> (negated ? "NOT " : "") + column + " ends with " + first;
                case CONTAINS -> (negated ? "NOT " : "") + column + " contains " + first;
            };
        }

        private static String list(List<String> values) {
            String shown = values.stream().limit(SHOWN_VALUES).collect(Collectors.joining(", "));
            int more = values.size() - SHOWN_VALUES;
            return shown + (more > 0 ? ", and " + more + " more" : "");
        }
    }

    /** The filter for NULL. */
    Filter isNull(boolean negated);

    /**
     * The filter for a comparison; {@link Filter#unknown} where Spark has to compare.
     *
     * @param literals none of them NULL; more or less than one of IN only
     */
    Filter compare(Operator operator, List<Literal<?>> literals, boolean negated);

    /** A string in SQL. */
    static String quoted(Object text) {
        return "'" + text.toString().replace("'", "''") + "'";
    }
}
