/**
 * The options of the data source, each declared once as an {@link io.memmap.spark.options.OptionKey}, and their parsed
 * value, {@link io.memmap.spark.options.MemmapOptions}. Imports {@code format} and below, and of Spark only the
 * case-insensitive map that options arrive in.
 */
package io.memmap.spark.options;
