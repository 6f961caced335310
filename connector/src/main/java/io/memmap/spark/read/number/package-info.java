/**
 * The numbers of one column of one batch, in arrays on the heap, and the loops over them: comparing, selecting, adding
 * up. Imports {@code array} and the JDK.
 */
package io.memmap.spark.read.number;
