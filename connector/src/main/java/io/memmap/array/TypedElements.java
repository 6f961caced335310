package io.memmap.array;

import io.memmap.memory.MappedWindows;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Single elements of a {@link MemmapArray} by their index, one number per axis; negative ones count from the end.
 *
 * <p>Nothing is lost silently. An integer that does not fit, a float with a fraction where an integer is asked for and a
 * finite number that a narrower float would make infinite are an {@link ArithmeticException}; otherwise floats round as
 * in NumPy. A dtype that is no such thing at all is an {@link IllegalArgumentException}.
 *
 * <p>Every method throws {@link IndexOutOfBoundsException} for a position that is not on its axis,
 * {@link IllegalArgumentException} when the index has not one number per axis, and {@link IllegalStateException} when
 * the array is closed or, for a put, not writable. A fault of the mapping, after another process has cut the file, is an
 * {@link UncheckedIOException} where the JVM tells at once. Before Java 21 it may tell late, and what was read in the
 * meantime is garbage: the next bulk operation, flush or close throws it. Programs that share a file with one that may
 * cut it use bulk operations.
 */
public abstract sealed class TypedElements permits Reductions {
    final MemmapFile file;
    final Strided view;
    final Element element;

    TypedElements(MemmapFile file, Strided view) {
        this.file = file;
        this.view = view;
        this.element = Element.of(view.dtype());
    }

    private interface Get<T> {
        T from(ByteBuffer bytes, int at);
    }

    private interface Put {
        void into(ByteBuffer bytes, int at);
    }

    private long position(long[] index) {
        file.windows();
        return view.position(index);
    }

    private ByteBuffer bytes(MappedWindows windows, long position) {
        return windows.buffer(windows.window(position), element.order());
    }

    private static int at(MappedWindows windows, long position) {
        return (int) (position - windows.start(windows.window(position)));
    }

    private <T> T get(long[] index, Get<T> get) {
        long position = position(index);
        MappedWindows windows = file.windows();
        try {
            return get.from(bytes(windows, position), at(windows, position));
        } catch (InternalError e) {
            throw file.translated("read", e);
        }
    }

    private void put(long[] index, Put put) {
        MappedWindows windows = file.writableWindows();
        long position = view.position(index);
        try {
            put.into(bytes(windows, position), at(windows, position));
        } catch (InternalError e) {
            UncheckedIOException translated = file.translated("write", e);
            file.fail(translated.getCause());
            throw translated;
        }
    }

    /**
     * An element as the nearest Java object: Boolean, Long for integers and the ticks of times, BigInteger for u8, Float
     * for f2, bfloat16 and f4, Double for f8, String for S and U, {@code byte[]} for all else.
     */
    public Object get(long... index) {
        return get(index, element::get);
    }

    /** Returns true if a number is not zero, and any byte of a b1. */
    public boolean getBoolean(long... index) {
        return get(index, element::isTrue);
    }

    public byte getByte(long... index) {
        return (byte) Conversions.within(getLong(index), Byte.MIN_VALUE, Byte.MAX_VALUE, false, "byte");
    }

    public short getShort(long... index) {
        return (short) Conversions.within(getLong(index), Short.MIN_VALUE, Short.MAX_VALUE, false, "short");
    }

    public int getInt(long... index) {
        return (int) Conversions.within(getLong(index), Integer.MIN_VALUE, Integer.MAX_VALUE, false, "int");
    }

    /** An integer; of a datetime or timedelta the raw ticks, {@link Long#MIN_VALUE} for NaT. */
    public long getLong(long... index) {
        long position = position(index);
        MappedWindows windows = file.windows();
        try {
            return element.getLong(bytes(windows, position), at(windows, position));
        } catch (InternalError e) {
            throw file.translated("read", e);
        }
    }

    public float getFloat(long... index) {
        return get(index, element::getFloat);
    }

    public double getDouble(long... index) {
        long position = position(index);
        MappedWindows windows = file.windows();
        try {
            return element.getDouble(bytes(windows, position), at(windows, position));
        } catch (InternalError e) {
            throw file.translated("read", e);
        }
    }

    /** An integer of any dtype, u8 to its end. */
    public BigInteger getBigInteger(long... index) {
        return get(index, element::getBigInteger);
    }

    /** The text of a U, or of an S in UTF-8, without trailing NULs. */
    public String getString(long... index) {
        return get(index, element::getString);
    }

    /** A copy of the bytes of an S or U without trailing NULs, of a V or record all. */
    public byte[] getBytes(long... index) {
        return get(index, element::getBytes);
    }

    public void putBoolean(boolean value, long... index) {
        putLong(value ? 1 : 0, index);
    }

    public void putByte(byte value, long... index) {
        putLong(value, index);
    }

    public void putShort(short value, long... index) {
        putLong(value, index);
    }

    public void putInt(int value, long... index) {
        putLong(value, index);
    }

    /** Puts an integer; into a datetime or timedelta raw ticks. */
    public void putLong(long value, long... index) {
        put(index, (bytes, at) -> element.putLong(bytes, at, value));
    }

    public void putFloat(float value, long... index) {
        putDouble(value, index);
    }

    public void putDouble(double value, long... index) {
        put(index, (bytes, at) -> element.putDouble(bytes, at, value));
    }

    /** Puts an integer into any dtype, u8 to its end. */
    public void putBigInteger(BigInteger value, long... index) {
        put(index, (bytes, at) -> element.putBigInteger(bytes, at, value));
    }

    /**
     * Puts text into a U, or as UTF-8 into an S, and fills up with NULs.
     *
     * @throws IllegalArgumentException also for a text that is too long, which NumPy would cut
     */
    public void putString(String value, long... index) {
        put(index, (bytes, at) -> element.putString(bytes, at, value));
    }

    /**
     * Puts bytes into an S, U, V or record, and fills up with NULs.
     *
     * @throws IllegalArgumentException also for too many bytes, which NumPy would cut
     */
    public void putBytes(byte[] value, long... index) {
        put(index, (bytes, at) -> element.putBytes(bytes, at, value));
    }
}
