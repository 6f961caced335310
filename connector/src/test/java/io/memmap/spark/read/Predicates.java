package io.memmap.spark.read;

import io.memmap.table.Filter;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Predicates as Spark hands them over, and what {@link FilterTranslator} makes of them. */
final class Predicates {
    private static final RowColumns COLUMNS =
            RowColumns.of(List.of("value", "i0", "s"), false).withAxis0("i0");
    static final NumberColumns NO_NUMBERS = new NumberColumns(new StructType(), List.of());
    static final Expression ROW = Expressions.column("_row");
    static final Expression FILE_ROW = Expressions.column("_file_row");
    static final Expression FILE = Expressions.column("_file");

    private Predicates() {}

    /** Null where Spark has to filter. */
    static Filter translated(Predicate predicate) {
        Filter filter = new FilterTranslator(COLUMNS, NO_NUMBERS).translate(predicate);
        return filter.isKnown() ? filter : null;
    }

    /** The rows of a group whose rows all are in {@code file}. */
    static RowSet candidates(Filter filter, String file, long firstRow, long rowCount) {
        return filter.candidates(new RowGroup.Joined(firstRow, rowCount, List.of(), file));
    }

    static Predicate predicate(String name, Expression... children) {
        return new Predicate(name, children);
    }

    static Literal<?> number(long value) {
        return literal(value, DataTypes.LongType);
    }

    static Literal<?> string(String value) {
        return literal(UTF8String.fromString(value), DataTypes.StringType);
    }

    static <T> Literal<T> literal(T value, DataType type) {
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
