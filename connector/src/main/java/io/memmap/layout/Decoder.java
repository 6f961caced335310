package io.memmap.layout;

import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Decodes elements of one scalar dtype from a file's bytes into a dense Java array of the smallest type that holds
 * them.
 *
 * <p>What the dtype says is decided once, in {@link #of}; the loops know only a stride. Stateless, so threads may share
 * one. Complex numbers have no decoder: each is two floats side by side.
 */
public abstract class Decoder {
    /** Measured: from this many adjacent elements on, copying item by item beats a strided pass over each of them. */
    private static final int MIN_BULK_RUN = 8;

    private final int itemsize;
    private final ByteOrder order;
    private final IntFunction<Object> array;

    Decoder(ScalarDType dtype, IntFunction<Object> array) {
        this.array = array;
        this.itemsize = dtype.itemsize();
        this.order = dtype.byteOrder().nio();
    }

    /**
     * The decoder of a dtype. The arrays are {@code byte[]} for b1 and i1, {@code short[]} for u1 and i2, {@code int[]}
     * for u2 and i4, {@code long[]} for u4, i8, u8 (its raw bits), M8 and m8, {@code float[]} for f2, bfloat16 and f4,
     * {@code double[]} for f8, and {@code byte[]} with {@code itemsize} bytes per element for S, U and V.
     *
     * @throws IllegalArgumentException for a complex dtype
     */
    public static Decoder of(ScalarDType dtype) {
        return switch (dtype.kind()) {
            case BOOL -> new PlainDecoders.Bytes(dtype);
            case INT ->
                switch (dtype.itemsize()) {
                    case 1 -> new PlainDecoders.Bytes(dtype);
                    case 2 -> new PlainDecoders.Shorts(dtype);
                    case 4 -> new PlainDecoders.Ints(dtype);
                    case 8 -> new PlainDecoders.Longs(dtype);
                    default -> throw unknown(dtype);
                };
            case UINT ->
                switch (dtype.itemsize()) {
                    case 1 -> new WideningDecoders.UnsignedBytes(dtype);
                    case 2 -> new WideningDecoders.UnsignedShorts(dtype);
                    case 4 -> new WideningDecoders.UnsignedInts(dtype);
                    case 8 -> new PlainDecoders.Longs(dtype);
                    default -> throw unknown(dtype);
                };
            case FLOAT ->
                switch (dtype.itemsize()) {
                    case 2 -> new WideningDecoders.Halves(dtype);
                    case 4 -> new PlainDecoders.Floats(dtype);
                    case 8 -> new PlainDecoders.Doubles(dtype);
                    default -> throw unknown(dtype);
                };
            case BFLOAT16 -> new WideningDecoders.BFloats(dtype);
            case DATETIME, TIMEDELTA -> new PlainDecoders.Longs(dtype);
            case BYTES, UNICODE, VOID -> new PlainDecoders.Blobs(dtype);
            case COMPLEX -> throw unknown(dtype);
        };
    }

    private static IllegalArgumentException unknown(ScalarDType dtype) {
        return new IllegalArgumentException("Cannot decode " + dtype
                + " into an array, expected b1, i1 to i8, u1 to u8, f2 to f8, bfloat16, S, U, V, M8 or m8");
    }

    /** Bytes of one element. */
    public final int itemsize() {
        return itemsize;
    }

    /**
     * A new array for {@code count} elements.
     *
     * @throws ArithmeticException when an S, U or V array would have more than 2^31-1 bytes
     */
    public final Object allocate(int count) {
        return array.apply(count);
    }

    /**
     * Decodes {@code items} items, {@code stride} bytes apart, the first one at byte {@code position} of
     * {@code source}; each is {@code run} adjacent elements. Element {@code k} of item {@code i} goes to
     * {@code out[at + i * step + k]}, where S, U and V count elements, not bytes. The position and the order of
     * {@code source} do not matter; nothing of it changes.
     *
     * @param stride in bytes; may be zero or negative
     * @param out an array as {@link #allocate} makes it
     * @throws IndexOutOfBoundsException when an item lies beyond the limit of {@code source}, or outside of {@code out}
     */
    public final void decode(
            ByteBuffer source, int position, int stride, int items, int run, Object out, int at, int step) {
        if (items == 0 || run == 0) {
            return;
        }
        long reach = (items - 1L) * stride;
        Objects.checkFromIndexSize(
                position + Math.min(reach, 0), Math.abs(reach) + (long) run * itemsize, (long) source.limit());
        ByteBuffer bytes = source.duplicate().order(order);
        if (items == 1 || (step == run && stride == (long) run * itemsize)) {
            bulk(bytes, position, out, at, items * run);
        } else if (run < MIN_BULK_RUN) {
            for (int k = 0; k < run; k++) {
                strided(bytes, position + k * itemsize, stride, items, out, at + k, step);
            }
        } else {
            for (int i = 0; i < items; i++) {
                bulk(bytes, position + i * stride, out, at + i * step, run);
            }
        }
    }

    /** Decodes {@code count} adjacent elements. */
    abstract void bulk(ByteBuffer source, int position, Object out, int at, int count);

    /** Decodes {@code items} elements, {@code stride} bytes apart, into every {@code step}-th place. */
    abstract void strided(ByteBuffer source, int position, int stride, int items, Object out, int at, int step);
}
