package io.memmap.array;

import io.memmap.compute.IntegerNumbers;
import io.memmap.compute.Numbers;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import io.memmap.memory.MappedWindows;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Moves the elements of a view in C order between a mapping and Java arrays, a chunk at a time. The caller guards it
 * against faults.
 */
final class Bulk {
    /** Small enough for the nearest caches, large enough that a chunk's overhead does not count. */
    static final int CHUNK_SIZE = 8192;

    /** So many elements of each of many runs, which are far apart in an array, stay in the second-level cache. */
    private static final int MAX_TRANSPOSED_RUN = 1024;

    /** Elements that are decoded at once where they lie in another order. */
    private static final int TILE_SIZE = 1 << 18;

    private Bulk() {}

    /** Takes the next {@code count} elements as they were decoded, in an array that is used again for the next ones. */
    interface Sink {
        void accept(Object decoded, int count);
    }

    /** A dtype without a Java type is decoded as its bytes. */
    static Decoder decoder(DType dtype) {
        return Decoder.of(
                dtype instanceof ScalarDType scalar && scalar.kind() != Kind.COMPLEX
                        ? scalar
                        : ScalarDType.of(Kind.VOID, dtype.itemsize()));
    }

    /** Fills {@code out}, as {@code decoder} allocates it, with a view's elements. */
    static void decode(MappedWindows windows, Strided view, Decoder decoder, Object out) {
        if (view.size() == 0) {
            return;
        }
        Strided walk = view.coalesced();
        int axis = walk.runAxis();
        if (axis == walk.ndim() - 1) {
            decode(windows, walk, decoder, out, 1, Math.toIntExact(walk.size()), 0, 1);
            return;
        }
        int length = Math.toIntExact(walk.dims()[axis]);
        int step = 1;
        for (int after = axis + 1; after < walk.ndim(); after++) {
            step *= (int) walk.dims()[after];
        }
        Strided runs = walk.withLast(axis);
        // Adjacent places in the array are reached from different runs, while they are in the cache.
        for (int from = 0; from < length; from += MAX_TRANSPOSED_RUN) {
            int to = Math.min(length, from + MAX_TRANSPOSED_RUN);
            Strided part = runs.slice(List.of(Slice.ellipsis(), Slice.of(from, to)));
            decode(windows, part, decoder, out, length, to - from, from, step);
        }
    }

    /**
     * Puts runs of {@code run} elements into the array.
     *
     * @param length elements of whole runs, of which these start with number {@code from}
     * @param step places from one element of a run to the next
     */
    private static void decode(
            MappedWindows windows, Strided view, Decoder decoder, Object out, int length, int run, int from, int step) {
        Runs runs = new Runs(windows, view);
        int done = 0;
        for (int count = runs.next(run); count > 0; count = runs.next(run - done % run)) {
            int before = done / run;
            int at = (before / step * length + from + done % run) * step + before % step;
            decoder.decode(runs.buffer(), runs.at(), runs.stride(), count, 1, out, at, step);
            done += count;
        }
    }

    /** Hands a view's elements to {@code sink} in C order, whatever their order in the file. */
    private static void decodeInOrder(MappedWindows windows, Strided view, Decoder decoder, Sink sink) {
        Strided walk = view.coalesced();
        if (walk.size() == 0 || walk.runAxis() == walk.ndim() - 1) {
            decode(windows, walk, decoder, sink);
        } else if (walk.size() <= TILE_SIZE) {
            Object tile = decoder.allocate((int) walk.size());
            decode(windows, walk, decoder, tile);
            sink.accept(tile, (int) walk.size());
        } else {
            long rows = walk.dims()[0];
            long step = TILE_SIZE / (walk.size() / rows);
            for (long row = 0; row < rows; row += Math.max(1, step)) {
                Slice part = step < 2 ? Slice.at(row) : Slice.of(row, Math.min(rows, row + step));
                decodeInOrder(windows, walk.slice(List.of(part)), decoder, sink);
            }
        }
    }

    /** Hands a view's elements to {@code sink}, chunk by chunk. */
    static void decode(MappedWindows windows, Strided view, Decoder decoder, Sink sink) {
        int capacity = (int) Math.min(CHUNK_SIZE, view.size());
        Object chunk = decoder.allocate(capacity);
        Runs runs = new Runs(windows, view);
        int filled = 0;
        while (capacity > 0) {
            int count = runs.next(capacity - filled);
            if (count > 0) {
                decoder.decode(runs.buffer(), runs.at(), runs.stride(), count, 1, chunk, filled, 1);
                filled += count;
            }
            if (filled == capacity || count == 0) {
                sink.accept(chunk, filled);
                filled = 0;
            }
            if (count == 0) {
                return;
            }
        }
    }

