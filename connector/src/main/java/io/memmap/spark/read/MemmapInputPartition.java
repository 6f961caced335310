package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** The rows that one task reads. Crosses the wire. */
record MemmapInputPartition(List<Slice<ArrayFile>> slices) implements InputPartition {}
