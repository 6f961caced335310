package io.memmap.table;

/**
 * The row is in a sample: a hash of its position in the table is in a part of all hashes, so that the sample does not
 * depend on the partitions.
 */
public record Sample(double lower, double upper, long seed) implements Filter {

    @Override
    public void mask(BatchRows batch, byte[] mask) {
        long first = batch.group().firstRow() * batch.tableRowsPerRow() + batch.start();
        for (int i = 0; i < batch.count(); i++) {
            double at = unit(first + i);
            mask[i] = (byte) (at >= lower && at < upper ? 1 : 0);
        }
    }

    /** Evenly spread over [0, 1): the finaliser of SplitMix64 over the row's place in its sequence. */
    private double unit(long row) {
        long z = seed + (row + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
    }

    @Override
    public boolean asksPositions() {
        return true;
    }

    @Override
    public String toString() {
        return "sample [" + lower + ", " + upper + ") seed " + seed;
    }
}
