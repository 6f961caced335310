package io.memmap.replay;

import java.util.stream.LongStream;

/** Arrays, as their elements in row order; {@code null} stands for none at all. */
final class Rows {
    static final long[] NONE = {};
    static final long[] OLD = of(0, 200);
    static final long[] NEW = of(5000, 120);
    static final long[] OLD_AND_NEW =
            LongStream.concat(LongStream.of(OLD), LongStream.of(NEW)).toArray();
    static final long[] UPDATED = changed(OLD, 1, 20, 22, 120, 199, 200);
    static final long[] FEW_UPDATED = changed(OLD, 1, 3, 70, 71, 199, 200);
    static final long[] SQL_UPDATED = sqlUpdated();
    static final long[] MERGED = merged();
    static final long[] PLACED = changed(filled(150), 1, 20, 22, 120, 149, 150);
    static final long[] FILLED = filled(150);
    /** An array that others write. */
    static final long[] FOREIGN = of(3000, 50);

    private static final int SECOND = 1_000_000;
    private static final int CHANGED = 9000;
    private static final long FILL = 7;

    private Rows() {}

    private static long[] of(long from, int count) {
        return LongStream.range(from, from + count)
                .flatMap(first -> LongStream.of(first, first + SECOND))
                .toArray();
    }

    private static long[] filled(int count) {
        return LongStream.generate(() -> FILL).limit(2L * count).toArray();
    }

    /** Runs of rows with other numbers. */
    private static long[] changed(long[] rows, int... runs) {
        long[] changed = rows.clone();
        for (int run = 0; run < runs.length; run += 2) {
            for (int row = runs[run]; row < runs[run + 1]; row++) {
                changed[2 * row] = CHANGED + row;
                changed[2 * row + 1] = CHANGED + row + SECOND;
            }
        }
        return changed;
    }

    private static long[] sqlUpdated() {
        long[] changed = OLD.clone();
        for (int row : new int[] {3, 60, 61, 150}) {
            changed[2 * row] += CHANGED;
        }
        return changed;
    }

    private static long[] merged() {
        return LongStream.concat(LongStream.of(sqlUpdated()), LongStream.of(NEW))
                .toArray();
    }
}
