/**
 * The scan side: what is pushed down, how the selected rows become partitions, and the readers of the partitions. Imports
 * {@code spark.options}, {@code spark.schema}, {@code storage} and below; never {@code spark.write}.
 */
package io.memmap.spark.read;
