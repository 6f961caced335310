/**
 * Arrays as tables: dtype and shape to {@code StructType} and back, and the bytes of an item that each column is.
 * Imports {@code spark.options}, {@code format} and below; neither side of reading and writing.
 */
package io.memmap.spark.schema;
