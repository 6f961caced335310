/**
 * NumPy's types of elements, and the grammar of their descriptors. Imports the JDK only.
 *
 * @see <a href="https://numpy.org/neps/nep-0001-npy-format.html">NEP 1</a>
 */
package io.memmap.dtype;
