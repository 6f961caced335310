package io.memmap.spark.write.encode;

import io.memmap.dtype.ScalarDType;
import java.nio.ByteBuffer;

/** Puts the low bits of a number into a little-endian buffer, in the byte order of a dtype. Stateless. */
@FunctionalInterface
interface Sink {
    void put(ByteBuffer target, int position, long bits);

    static Sink of(ScalarDType dtype) {
        boolean little = ItemEncoder.isInOrder(dtype);
        return switch (dtype.itemsize()) {
            case 1 -> (target, position, bits) -> target.put(position, (byte) bits);
            case 2 ->
                little
                        ? (target, position, bits) -> target.putShort(position, (short) bits)
                        : (target, position, bits) -> target.putShort(position, Short.reverseBytes((short) bits));
            case 4 ->
                little
                        ? (target, position, bits) -> target.putInt(position, (int) bits)
                        : (target, position, bits) -> target.putInt(position, Integer.reverseBytes((int) bits));
            case 8 ->
                little
                        ? (target, position, bits) -> target.putLong(position, bits)
                        : (target, position, bits) -> target.putLong(position, Long.reverseBytes(bits));
            default ->
                throw new IllegalArgumentException(
                        "Cannot put numbers of " + dtype + ": " + dtype.itemsize() + " bytes, expected 1, 2, 4 or 8");
        };
    }
}
