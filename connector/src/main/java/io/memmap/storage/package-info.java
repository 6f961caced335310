/**
 * Where the bytes are: listing, opening and checking files, on local disks and on any Hadoop {@code FileSystem}. The only
 * package that imports {@code org.apache.hadoop}; it imports {@code format} and below, never Spark.
 */
package io.memmap.storage;
