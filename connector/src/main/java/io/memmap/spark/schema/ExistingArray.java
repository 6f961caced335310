package io.memmap.spark.schema;

import io.memmap.array.Order;
import io.memmap.array.Shape;
import io.memmap.dtype.DType;
import io.memmap.spark.options.LayoutMode;
import java.util.List;

/**
 * What an append or update finds.
 *
 * @param trailing the shape of a row
 * @param columnNames as the manifest or sidecar has them
 * @param layout as the manifest or sidecar has it, or null
 */
public record ExistingArray(DType dtype, Shape trailing, Order order, List<String> columnNames, String layout) {
    public ExistingArray {
        columnNames = List.copyOf(columnNames);
    }

    public boolean isByElement() {
        return LayoutMode.ELEMENTS.name().equalsIgnoreCase(layout);
    }
}
