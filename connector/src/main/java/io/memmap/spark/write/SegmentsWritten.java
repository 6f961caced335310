package io.memmap.spark.write;

import io.memmap.storage.Part;
import java.io.Serializable;
import java.util.List;

/**
 * The report of one task. Crosses the wire in {@link CommitReports}.
 *
 * @param segments in the order of the rows
 * @param patches files with changes of existing rows
 * @param lengths of the ARRAY columns that the task found in its data; null when it had no rows
 */
record SegmentsWritten(int partition, List<Segment> segments, List<Part> patches, List<List<Integer>> lengths)
        implements Serializable {}
