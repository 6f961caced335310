package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.format.RowLayout;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.util.List;

/**
 * The array that an append or update changes.
 *
 * @param path of the file or directory
 * @param trailing the shape of a row
 * @param columnNames as the manifest or sidecar has them
 * @param layout as the manifest or sidecar has it, or null
 * @param partitionBy the names of the columns that its directories say, outermost first
 */
public record ExistingArray(
        String path,
        DType dtype,
        Shape trailing,
        Order order,
        List<String> columnNames,
        RowLayout layout,
        List<String> partitionBy) {
    public ExistingArray {
        columnNames = List.copyOf(columnNames);
        partitionBy = List.copyOf(partitionBy);
    }

    /** The same for files in directories that say the values of these columns. */
    public static ExistingArray of(ShardedArray found, String path, List<String> partitionBy) {
        Layout layout = found.first().layout();
        return new ExistingArray(
                path,
                layout.dtype(),
                layout.shape().trailing(),
                layout.order(),
                found.columnNames(),
                found.layout(),
                partitionBy);
    }

    /** Returns true if each column is an array of its own. */
    public boolean isSideBySide() {
        return layout == RowLayout.SIDE_BY_SIDE;
    }

    public boolean isByElement() {
        return layout == RowLayout.ELEMENTS;
    }
}
