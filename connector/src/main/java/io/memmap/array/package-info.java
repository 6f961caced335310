/**
 * Index arithmetic over mapped files, and {@link io.memmap.array.MemmapArray}, numpy.memmap for plain Java. Imports
 * {@code dtype}, {@code memory} and {@code compute}; needs neither Spark nor Hadoop.
 */
package io.memmap.array;
