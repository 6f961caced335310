package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** A column with one element of one primitive array per row. */
public abstract class PrimitiveVector extends DenseVector {
    PrimitiveVector(DataType type) {
        super(type);
    }

    /**
     * A vector of this type, to be reset to an array before it is read.
     *
     * @throws IllegalArgumentException for a type whose rows are not single numbers
     */
    public static PrimitiveVector of(DataType type) {
        if (type instanceof BooleanType) {
            return new BooleanVector(type);
        } else if (type instanceof ByteType) {
            return new ByteVector(type);
        } else if (type instanceof ShortType) {
            return new ShortVector(type);
        } else if (type instanceof IntegerType || type instanceof DateType || type instanceof YearMonthIntervalType) {
            return new IntVector(type);
        } else if (type instanceof LongType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType
                || type instanceof DayTimeIntervalType) {
            return new LongVector(type);
        } else if (type instanceof FloatType) {
            return new FloatVector(type);
        } else if (type instanceof DoubleType) {
            return new DoubleVector(type);
        } else if (type instanceof DecimalType decimal && decimal.precision() == 20 && decimal.scale() == 0) {
            return new UnsignedLongVector(type);
        }
        throw new IllegalArgumentException("Cannot make a vector of numbers: type " + type.catalogString()
                + ", expected a number, a date, a timestamp or an interval");
    }

    /**
     * Reads this array from now on.
     *
     * @param array the type that the vector's class names
     * @throws ClassCastException for another type
     */
    public abstract void reset(Object array);
}
