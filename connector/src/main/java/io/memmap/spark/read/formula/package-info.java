/**
 * Numbers that are computed of each row, over the numbers of a batch, block by block. Imports
 * {@code spark.read.number}, no Spark.
 */
package io.memmap.spark.read.formula;
