package io.memmap.spark.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * The rows that one task reads. Crosses the wire.
 *
 * @param parts one, or several that threads of the task read at the same time
 * @param hosts where most of them are on a local disk, the nearest first; empty where that cannot be said
 */
record MemmapInputPartition(List<List<Split>> parts, List<String> hosts) implements InputPartition {

    @Override
    public String[] preferredLocations() {
        return hosts.toArray(String[]::new);
    }
}
