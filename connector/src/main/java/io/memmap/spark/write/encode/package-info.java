/**
 * From Spark's rows to the bytes of an array. Runs in the executor's task threads; the driver builds the same encoders
 * once to refuse what cannot be written before a job starts. Imports {@code spark.schema}, {@code spark.options},
 * {@code array} and {@code dtype}.
 */
package io.memmap.spark.write.encode;
