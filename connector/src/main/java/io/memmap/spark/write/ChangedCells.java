package io.memmap.spark.write;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.schema.WrittenColumn;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * Finds the elements of a value that are not as they are stored. Spark hands over whole rows, so that this is how an
 * update knows which bytes to leave alone: a NaN's payload, ticks that were rounded down, padding. Stateless.
 */
@FunctionalInterface
interface ChangedCells {

    /** Takes what changed. */
    @FunctionalInterface
    interface Sink {
        /**
         * These bytes get another value.
         *
         * @param position their position in the row or element
         */
        void changed(int position, int nbytes) throws IOException;
    }

    /** Compares the values at {@code ordinal}, whose bytes start at {@code position}. */
    void find(SpecializedGetters stored, SpecializedGetters given, int ordinal, int position, Sink sink)
            throws IOException;

    static ChangedCells of(WrittenColumn column) {
        return of(column.dtype(), column.type());
    }

    private static ChangedCells of(DType dtype, DataType type) {
        ChangedCells values;
        if (type instanceof StructType struct) {
            values = ofStruct(dtype, struct);
        } else if (type instanceof ArrayType list) {
            values = ofList((SubArrayDType) dtype, list);
        } else {
            Same same = Same.of(type);
            values = (stored, given, ordinal, position, sink) -> {
                if (!same.test(stored, given, ordinal)) {
                    sink.changed(position, dtype.itemsize());
                }
            };
        }
        return (stored, given, ordinal, position, sink) -> {
            boolean isNull = given.isNullAt(ordinal);
            if (isNull != stored.isNullAt(ordinal)) {
                sink.changed(position, dtype.itemsize());
            } else if (!isNull) {
                values.find(stored, given, ordinal, position, sink);
            }
        };
    }

    private static ChangedCells ofStruct(DType dtype, StructType struct) {
        int fieldCount = struct.length();
        ChangedCells[] fields = new ChangedCells[fieldCount];
        int[] offsets = new int[fieldCount];
        for (int i = 0; i < fieldCount; i++) {
            RecordDType.Field field = field(dtype, struct.fields()[i].name());
            fields[i] = of(field.dtype(), struct.fields()[i].dataType());
            offsets[i] = field.offset();
        }
        return (stored, given, ordinal, position, sink) -> {
            InternalRow before = stored.getStruct(ordinal, fieldCount);
            InternalRow after = given.getStruct(ordinal, fieldCount);
            for (int i = 0; i < fieldCount; i++) {
                fields[i].find(before, after, i, position + offsets[i], sink);
            }
        };
    }

    private static RecordDType.Field field(DType dtype, String name) {
        RecordDType record = dtype instanceof ScalarDType complex ? complex.parts() : (RecordDType) dtype;
        List<RecordDType.Field> fields = record.fields();
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .or(() -> fields.stream()
                        .filter(field -> field.name().equalsIgnoreCase(name))
                        .findFirst())
                .orElseThrow();
    }

    private static ChangedCells ofList(SubArrayDType array, ArrayType list) {
        DType inner = array.row();
        ChangedCells element = of(inner, list.elementType());
        int stride = inner.itemsize();
        return (stored, given, ordinal, position, sink) -> {
            ArrayData before = stored.getArray(ordinal);
            ArrayData after = given.getArray(ordinal);
            if (before.numElements() != after.numElements()) {
                // The encoder refuses it, and says why.
                sink.changed(position, array.itemsize());
                return;
            }
            for (int i = 0; i < before.numElements(); i++) {
                element.find(before, after, i, position + i * stride, sink);
            }
        };
    }

    /** A comparison of two values that are not NULL. All NaNs are the same; the two zeros are not. */
    @FunctionalInterface
    interface Same {
        boolean test(SpecializedGetters a, SpecializedGetters b, int i);

        static Same of(DataType type) {
            if (type instanceof DecimalType decimal) {
                int precision = decimal.precision();
                int scale = decimal.scale();
                return (a, b, i) -> a.getDecimal(i, precision, scale).equals(b.getDecimal(i, precision, scale));
            } else if (type instanceof StringType) {
                return (a, b, i) -> a.getUTF8String(i).equals(b.getUTF8String(i));
            } else if (type instanceof BinaryType) {
                return (a, b, i) -> Arrays.equals(a.getBinary(i), b.getBinary(i));
            } else if (type instanceof DayTimeIntervalType) {
                return (a, b, i) -> a.getLong(i) == b.getLong(i);
            } else if (type instanceof YearMonthIntervalType) {
                return (a, b, i) -> a.getInt(i) == b.getInt(i);
            }
            return switch (type.typeName()) {
                case "boolean" -> (a, b, i) -> a.getBoolean(i) == b.getBoolean(i);
                case "byte" -> (a, b, i) -> a.getByte(i) == b.getByte(i);
                case "short" -> (a, b, i) -> a.getShort(i) == b.getShort(i);
                case "integer", "date" -> (a, b, i) -> a.getInt(i) == b.getInt(i);
                case "long", "timestamp", "timestamp_ntz" -> (a, b, i) -> a.getLong(i) == b.getLong(i);
                case "float" -> (a, b, i) -> Float.floatToIntBits(a.getFloat(i)) == Float.floatToIntBits(b.getFloat(i));
                case "double" ->
                    (a, b, i) -> Double.doubleToLongBits(a.getDouble(i)) == Double.doubleToLongBits(b.getDouble(i));
                default ->
                    throw new IllegalArgumentException(
                            "Cannot compare values of type " + type.sql() + ", expected a type that arrays have");
            };
        }
    }
}
