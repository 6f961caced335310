package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Shape;
import java.util.List;

/**
 * One of several arrays side by side: a column of a table, as a field of the record that a row of all of them is. Immutable.
 *
 * @param trailing the shape of one row
 */
public record ColumnArray(String name, DType dtype, Shape trailing) {
    /** Beside control characters. */
    private static final String ESCAPED = "\"#%'*/:=?\\\u007f{[]}^<>|";

    /** The arrays whose rows side by side are such records: of a field with lengths they are axes. */
    public static List<ColumnArray> of(RecordDType record) {
        return record.fields().stream()
                .map(field -> field.dtype() instanceof SubArrayDType sub
                        ? new ColumnArray(field.name(), sub.base(), Shape.of(sub.shape()))
                        : new ColumnArray(field.name(), field.dtype(), Shape.of()))
                .toList();
    }

    /** The shape of so many rows. */
    public Shape shape(long rows) {
        return trailing.ofRows(rows);
    }

    /** The path of its directory from that of the table, with a slash after it. */
    public String directory() {
        return directory(name);
    }

    /**
     * The path of a column's directory from that of the table, with a slash after it: its name, with what no directory can be
     * named escaped, so that names that differ have different ones.
     */
    public static String directory(String column) {
        boolean hides = column.startsWith("_") || column.startsWith(".");
        int first = hides ? 1 : 0;
        return PartitionPath.escaped(column.substring(0, first), "_.")
                + PartitionPath.escaped(column.substring(first), ESCAPED) + "/";
    }
}
