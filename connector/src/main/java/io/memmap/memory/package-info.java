/**
 * Bytes of a file in address space: mapping, unmapping, memory to read into, and making a fault arrive where it belongs.
 * Imports the JDK only.
 */
package io.memmap.memory;
