/**
 * The position of each element of an array in its file: {@link io.memmap.layout.Layout}, its shape and order, and the
 * decoders that turn those bytes into Java arrays. Imports {@code dtype} only.
 */
package io.memmap.layout;
