package io.memmap.compute;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The numbers of one column of one batch, dense in a primitive array, some of them null. The array's type chooses the
 * class, once; then a loop runs per batch and operation, none per value.
 *
 * <p>A decoder resets it to other arrays as often as they are replaced. It holds heap memory only.
 * Belongs to one task thread.
 */
public abstract sealed class Numbers permits IntegerNumbers, FloatNumbers {
    /** So many numbers are in the first-level cache while they are passed over several times. */
    public static final int BLOCK_SIZE = Kernels.BLOCK_SIZE;

    /** If one number of so many is selected, or more, a pass over all costs less than a list of rows. */
    private static final int MIN_KEPT_PART = 8;

    private final IntervalMask room = new IntervalMask();
    private boolean[] nulls;
    private int numNulls;

    /**
     * Numbers in arrays of the type of {@code array}.
     *
     * @param unsigned whether the bits are those of an unsigned integer
     * @throws IllegalArgumentException for an array that holds no numbers
     */
    public static Numbers of(Object array, boolean unsigned) {
        Numbers numbers;
        if (array instanceof byte[]) {
            numbers = new ByteNumbers(unsigned);
        } else if (array instanceof short[]) {
            numbers = new ShortNumbers(unsigned);
        } else if (array instanceof int[]) {
            numbers = new IntNumbers(unsigned);
        } else if (array instanceof long[]) {
            numbers = new LongNumbers(unsigned);
        } else if (array instanceof float[]) {
            numbers = new SingleNumbers();
        } else if (array instanceof double[]) {
            numbers = new DoubleNumbers();
        } else {
            throw new IllegalArgumentException(
                    "Cannot compute with " + array.getClass().getSimpleName() + ", expected an array of numbers");
        }
        numbers.reset(array);
        return numbers;
    }

    /**
     * Floats in arrays of their bits, as which they are compared.
     *
     * @param bits {@code int[]} or {@code long[]}
     */
    public static Numbers ofBits(Object bits) {
        Numbers numbers = bits instanceof int[] ? new SingleNumbers() : new DoubleNumbers();
        numbers.reset(bits);
        return numbers;
    }

    /**
     * Half floats, which are two bytes each in a file.
     *
     * @param floats the same where they are on the heap
     */
    public static Numbers ofHalves(Object floats) {
        Numbers numbers = new HalfNumbers();
        numbers.reset(floats);
        return numbers;
    }

    /** Holds what is in this array, of the same type as the first, from now on. */
    public abstract void reset(Object array);

    /** Says which of the current batch's numbers are null. */
    public final void resetNulls(boolean[] nulls, int numNulls) {
        this.nulls = nulls;
        this.numNulls = numNulls;
    }

    public final boolean hasNull() {
        return numNulls > 0;
    }

    /** Bytes of one number. */
    public abstract int itemsize();

    /** Sets {@code mask[i]} to 1 where number {@code i} is null, or where it is not; to 0 elsewhere. */
    public final void maskNulls(byte[] mask, boolean negated, int count) {
        int not = negated ? 1 : 0;
        for (int i = 0; i < count; i++) {
            mask[i] = (byte) ((hasNull() && nulls[i] ? 1 : 0) ^ not);
        }
    }

    /** Sets {@code mask[i]} to 0 where number {@code i} is null. */
    final void clearNulls(byte[] mask, int count) {
        if (hasNull()) {
            for (int i = 0; i < count; i++) {
                mask[i] = nulls[i] ? 0 : mask[i];
            }
        }
    }

    /** Sets {@code mask[i]} to 1 where the key of number {@code i} is within {@code [lo, hi]}, or where it is not. */
    final void maskKeys(long lo, long hi, boolean outside, byte[] mask, int count) {
        Kernels kernels = choices()[KernelChoice.COMPARISON].next((long) count * itemsize());
        mask(kernels, keys(lo, hi, outside), mask, count, room);
    }

    /** These keys of these numbers. */
    abstract KeyInterval keys(long lo, long hi, boolean outside);

    /** Sets {@code mask[i]} to 1 where the key of number {@code i} passes; else to 0. */
    abstract void mask(Kernels kernels, KeyInterval keys, byte[] mask, int count, IntervalMask comparisonRoom);

    /** Adds the first {@code count} numbers, but for nulls, to {@code totals}. */
    public final void addTo(Totals totals, int count) {
        if (!hasNull()) {
            add(totals, count);
            return;
        }
        int[] rows = new int[count + 1];
        addRows(totals, rows, withoutNulls(null, count, rows));
    }

