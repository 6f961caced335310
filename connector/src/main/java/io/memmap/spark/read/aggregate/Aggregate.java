package io.memmap.spark.read.aggregate;

import io.memmap.compute.Totals;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * One aggregate function over one column. Immutable; crosses the wire.
 *
 * @param column null where rows are counted
 * @param type of the result
 */
public record Aggregate(Function function, String column, DataType type) implements Serializable {

    public enum Function {
        COUNT_ROWS,
        COUNT,
        SUM,
        MIN,
        MAX
    }

    boolean isCount() {
        return function == Function.COUNT_ROWS || function == Function.COUNT;
    }

    boolean isFloat() {
        return type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType);
    }

    /** The text that Spark writes. */
    public String name() {
        return switch (function) {
            case COUNT_ROWS -> "count(*)";
            case COUNT -> "count(" + column + ")";
            case SUM -> "sum(" + column + ")";
            case MIN -> "min(" + column + ")";
            case MAX -> "max(" + column + ")";
        };
    }

    /**
     * The result as Spark holds it internally, null where SQL's is NULL.
     *
     * @param rows how many rows there were
     * @param totals of the column; not looked at where rows are counted
     * @throws ArithmeticException when the type cannot hold a sum; the message has no subject
     */
    Object value(long rows, Totals totals) {
        if (function == Function.COUNT_ROWS) {
            return rows;
        }
        if (function == Function.COUNT) {
            return totals.count();
        }
        if (totals.count() == 0) {
            return null;
        }
        if (function == Function.SUM) {
            return sum(totals);
        }
        boolean min = function == Function.MIN;
        double extreme = min ? totals.leastFloat() : totals.greatestFloat();
        long integer = min ? totals.least() : totals.greatest();
        if (type instanceof YearMonthIntervalType) {
            return (int) integer;
        } else if (type instanceof DecimalType decimal) {
            return decimal(new BigInteger(Long.toUnsignedString(integer ^ Long.MIN_VALUE)), decimal);
        }
        return switch (type.typeName()) {
            case "float" -> (float) extreme;
            case "double" -> extreme;
            case "byte" -> (byte) integer;
            case "short" -> (short) integer;
            case "integer", "date" -> (int) integer;
            default -> integer;
        };
    }

    private Object sum(Totals totals) {
        if (type.equals(DataTypes.DoubleType)) {
            return totals.floatSum();
        }
        BigInteger sum = totals.integerSum();
        if (sum.bitLength() >= Long.SIZE) {
            throw leaves(sum, type);
        }
        return sum.longValue();
    }

    static ArithmeticException leaves(BigInteger sum, DataType type) {
        return new ArithmeticException("the sum of one partition is " + sum + ", expected a value within the range of "
                + type.catalogString() + "; cast the column to a wider type, such as DECIMAL(38,0), or set "
                + "pushAggregates=false to let Spark add up");
    }

    private static Decimal decimal(BigInteger value, DecimalType type) {
        return Decimal.apply(new BigDecimal(value), type.precision(), type.scale());
    }
}
