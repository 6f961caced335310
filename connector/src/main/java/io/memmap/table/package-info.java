/**
 * Rows and columns over the arrays of files. Free of Spark and Hadoop: imports {@link io.memmap.format} and
 * {@link io.memmap.compute} only.
 */
package io.memmap.table;
