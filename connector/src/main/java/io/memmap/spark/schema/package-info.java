/**
 * How arrays look as tables: dtype and shape to {@code StructType} and back, and which of an item's bytes each column is.
 * Imports {@code spark.options}, {@code format} and below; neither side of reading and writing.
 */
package io.memmap.spark.schema;
