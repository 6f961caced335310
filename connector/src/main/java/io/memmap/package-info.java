/** NumPy memmaps and .npy files for Java and Apache Spark. */
package io.memmap;
