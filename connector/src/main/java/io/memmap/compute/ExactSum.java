package io.memmap.compute;

import java.math.BigInteger;

/** A sum of longs in 128 bits. */
final class ExactSum {
    private long high;
    private long low;

    void add(long value) {
        low += value;
        long carry = Long.compareUnsigned(low, value) < 0 ? 1 : 0;
        high += (value >> 63) + carry;
    }

    /** Adds sums of the upper and the lower 32 bits of some numbers. */
    void addHalves(long highHalves, long lowHalves) {
        add(lowHalves);
        add(highHalves << 32);
        high += (highHalves >> 32) - ((highHalves << 32) >> 63);
    }

    void add(ExactSum other) {
        low += other.low;
        high += other.high + (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0);
    }

    BigInteger total() {
        BigInteger lower = BigInteger.valueOf(low);
        if (low < 0) {
            lower = lower.add(BigInteger.ONE.shiftLeft(64));
        }
        return BigInteger.valueOf(high).shiftLeft(64).add(lower);
    }
}
