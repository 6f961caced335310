/**
 * Bytes of files, on local disks and on any Hadoop {@code FileSystem}: listing, opening and checking files; staging,
 * locking, publishing and changing them. The only package that imports {@code org.apache.hadoop}; it imports
 * {@code format} and below, never Spark.
 */
package io.memmap.storage;
