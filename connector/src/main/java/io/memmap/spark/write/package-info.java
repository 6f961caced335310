/**
 * The write side: tasks write segments or patches into a hidden directory beside the target, and the driver's commit makes
 * of them one array in one step, or one change of an array. Imports {@code spark.write.encode}, {@code spark.options},
 * {@code spark.schema}, {@code storage} and below; never {@code spark.read}.
 */
package io.memmap.spark.write;
