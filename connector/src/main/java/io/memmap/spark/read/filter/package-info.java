/**
 * Conditions on the values of columns, evaluated over the numbers of a batch into a selection of its rows. Imports
 * {@code compute}, no Spark.
 */
package io.memmap.spark.read.filter;
