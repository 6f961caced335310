package io.memmap.storage;

import java.util.Arrays;

/**
 * Chooses between mapping and reading a file by the time that the work of a query takes for a byte. A mapping costs a fault for
 * each page, or for a group of them; how much that is depends on the machine and on the sizes of the pages in its cache.
 *
 * <p>The ways change after stretches of {@value #STRETCH_NBYTES} bytes, as the first piece of a group of pages pays for all.
 * The median of the last {@value #TIMES} stretches counts. Belongs to one thread.
 */
final class AccessTrial {
    static final int STRETCH_NBYTES = 512 << 10;
    /** One of so many stretches goes the slower way, as the pages of one file can differ. */
    static final int PERIOD = 128;

    private static final int TIMES = 3;
    /** These go the slower way too, so that it is not judged by its first stretch alone. */
    private static final int SECOND = 8;

    private static final int THIRD = 16;

    /** The way that a trial of this JVM found to be faster last: the next one begins with it. */
    private static volatile boolean lastMaps = true;

    private final Times mapped = new Times();
    private final Times read = new Times();
    private boolean maps;
    private int stretches;
    private long stretchNbytes;
    private long stretchNanos;

    AccessTrial() {
        this(lastMaps);
    }

    /** @param maps true to begin with a mapping */
    AccessTrial(boolean maps) {
        this.maps = maps;
    }

    /** Returns true if the next piece is to be mapped, and false if it is to be read. */
    boolean maps() {
        return maps;
    }

    /** Adds the time that a piece took, with the work on it. */
    void add(int nbytes, long nanos) {
        stretchNbytes += nbytes;
        stretchNanos += nanos;
        if (stretchNbytes >= STRETCH_NBYTES) {
            (maps ? mapped : read).add((double) stretchNanos / stretchNbytes);
            stretchNbytes = 0;
            stretchNanos = 0;
            maps = nextMaps(++stretches);
        }
    }

    private boolean nextMaps(int stretch) {
        if (stretch == 1) {
            return !maps;
        }
        boolean faster = mapped.median() <= read.median();
        lastMaps = faster;
        return faster != (stretch == SECOND || stretch == THIRD || stretch % PERIOD == 0);
    }

    private static final class Times {
        private final double[] last = new double[TIMES];
        private int count;

        void add(double time) {
            last[count++ % TIMES] = time;
        }

        /** The lower one of two. */
        double median() {
            double[] sorted = Arrays.copyOf(last, Math.min(count, TIMES));
            Arrays.sort(sorted);
            return sorted[(sorted.length - 1) / 2];
        }
    }
}
