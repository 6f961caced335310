package io.memmap.spark.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * The rows that one task reads. Crosses the wire.
 *
 * @param hosts where most of them are on a local disk, the nearest first; empty where that cannot be said
 */
record MemmapInputPartition(List<Split> splits, List<String> hosts) implements InputPartition {

    @Override
    public String[] preferredLocations() {
        return hosts.toArray(String[]::new);
    }
}
