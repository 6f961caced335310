package io.memmap.spark.read.decode;

import io.memmap.layout.Decoder;
import java.nio.ByteBuffer;

/**
 * The arrays that numbers or times of one column are decoded into, and those for Spark's values where these differ from
 * NumPy's. They grow to the largest batch. Executor side, one task thread.
 */
final class DecodedNumbers {
    /** Bytes of a converted value, at most, and its null. */
    private static final int CONVERTED_NBYTES = 9;

    private final Decoder decoder;
    private final Conversion conversion;
    private int capacity = -1;
    private Object decoded;
    private Object converted;
    private boolean[] nulls;

    DecodedNumbers(Decoder decoder, Conversion conversion) {
        this.decoder = decoder;
        this.conversion = conversion;
    }

    /** Makes room for this many numbers; returns true if {@link #values} is another array from now on. */
    boolean reserve(int slots) {
        if (slots <= capacity) {
            return false;
        }
        capacity = slots;
        decoded = decoder.allocate(slots);
        if (isConverted()) {
            converted = conversion.allocate(slots);
            nulls = new boolean[slots];
        }
        return true;
    }

    private boolean isConverted() {
        return conversion != Conversion.NONE;
    }

    /** The array of Spark's values, complete after {@link #convert}. */
    Object values() {
        return isConverted() ? converted : decoded;
    }

    /** Says which values are null; null itself if none can be. */
    boolean[] nulls() {
        return nulls;
    }

    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        decoder.decode(source, position, stride, items, run, decoded, at, step);
    }

    /** Makes Spark's values of the first decoded ones, and returns how many are null. */
    int convert(int slots) {
        return conversion.convert(decoded, slots, converted, nulls);
    }

    long slotNbytes(int itemsize) {
        return isConverted() ? itemsize + CONVERTED_NBYTES : itemsize;
    }
}