    /** Decodes a view's numbers into an array of any primitive type. */
    static void read(MappedWindows windows, Strided view, Object out) {
        Decoder decoder = decoder(view.dtype());
        ScalarDType dtype = (ScalarDType) view.dtype();
        boolean asItStands = dtype.kind() != Kind.BOOL && !isUnsignedLong(dtype);
        if (asItStands && decoder.allocate(0).getClass() == out.getClass()) {
            decode(windows, view, decoder, out);
            return;
        }
        Numbers numbers = Numbers.of(decoder.allocate(0), false);
        int[] done = {0};
        if (isFloat(dtype)) {
            double[] wide = new double[CHUNK_SIZE];
            decodeInOrder(windows, view, decoder, (decoded, count) -> {
                numbers.reset(decoded);
                for (int at = 0; at < count; at += CHUNK_SIZE) {
                    int part = Math.min(CHUNK_SIZE, count - at);
                    numbers.copy(at, part, wide);
                    fromDoubles(wide, part, out, done[0]);
                    done[0] += part;
                }
            });
        } else {
            long[] wide = new long[CHUNK_SIZE];
            decodeInOrder(windows, view, decoder, (decoded, count) -> {
                if (dtype.kind() == Kind.BOOL) {
                    Conversions.truths((byte[]) decoded, count);
                }
                numbers.reset(decoded);
                for (int at = 0; at < count; at += CHUNK_SIZE) {
                    int part = Math.min(CHUNK_SIZE, count - at);
                    ((IntegerNumbers) numbers).copy(at, part, wide);
                    fromLongs(wide, part, isUnsignedLong(dtype), out, done[0]);
                    done[0] += part;
                }
            });
        }
    }

    private static void fromDoubles(double[] from, int count, Object out, int at) {
        if (out instanceof double[]) {
            System.arraycopy(from, 0, out, at, count);
        } else if (out instanceof float[] floats) {
            Conversions.toFloats(from, count, floats, at);
        } else {
            long[] whole = new long[count];
            Conversions.toLongs(from, count, whole);
            Conversions.narrow(whole, count, false, out, at);
        }
    }

    private static void fromLongs(long[] from, int count, boolean unsigned, Object out, int at) {
        if (out instanceof double[] doubles) {
            Conversions.toDoubles(from, count, unsigned, doubles, at);
        } else if (out instanceof float[] floats) {
            Conversions.toFloats(from, count, unsigned, floats, at);
        } else {
            Conversions.narrow(from, count, unsigned, out, at);
        }
    }

    /** Encodes an array of any primitive numbers into a view. */
    static void write(MappedWindows windows, Strided view, Element element, Object from) {
        int size = Math.toIntExact(view.size());
        int itemsize = view.dtype().itemsize();
        ByteBuffer chunk = ByteBuffer.allocate(Math.multiplyExact(Math.min(size, CHUNK_SIZE), itemsize))
                .order(element.order());
        Runs runs = new Runs(windows, view);
        for (int done = 0, count; done < size; done += count) {
            count = Math.min(CHUNK_SIZE, size - done);
            encode(element, from, done, count, chunk.clear());
            runs.put(chunk.limit(count * itemsize));
        }
    }

    private static void encode(Element element, Object from, int at, int count, ByteBuffer chunk) {
        int itemsize = element.dtype().itemsize();
        ScalarDType dtype = (ScalarDType) element.dtype();
        if (from instanceof double[] doubles) {
            if (dtype.kind() == Kind.FLOAT && itemsize == 8) {
                chunk.asDoubleBuffer().put(doubles, at, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                element.putDouble(chunk, i * itemsize, doubles[at + i]);
            }
        } else if (from instanceof float[] floats) {
            if (dtype.kind() == Kind.FLOAT && itemsize == 4) {
                chunk.asFloatBuffer().put(floats, at, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                element.putDouble(chunk, i * itemsize, floats[at + i]);
            }
        } else {
            encodeIntegers(element, dtype, from, at, count, chunk);
        }
    }

    private static void encodeIntegers(
            Element element, ScalarDType dtype, Object from, int at, int count, ByteBuffer chunk) {
        int signedNbytes = isUnsigned(dtype) || dtype.kind() == Kind.BOOL || isFloat(dtype) ? 0 : dtype.itemsize();
        int itemsize = dtype.itemsize();
        if (from instanceof long[] longs && signedNbytes == 8) {
            chunk.asLongBuffer().put(longs, at, count);
        } else if (from instanceof int[] ints && signedNbytes == 4) {
            chunk.asIntBuffer().put(ints, at, count);
        } else if (from instanceof short[] shorts && signedNbytes == 2) {
            chunk.asShortBuffer().put(shorts, at, count);
        } else if (from instanceof byte[] bytes && signedNbytes == 1) {
            chunk.put(0, bytes, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                element.putLong(chunk, i * itemsize, longAt(from, at + i));
            }
        }
    }

    private static long longAt(Object from, int i) {
        return from instanceof long[] longs
                ? longs[i]
                : from instanceof int[] ints
                        ? ints[i]
                        : from instanceof short[] shorts ? shorts[i] : ((byte[]) from)[i];
    }

    /** Puts the same encoded element everywhere. */
    static void fill(MappedWindows windows, Strided view, byte[] encoded) {
        long size = view.size();
        int count = (int) Math.min(size, Math.max(1, CHUNK_SIZE * 8 / encoded.length));
        ByteBuffer chunk = ByteBuffer.allocate(count * encoded.length);
        while (chunk.hasRemaining()) {
            chunk.put(encoded);
        }
        chunk.flip();
        Runs runs = new Runs(windows, view.inAnyOrder());
        for (long done = 0; done < size; done += count) {
            runs.put(chunk);
        }
    }

    static boolean isFloat(ScalarDType dtype) {
        return dtype.kind() == Kind.FLOAT || dtype.kind() == Kind.BFLOAT16;
    }

    static boolean isUnsignedLong(ScalarDType dtype) {
        return isUnsigned(dtype) && dtype.itemsize() == 8;
    }

    private static boolean isUnsigned(ScalarDType dtype) {
        return dtype.kind() == Kind.UINT;
    }
}
