package io.memmap.spark.read;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.table.Filter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a table whose values are single numbers or times, which this source can compute with. Driver only. */
final class NumberColumns {
    private static final Set<Kind> NUMBERS =
            Set.of(Kind.BOOL, Kind.INT, Kind.UINT, Kind.FLOAT, Kind.BFLOAT16, Kind.DATETIME, Kind.TIMEDELTA);

    private static final Set<Kind> PLAIN = Set.of(Kind.INT, Kind.UINT, Kind.FLOAT, Kind.BFLOAT16);

    private final Map<String, StructField> fields = new HashMap<>();
    private final Set<String> plain = new HashSet<>();
    private final Set<String> neverNull = new HashSet<>();

    /** @param columns what each field of {@code table} is in the file */
    NumberColumns(StructType table, List<ArrayColumn> columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).nullable()) {
                neverNull.add(table.fields()[i].name());
            }
            if (!columns.get(i).extent().isArray()
                    && columns.get(i).dtype() instanceof ScalarDType scalar
                    && NUMBERS.contains(scalar.kind())) {
                StructField field = table.fields()[i];
                fields.put(field.name(), field);
                if (PLAIN.contains(scalar.kind()) && !(field.dataType() instanceof DecimalType)) {
                    plain.add(field.name());
                }
            }
        }
    }

    /** The column that an expression is; empty when it is anything else. */
    Optional<StructField> column(Expression expression) {
        return RowColumns.name(expression).map(fields::get);
    }

    /** The column of this name as a part of a predicate; empty if Spark has to evaluate all predicates on it. */
    Optional<FilterOperand> operand(String name) {
        StructField field = fields.get(name);
        if (field != null) {
            return Optional.of(new NumberOperand(field, neverNull.contains(name)));
        }
        return neverNull.contains(name) ? Optional.of(new NeverNull()) : Optional.empty();
    }

    /** A column of any type without NULL. */
    private record NeverNull() implements FilterOperand {
        @Override
        public Filter isNull(boolean negated) {
            return negated ? Filter.always() : Filter.never();
        }

        @Override
        public Filter compare(Operator operator, List<Literal<?>> literals, boolean negated) {
            return Filter.unknown();
        }
    }

    /** Returns true if an expression is a column, of any type, that has no nulls in the file, whatever the table says. */
    boolean isNeverNull(Expression expression) {
        return RowColumns.name(expression).filter(neverNull::contains).isPresent();
    }

    /** Returns true if a column has integers that a long can hold, or floats, and so no nulls. */
    boolean isPlain(String column) {
        return plain.contains(column);
    }
}
