package io.memmap.compute;

import java.util.Arrays;

/**
 * Both forms of one loop, timed on the mapped blocks of queries: vectors that are faster in the cache can be slower where
 * memory is the limit. For threads that share it.
 */
final class MemoryTrial {
    /** The last ones of each form; while those before them ran, the JIT compiled their callers anew. */
    private static final int TIMED_BLOCKS = 4096;
    /** 2 GiB of float64. */
    static final int BLOCKS = 16 * TIMED_BLOCKS;

    private final Kernels vectors;
    private final long[] scalarNanos = new long[TIMED_BLOCKS];
    private final long[] vectorNanos = new long[TIMED_BLOCKS];
    private int started;
    private int scalarBlocks;
    private int vectorBlocks;

    MemoryTrial(Kernels vectors) {
        this.vectors = vectors;
    }

    /**
     * The form for the next block, in the order of Thue and Morse: in turns, one of them could have the first blocks of all
     * pages.
     */
    synchronized Kernels next() {
        return Integer.bitCount(started++) % 2 == 0 ? KernelChoice.SCALAR : vectors;
    }

    /** Adds the time of a block. Returns true if it was the last one. */
    synchronized boolean add(Kernels kernels, long nanos) {
        if (kernels == vectors) {
            vectorNanos[vectorBlocks++ % TIMED_BLOCKS] = nanos;
        } else {
            scalarNanos[scalarBlocks++ % TIMED_BLOCKS] = nanos;
        }
        return scalarBlocks + vectorBlocks == BLOCKS;
    }

    /** The faster form, by the median block. */
    synchronized Kernels faster() {
        return median(vectorNanos) < median(scalarNanos) ? vectors : KernelChoice.SCALAR;
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }
}
