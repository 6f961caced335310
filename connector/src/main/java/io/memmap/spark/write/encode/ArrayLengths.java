package io.memmap.spark.write.encode;

import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.schema.WrittenSchema.Column;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Finds in a task's first row the lengths of ARRAY columns that schema and options do not tell. */
public final class ArrayLengths {
    private ArrayLengths() {}

    /**
     * The lengths for {@link WrittenSchema#resolve}; the caller passes them on to the driver, which compares.
     *
     * @throws BadValueException naming the column, when an array is NULL or empty
     */
    public static List<List<Integer>> of(WrittenSchema schema, InternalRow first) {
        List<List<Integer>> lengths = new ArrayList<>();
        for (Column column : schema.unknown()) {
            try {
                lengths.add(lengths(column, first));
            } catch (BadValueException e) {
                throw e.inField(column.name());
            }
        }
        return List.copyOf(lengths);
    }

    private static List<Integer> lengths(Column column, InternalRow first) {
        List<Integer> lengths = new ArrayList<>();
        SpecializedGetters from = first;
        int ordinal = column.ordinal();
        for (int axis = 0; axis < column.ndim(); axis++) {
            boolean missing = from.isNullAt(ordinal);
            ArrayData list = missing ? null : from.getArray(ordinal);
            if (missing || list.numElements() == 0) {
                throw new BadValueException("found " + (missing ? "NULL" : "an empty ARRAY")
                        + " in the first row, expected an ARRAY to take the length from; set it, as in shape=-1,3 or"
                        + " columnDtypes=\"" + column.name() + " ("
                        + column.element().descr() + ", (3,))\"");
            }
            lengths.add(list.numElements());
            from = list;
            ordinal = 0;
        }
        return List.copyOf(lengths);
    }
}
