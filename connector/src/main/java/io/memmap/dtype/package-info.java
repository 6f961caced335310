/**
 * What one element is: NumPy's type system, and the grammar of its descriptors. Imports the JDK only.
 *
 * @see <a href="https://numpy.org/neps/nep-0001-npy-format.html">NEP 1</a>
 */
package io.memmap.dtype;
