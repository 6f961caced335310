/**
 * Pushed aggregates: what Spark asked for, and how the totals of columns answer it. Imports {@code spark.read.number}
 * and {@code spark.read.vector}, and of Spark types only.
 */
package io.memmap.spark.read.aggregate;
