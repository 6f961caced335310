package io.memmap.spark.write;

import java.io.Serializable;

/**
 * Adjacent rows that one task wrote to one file. Crosses the wire.
 *
 * @param reservedNbytes how many of the {@code nbytes} are room for the header of the array that it becomes the start of
 */
record Segment(String path, long rows, long nbytes, int reservedNbytes) implements Serializable {}
