package io.memmap.spark.write;

import java.io.Serializable;

/** Adjacent rows that one task wrote to one file. Crosses the wire. */
record Segment(String path, long rows, long nbytes) implements Serializable {}
