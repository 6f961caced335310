package io.memmap.storage;

/**
 * Chooses between mapping and reading the pieces of local files by the time that the work of a task on them takes for a byte.
 * A mapping costs a fault for each page, or for a group of them; how much that is depends on the machine and on the sizes of
 * the pages in its cache.
 *
 * <p>The ways change after stretches of {@value #STRETCH_NBYTES} bytes, as the first piece of a group of pages often pays for
 * all. An estimate follows shorter times at once, and longer ones by a quarter: an interruption does not change it much.
 *
 * <p>One for all files of a part of a partition, whose thread it belongs to.
 */
public final class AccessTrial {
    static final int STRETCH_NBYTES = 512 << 10;
    /** Smaller pieces are mapped: a call of the system for each can cost hundreds of times as much as they do. */
    static final int MIN_READ_NBYTES = 16 << 10;
    /** Memory of a thread for all files that it reads at a time. Pieces that are larger than the share of a file are mapped. */
    static final int TASK_NBYTES = 32 << 20;

    /** Stretch 1 goes the other way than stretch 0. This one goes the slower way, lest the first ones were interrupted. */
    private static final int SECOND_TRY = 7;
    /** The same, unless that way is much slower. */
    private static final int THIRD_TRY = 17;

    private static final int MUCH_SLOWER = 4;
    /** One of so many goes the slower way, as pages differ. All are prime, as columns may come in turns. */
    private static final int PERIOD = 127;

    /** The way that a trial of this JVM found to be faster last: the next one begins with it. */
    private static volatile boolean lastMaps = true;

    private final Estimate mapped = new Estimate();
    private final Estimate read = new Estimate();
    private int maxReadNbytes = PositionedInput.MAX_NATIVE_NBYTES;
    private boolean maps;
    private int stretches;
    private long stretchNbytes;
    private long stretchNanos;
    /** Bytes of the piece that is worked on; 0 for none, or for one that is not tried. */
    private int pieceNbytes;

    private long pieceStart;

    public AccessTrial() {
        this(lastMaps);
    }

    /** @param maps true to begin with a mapping */
    AccessTrial(boolean maps) {
        this.maps = maps;
    }

    /** Shares the memory for what is read among so many files that are open at a time. */
    public void shareAmong(int files) {
        maxReadNbytes = Math.min(PositionedInput.MAX_NATIVE_NBYTES, TASK_NBYTES / Math.max(files, 1));
    }

    /** Returns true if the next piece is to be mapped, and false if it is to be read. The work on the one before has ended. */
    boolean maps(int nbytes) {
        boolean tried = nbytes >= MIN_READ_NBYTES && nbytes <= maxReadNbytes;
        if (!tried && pieceNbytes == 0) {
            return true;
        }
        long now = System.nanoTime();
        endPiece(now);
        if (!tried) {
            return true;
        }
        pieceNbytes = nbytes;
        pieceStart = now;
        return next();
    }

    /** Tells that the work on the last piece has ended. */
    public void end() {
        endPiece(System.nanoTime());
    }

    private void endPiece(long now) {
        if (pieceNbytes > 0) {
            add(pieceNbytes, now - pieceStart);
            pieceNbytes = 0;
        }
    }

    /** Returns true if the next piece that is tried is to be mapped. */
    boolean next() {
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
        boolean faster = mapped.time <= read.time;
        lastMaps = faster;
        double ratio = faster ? read.time / mapped.time : mapped.time / read.time;
        boolean tries = stretch == SECOND_TRY || (stretch == THIRD_TRY && ratio < MUCH_SLOWER) || stretch % PERIOD == 0;
        return faster != tries;
    }

    private static final class Estimate {
        /** In nanoseconds for a byte; 0 if there is none yet. */
        private double time;

        void add(double found) {
            time = time == 0 || found < time ? found : time + (Math.min(found, 2 * time) - time) / 4;
        }
    }
}
