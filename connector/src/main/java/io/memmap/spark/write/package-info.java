/**
 * The write side: tasks write segments into a hidden directory beside the target, and the driver's commit makes them one
 * array in one step. Imports {@code spark.options}, {@code spark.schema}, {@code storage} and below; never
 * {@code spark.read}.
 */
package io.memmap.spark.write;
