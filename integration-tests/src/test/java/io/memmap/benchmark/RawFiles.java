package io.memmap.benchmark;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the arrays, a buffer at a time. An element is a function of its row and column alone, so that both orders hold
 * the same rows.
 */
final class RawFiles {
    private static final int VOCABULARY = 50_257;
    /** NumPy's {@code tofile} writes all at once. A file that was written little by little takes longer to map. */
    private static final int WRITE_NBYTES = 64 << 20;

    private RawFiles() {}

    /** Puts the element of an index in C order. */
    private interface Element {
        void put(ByteBuffer buffer, long index);
    }

    static void write(Path file, Data data) throws IOException {
        Element element = element(data.dtype());
        ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_NBYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long count = data.rows() * data.columns();
            for (long i = 0; i < count; i++) {
                long index = data.fortran() ? i % data.rows() * data.columns() + i / data.rows() : i;
                element.put(buffer, index);
                if (!buffer.hasRemaining()) {
                    drain(buffer, channel);
                }
            }
            drain(buffer, channel);
        }
    }

    /** Writes a directory of equal .npy files. */
    static void writeShards(Path directory, Data data) throws IOException {
        Files.createDirectories(directory);
        Path first = directory.resolve("0.npy");
        long rows = data.rows() / data.shards();
        try (MemmapArray shard = NpyFile.createMemmap(first, data.dtype(), rows)) {
            for (long row = 0; row < rows; row++) {
                shard.putDouble(uniform(row), row);
            }
        }
        for (int i = 1; i < data.shards(); i++) {
            Files.copy(first, directory.resolve(i + ".npy"));
        }
    }

    private static Element element(String dtype) {
        return switch (dtype) {
            case "<f8" -> (buffer, index) -> buffer.putDouble(uniform(index));
            case ">f8" ->
                (buffer, index) -> buffer.putLong(Long.reverseBytes(Double.doubleToRawLongBits(uniform(index))));
            case "<f4" -> (buffer, index) -> buffer.putFloat((float) uniform(index));
            case "<f2" -> (buffer, index) -> buffer.putShort(half((int) (mix(index) >>> 54)));
            case "<i4" -> (buffer, index) -> buffer.putInt((int) mix(index));
            case "<i2" -> (buffer, index) -> buffer.putShort((short) mix(index));
            case "<u2" -> (buffer, index) -> buffer.putShort(token(uniform(index)));
            case "|u1" -> (buffer, index) -> buffer.put((byte) mix(index));
            default -> throw new IllegalArgumentException("Cannot make values of dtype " + dtype);
        };
    }

    /** Random of its index: the finisher of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom generators). */
    private static long mix(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static double uniform(long index) {
        return (mix(index) >>> 11) * 0x1p-53;
    }

    /** Small tokens are common, as in a vocabulary that is sorted by frequency. */
    private static short token(double uniform) {
        return (short) (int) (VOCABULARY * uniform * uniform * uniform);
    }

    /** The half float k / 1024, of k from 0 to 1023. */
    private static short half(int k) {
        if (k == 0) {
            return 0;
        }
        int exponent = 31 - Integer.numberOfLeadingZeros(k);
        int fraction = (k << (10 - exponent)) & 0x3FF;
        return (short) ((exponent - 10 + 15) << 10 | fraction);
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
