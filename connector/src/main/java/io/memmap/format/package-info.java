/**
 * Descriptions of the arrays in files: .npy headers, sidecars, manifests and sets of shards. Imports {@code layout} and
 * {@code dtype}; knows bytes and texts, neither file systems nor Spark.
 *
 * @see <a href="https://numpy.org/neps/nep-0001-npy-format.html">NEP 1</a>
 */
package io.memmap.format;
