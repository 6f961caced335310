package io.memmap.storage;

/** Bytes {@code [start, end)} of a file. */
public record ByteRange(long start, long end) {}
