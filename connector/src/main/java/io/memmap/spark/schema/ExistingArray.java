package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.LayoutMode;
import java.util.List;

/**
 * The array that an append or update changes.
 *
 * @param path of the file or directory
 * @param trailing the shape of a row
 * @param columnNames as the manifest or sidecar has them
 * @param layout as the manifest or sidecar has it, or null
 */
public record ExistingArray(
        String path, DType dtype, Shape trailing, Order order, List<String> columnNames, String layout) {
    public ExistingArray {
        columnNames = List.copyOf(columnNames);
    }

    /** The array of these files. */
    public static ExistingArray of(ShardedArray found, String path) {
        Layout layout = found.first().layout();
        return new ExistingArray(
                path, layout.dtype(), layout.shape().trailing(), layout.order(), found.columnNames(), found.layout());
    }

    public boolean isByElement() {
        return LayoutMode.ELEMENTS.name().equalsIgnoreCase(layout);
    }
}
