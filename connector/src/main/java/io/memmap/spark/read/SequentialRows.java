package io.memmap.spark.read;

import java.util.List;
import java.util.stream.LongStream;

/** Cuts of partitions around rows whose file can only be read from front to back: one task reads them. Driver only. */
final class SequentialRows {
    private SequentialRows() {}

    /**
     * Moves the cuts inside of such row groups to their ends.
     *
     * @param cuts ascending indexes into all selected rows; the last is their count
     */
    static long[] uncut(long[] cuts, List<SelectedRows> selected) {
        long[] uncut = cuts.clone();
        long start = 0;
        int next = 0;
        for (SelectedRows rows : selected) {
            long end = start + rows.rows().count();
            boolean sequential = rows.group().sources().stream()
                    .anyMatch(source -> source.file().isSequential());
            for (; next < cuts.length && cuts[next] < end; next++) {
                if (sequential && cuts[next] > start) {
                    uncut[next] = end;
                }
            }
            start = end;
        }
        return LongStream.of(uncut).distinct().toArray();
    }
}
