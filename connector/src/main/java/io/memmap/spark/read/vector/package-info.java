/**
 * Spark column vectors over plain Java arrays, which the reader fills again for each batch. Imports {@code dtype} and
 * Spark's {@code sql.types}, {@code sql.vectorized} and {@code unsafe.types}; knows neither files nor mappings.
 */
package io.memmap.spark.read.vector;
