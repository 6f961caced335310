/**
 * Numbers that are computed of each row, over the numbers of a batch, block by block. Imports
 * {@code compute}, no Spark.
 */
package io.memmap.spark.read.formula;
