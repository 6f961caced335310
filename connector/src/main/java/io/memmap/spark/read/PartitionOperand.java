package io.memmap.spark.read;

import io.memmap.spark.schema.PartitionColumn;

/**
 * A partition column in a predicate. Driver only.
 *
 * @param index its position among the partition columns
 * @param isText true if it is compared as the string that CAST makes of it
 */
record PartitionOperand(PartitionColumn column, int index, boolean isText) {

    PartitionOperand asText() {
        return new PartitionOperand(column, index, true);
    }

    /** The column in SQL, for EXPLAIN. */
    @Override
    public String toString() {
        return isText ? "CAST(" + column.name() + " AS STRING)" : column.name();
    }
}
