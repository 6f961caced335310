package io.memmap.spark.read.aggregate;

import java.util.Arrays;

/** Numbers different values from 0 on, as they come: an open-addressed hash table. Belongs to one task thread. */
final class LongIndex {
    /** The golden ratio in 64 bits: what is multiplied by it differs in its top bits. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int INITIAL_BITS = 8;

    /** Heap that a value takes: itself, and two slots at least. */
    static final int VALUE_NBYTES = 8 + 2 * 12;

    private int bits = INITIAL_BITS;
    private long[] slotValues = new long[1 << INITIAL_BITS];
    /** The number of a slot's value and 1; 0 where a slot is free. */
    private int[] slotNumbers = new int[1 << INITIAL_BITS];

    private long[] values = new long[1 << INITIAL_BITS];
    private int size;

    int size() {
        return size;
    }

    /** The value that has this number. */
    long value(int number) {
        return values[number];
    }

    void clear() {
        Arrays.fill(slotNumbers, 0);
        size = 0;
    }

    /** Sets {@code numbers[i]} to the number of {@code wanted[i]}, a new one where there is none. */
    void find(long[] wanted, int count, int[] numbers) {
        reserve(count);
        long[] present = slotValues;
        int[] taken = slotNumbers;
        int mask = taken.length - 1;
        int shift = Long.SIZE - bits;
        for (int i = 0; i < count; i++) {
            long value = wanted[i];
            int slot = (int) ((value * GOLDEN) >>> shift);
            int number = taken[slot];
            while (number != 0 && present[slot] != value) {
                slot = (slot + 1) & mask;
                number = taken[slot];
            }
            numbers[i] = (number != 0 ? number : add(value, slot)) - 1;
        }
    }

    private int add(long value, int slot) {
        slotValues[slot] = value;
        values[size] = value;
        size++;
        slotNumbers[slot] = size;
        return size;
    }

    /** Makes room for this many more, at most half of it full. */
    private void reserve(int count) {
        if (size + count > values.length) {
            values = Arrays.copyOf(values, Math.max(size + count, 2 * values.length));
        }
        int wanted = bits;
        while (2L * (size + count) > 1L << wanted) {
            wanted++;
        }
        if (wanted == bits) {
            return;
        }
        bits = wanted;
        slotValues = new long[1 << bits];
        slotNumbers = new int[1 << bits];
        for (int number = 0; number < size; number++) {
            int slot = (int) ((values[number] * GOLDEN) >>> (Long.SIZE - bits));
            while (slotNumbers[slot] != 0) {
                slot = (slot + 1) & (slotNumbers.length - 1);
            }
            slotValues[slot] = values[number];
            slotNumbers[slot] = number + 1;
        }
    }
}
