/**
 * From a file's bytes to the column vectors of a batch. Runs in the executor's task threads; the driver builds the same
 * readers once, without arrays, to refuse what cannot be read before a job starts. Imports {@code spark.read.vector},
 * {@code spark.options}, {@code spark.schema}, {@code storage} and below.
 */
package io.memmap.spark.read.decode;
