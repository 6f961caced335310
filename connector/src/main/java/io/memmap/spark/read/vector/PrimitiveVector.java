package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
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
        if (type instanceof YearMonthIntervalType) {
            return new IntVector(type);
        } else if (type instanceof DayTimeIntervalType) {
            return new LongVector(type);
        } else if (type instanceof DecimalType decimal && decimal.precision() == 20 && decimal.scale() == 0) {
            return new UnsignedLongVector(type);
        }
        return switch (type.typeName()) {
            case "boolean" -> new BooleanVector(type);
            case "byte" -> new ByteVector(type);
            case "short" -> new ShortVector(type);
            case "integer", "date" -> new IntVector(type);
            case "long", "timestamp", "timestamp_ntz" -> new LongVector(type);
            case "float" -> new FloatVector(type);
            case "double" -> new DoubleVector(type);
            default ->
                throw new IllegalArgumentException("Cannot make a vector of numbers: type " + type.catalogString()
                        + ", expected a number, a date, a timestamp or an interval");
        };
    }

    /**
     * Reads this array from now on.
     *
     * @param array the type that the vector's class names
     * @throws ClassCastException for another type
     */
    public abstract void reset(Object array);
}
