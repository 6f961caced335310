/**
 * What a scan tells Spark's UI about itself. Spark makes a metric anew from the name of its class, so each is a public
 * class of its own. Imports {@code sql.connector.metric} only.
 */
package io.memmap.spark.read.metric;