    /** Adds the numbers of {@code rows[0]} to {@code rows[count - 1]}, but for nulls, to {@code totals}. */
    public final void addTo(Totals totals, int[] rows, int count) {
        if (!hasNull()) {
            addRows(totals, rows, count);
            return;
        }
        int[] present = new int[count + 1];
        addRows(totals, present, withoutNulls(rows, count, present));
    }

    /**
     * Adds the numbers whose mask is 1, but for nulls, to {@code totals}. Where they are many, only a sum is wanted and none
     * is null, no row is listed: those whose mask is 0 are added as zeros.
     *
     * @param found how many have the mask 1
     * @param rows lists them; called only where it is needed
     */
    public final void addTo(Totals totals, byte[] mask, int count, int found, Supplier<int[]> rows) {
        if (found == count) {
            addTo(totals, count);
        } else if (hasNull() || totals.wantsExtremes() || found < count / MIN_KEPT_PART) {
            addTo(totals, rows.get(), found);
        } else {
            totals.addCount(found);
            for (int from = 0; from < count && totals.wantsSum(); from += BLOCK_SIZE) {
                int size = Math.min(BLOCK_SIZE, count - from);
                Kernels kernels = choices()[KernelChoice.SELECTION].next((long) size * itemsize());
                kept(kernels, mask, from, size).addUncounted(totals, size);
            }
        }
    }

    private void addRows(Totals totals, int[] rows, int count) {
        selected(rows, count).add(totals, count);
    }

    private int withoutNulls(int[] rows, int count, int[] present) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            present[found] = row;
            found += nulls[row] ? 0 : 1;
        }
        return found;
    }

    /**
     * Adds numbers, none of them null, from a file's bytes: {@code stride} bytes apart, the first at
     * {@code position}; at most {@value #BLOCK_SIZE}, of which what a plain sum rounds off is negligible.
     *
     * @param source in the byte order of the numbers
     */
    public final void addBytes(ByteBuffer source, int position, int stride, int count, Totals totals) {
        if (stride == itemsize() && totals.wantsNumbers()) {
            KernelChoice.of(choices(), true, totals)
                    .run(count, kernels -> addBytes(kernels, source, position, stride, count, totals));
        } else {
            addBytes(KernelChoice.SCALAR, source, position, stride, count, totals);
        }
    }

    final void addBytes(Kernels kernels, ByteBuffer source, int position, int stride, int count, Totals totals) {
        totals.addCount(count);
        if (kernels == KernelChoice.SCALAR) {
            addMapped(source, position, stride, count, totals);
        } else {
            addPieces(kernels, source, position, count, totals);
        }
    }

    /** Adds adjacent numbers, but for their count, by way of copies on the heap. */
    abstract void addPieces(Kernels kernels, ByteBuffer source, int position, int count, Totals totals);

    /** Adds numbers, but for their count, without a copy of them on the heap. */
    abstract void addMapped(ByteBuffer source, int position, int stride, int count, Totals totals);

    /** The numbers at these bytes, side by side on the heap; valid until the next call. */
    abstract Numbers loaded(ByteBuffer source, int position, int count);

    /** The same as a filter has them: of floats the bits. */
    Numbers loadedBits(ByteBuffer source, int position, int count) {
        return loaded(source, position, count);
    }

    /** The numbers of these rows, none of them null, side by side; valid until the next call. */
    public abstract Numbers selected(int[] rows, int count);

    /** So many numbers, from number {@code from} on, zeros in place of those whose mask is 0; valid until the next call. */
    abstract Numbers kept(Kernels kernels, byte[] mask, int from, int count);

    /** Copies {@code count} numbers, from number {@code from} on, as what a Java cast makes of them. */
    public abstract void copy(int from, int count, double[] to);

    private void add(Totals totals, int count) {
        totals.addCount(count);
        if (totals.wantsNumbers()) {
            addUncounted(totals, count);
        }
    }

    private void addUncounted(Totals totals, int count) {
        add(KernelChoice.of(choices(), false, totals).next((long) count * itemsize()), count, totals);
    }

    /** The choices for all numbers of this class. */
    abstract KernelChoice[] choices();

    /** Adds the first {@code count} numbers, none of which is null, but for their count. */
    abstract void add(Kernels kernels, int count, Totals totals);
}
