/**
 * Crashes and failures at every file operation of every kind of write.
 *
 * <p>A preloaded library logs the file operations of a JVM that writes. {@link io.memmap.replay.Replay} rebuilds from each
 * prefix of that log the directory that a killed process or a power loss would have left, and reads it.
 * {@link io.memmap.replay.Faults} makes operations fail, or interrupts the writer at one, and compares its answer with what
 * readers see. {@code io.memmap.it.ReplayTest} runs both.
 */
package io.memmap.replay;
