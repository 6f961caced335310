/**
 * How a file says what it holds: .npy headers, sidecars, manifests and sets of shards. Imports {@code array} and below;
 * knows bytes and texts, neither file systems nor Spark.
 *
 * @see <a href="https://numpy.org/neps/nep-0001-npy-format.html">NEP 1</a>
 */
package io.memmap.format;
