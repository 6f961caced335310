/**
 * The command line: what a path on a local disk holds, in plain Java without Spark and Hadoop. Starts in a quarter of a second,
 * so it imports no library.
 */
package io.memmap.cli;
