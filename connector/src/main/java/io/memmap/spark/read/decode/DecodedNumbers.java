package io.memmap.spark.read.decode;

import io.memmap.layout.Decoder;
import java.nio.ByteBuffer;

/**
 * The arrays that numbers or times of one column are decoded into, and those for Spark's values where these differ from
 * NumPy's. They grow to the largest batch. Executor side, one task thread.
 */
final class DecodedNumbers {
    private final Decoder decoder;
    private final Conversion conversion;
    private int capacity = -1;
    private Object decoded;
    /** Null where Spark's values are NumPy's. */
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
        converted = conversion.allocate(slots);
        nulls = converted == null ? null : new boolean[slots];
        return true;
    }

    /** The array of Spark's values, complete after {@link #convert}. */
    Object values() {
        return converted == null ? decoded : converted;
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

    /** Bytes of a number as decoded and, where it is converted, of the value, at most, and its null. */
    long slotNbytes(int itemsize) {
        return conversion == Conversion.NONE ? itemsize : itemsize + Long.BYTES + 1;
    }
}
