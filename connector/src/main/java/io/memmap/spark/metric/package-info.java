/**
 * The metrics of scans and writes in Spark's UI. Spark instantiates a metric by the name of its class, so each is a public
 * class of its own. Imports {@code sql.connector.metric} only.
 */
package io.memmap.spark.metric;
