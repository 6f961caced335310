/**
 * The one failure type that Spark and its users see, and the translation of plain exceptions into it at every method that
 * Spark calls. Imports {@code dtype} and {@code format}, whose exceptions it knows by type, and {@code storage} for the secrets
 * that messages hide.
 */
package io.memmap.spark.failure;
