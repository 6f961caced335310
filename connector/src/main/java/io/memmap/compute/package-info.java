/**
 * Loops over numbers in heap arrays and mapped bytes: sum, extremes, compare, select. Imports the JDK only.
 */
package io.memmap.compute;
