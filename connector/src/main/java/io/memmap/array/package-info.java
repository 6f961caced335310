/**
 * Index arithmetic over mapped files, and {@link io.memmap.array.MemmapArray}, NumPy's memmap in plain Java. Imports
 * {@code dtype} and {@code memory}; needs neither Spark nor Hadoop.
 */
package io.memmap.array;
