package io.memmap.spark.read.decode;

import io.memmap.compute.Numbers;
import io.memmap.compute.Totals;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Numbers to compute with, no wider than they are stored: a condition's, or those that add up to {@link Totals}. What is
 * added up, in this machine's byte order and outside the heap, is never copied.
 */
final class NumbersReader extends ItemReader {
    private final DecodedNumbers decoded;
    private final Totals totals;
    private final boolean plain;
    private final Numbers numbers;
    private final int itemsize;

    private int reserved;
    private boolean buffered;

    /** @param totals what every number is added to as soon as it is read; null to hold them all in {@link #numbers} */
    NumbersReader(ScalarDType dtype, Conversion conversion, Totals totals) {
        boolean asStored = conversion == Conversion.NONE;
        boolean unsigned = asStored && dtype.kind() == Kind.UINT;
        boolean bits = totals == null && asStored && dtype.kind() == Kind.FLOAT && !isHalf(dtype);
        Decoder decoder = Decoder.of(
                unsigned || bits ? new ScalarDType(Kind.INT, dtype.itemsize(), dtype.byteOrder(), null, 1) : dtype);
        this.decoded = new DecodedNumbers(decoder, conversion);
        this.totals = totals;
        this.plain = totals != null && asStored && isPlain(dtype);
        this.itemsize = dtype.itemsize();
        decoded.reserve(0);
        this.numbers = bits
                ? Numbers.ofBits(decoded.values())
                : plain && isHalf(dtype) ? Numbers.ofHalves(decoded.values()) : Numbers.of(decoded.values(), unsigned);
    }

    private static boolean isHalf(ScalarDType dtype) {
        return dtype.kind() == Kind.FLOAT && dtype.itemsize() == 2;
    }

    private static boolean isPlain(ScalarDType dtype) {
        boolean asThisMachine = dtype.itemsize() == 1 || dtype.byteOrder().nio() == ByteOrder.nativeOrder();
        boolean number = dtype.kind() == Kind.INT || dtype.kind() == Kind.UINT || dtype.kind() == Kind.FLOAT;
        return asThisMachine && number;
    }

    @Override
    void reserve(int slots) {
        buffered = false;
        reserved = slots;
        if (!plain) {
            grow(slots);
        }
    }

    private void grow(int slots) {
        if (decoded.reserve(slots)) {
            numbers.reset(decoded.values());
        }
    }

    /** Only single items are ever asked for. */
    @Override
    void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step) {
        if (plain && source.isDirect()) {
            ByteBuffer ordered = source.duplicate().order(ByteOrder.nativeOrder());
            for (int from = 0; from < items; from += Numbers.BLOCK_SIZE) {
                int block = Math.min(Numbers.BLOCK_SIZE, items - from);
                numbers.addBytes(ordered, position + from * stride, stride, block, totals);
            }
            return;
        }
        if (plain) {
            grow(reserved);
        }
        decoded.decode(source, position, stride, items, run, at, step);
        buffered = true;
    }

    @Override
    void finish(int slots) {
        if (!buffered) {
            return;
        }
        numbers.resetNulls(decoded.nulls(), decoded.convert(slots));
        if (totals != null) {
            numbers.addTo(totals, slots);
        }
    }

    Numbers numbers() {
        return numbers;
    }

    @Override
    ColumnVector vector() {
        throw new UnsupportedOperationException("Cannot make a vector of numbers that are computed with");
    }

    @Override
    long slotNbytes() {
        return plain ? 0 : decoded.slotNbytes(itemsize);
    }
}
