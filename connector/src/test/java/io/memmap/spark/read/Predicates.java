package io.memmap.spark.read;

import java.util.List;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Predicates as Spark hands them over, and what {@link RowPredicate} makes of them. */
final class Predicates {
    private static final RowColumns COLUMNS =
            RowColumns.of(List.of("value", "i0", "s"), false).withAxis0("i0");
    static final Expression ROW = Expressions.column("_row");
    static final Expression FILE_ROW = Expressions.column("_file_row");
    static final Expression FILE = Expressions.column("_file");

    private Predicates() {}

    /** Null where Spark has to filter. */
    static RowPredicate translated(Predicate predicate) {
        return RowPredicate.of(predicate, COLUMNS).orElse(null);
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
