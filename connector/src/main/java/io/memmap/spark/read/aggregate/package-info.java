/**
 * Pushed aggregates: what Spark asked for, and how the totals of columns, or of groups of rows, answer it. Imports
 * {@code compute}, {@code spark.read.formula} and {@code spark.read.vector}, and of Spark types only.
 */
package io.memmap.spark.read.aggregate;
