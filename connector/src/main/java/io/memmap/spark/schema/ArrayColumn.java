package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Layout;
import java.io.Serializable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * One column of an array that is seen as a table, and which bytes it is. Crosses the wire.
 *
 * @param type its natural Spark type
 * @param dtype what each of its elements is; null for {@link Extent#INDEX} and {@link Extent#CONSTANT}
 * @param fieldOffset bytes from the start of an item to the element
 * @param index the element within a row for {@link Extent#ELEMENT}, the axis for {@link Extent#INDEX}, the
 *     position among the file's constants for {@link Extent#CONSTANT}, else 0
 */
public record ArrayColumn(
        String name, DataType type, boolean nullable, DType dtype, int fieldOffset, Extent extent, long index)
        implements Serializable {

    /** The part of a row that one value is. */
    public enum Extent {
        /** One element of the row. */
        ELEMENT,
        /** All elements of the row, as nested arrays. */
        ROW,
        /** Each element of the row is a table row of its own. */
        EACH,
        /** Some elements of the file, as many as the row has. */
        SEQUENCE,
        /** No bytes: the position on an axis. */
        INDEX,
        /** No bytes: a value of the names of the file's directories. */
        CONSTANT;

        /** Returns true if a value is an array of elements. */
        public boolean isArray() {
            return this == ROW || this == SEQUENCE;
        }
    }

    /** Describes the place of its values, when a table has it as {@code field}. */
    WrittenColumn written(Layout layout, StructField field, int ordinal) {
        DType value = extent == Extent.ROW
                ? new SubArrayDType(dtype, layout.shape().trailing().lengths())
                : dtype;
        int offset = Math.toIntExact(index * layout.dtype().itemsize() + fieldOffset);
        return new WrittenColumn(field.name(), ordinal, field.dataType(), field.nullable(), value, offset);
    }

    /** @throws IllegalArgumentException when a table has it as a field without nulls, and its values may be NaT */
    void checkNullable(StructField field, String path, boolean caseSensitive) {
        DataType wanted = field.dataType();
        boolean nulls = field.nullable();
        while (extent.isArray() && wanted instanceof ArrayType list) {
            nulls = list.containsNull();
            wanted = list.elementType();
        }
        if (dtype != null && SparkTypes.deniesNull(dtype, wanted, nulls, caseSensitive)) {
            throw new IllegalArgumentException("Cannot read column '" + name + "' of " + path
                    + ": the schema says that it has no nulls, but its dtype is " + dtype
                    + ", which has NaT, expected a nullable type; drop NOT NULL");
        }
    }

    ArrayColumn withName(String other) {
        return new ArrayColumn(other, type, nullable, dtype, fieldOffset, extent, index);
    }
}
