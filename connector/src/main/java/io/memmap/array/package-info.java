/**
 * {@link io.memmap.array.MemmapArray}, numpy.memmap for plain Java, and {@link io.memmap.array.NpyFile}, its
 * {@code open_memmap}. Imports {@code layout}, {@code memory}, {@code compute} and {@code format}; Spark's side does not use
 * it.
 */
package io.memmap.array;
