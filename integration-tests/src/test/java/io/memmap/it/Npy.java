package io.memmap.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small .npy file as NumPy writes it, and packed values to put into it.
 *
 * @param descr the dtype as a Python literal, quotes included
 * @param shape as a Python tuple
 */
record Npy(String descr, boolean fortranOrder, String shape, int version) {

    private static final int ALIGNMENT = 64;

    /** An array in C order, with a header of version 1. */
    static Npy of(String descr, String shape) {
        return new Npy(descr, false, shape, 1);
    }

    /** Doubles of one axis, the commonest of all. */
    static Path doubles(Path file, double... values) throws IOException {
        return of("'<f8'", "(" + values.length + ",)").write(file, f8(values));
    }

    Npy inFortranOrder() {
        return new Npy(descr, true, shape, version);
    }

    Npy withVersion(int other) {
        return new Npy(descr, fortranOrder, shape, other);
    }

    Path write(Path file, byte[] data) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, join(header(), data));
    }

    private byte[] header() {
        String dict = "{'descr': " + descr + ", 'fortran_order': " + (fortranOrder ? "True" : "False") + ", 'shape': "
                + shape + ", }";
        int prefix = version == 1 ? 10 : 12;
        byte[] text = dict.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        int nbytes = (prefix + text.length + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(nbytes).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        header.put((byte) version).put((byte) 0);
        if (version == 1) {
            header.putShort((short) (nbytes - prefix));
        } else {
            header.putInt(nbytes - prefix);
        }
        header.put(text);
        while (header.position() < nbytes - 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }

    static byte[] i1(int... values) {
        ByteBuffer bytes = little(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    static byte[] i2(int... values) {
        ByteBuffer bytes = little(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    static byte[] i4(int... values) {
        ByteBuffer bytes = little(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    static byte[] i8(long... values) {
        ByteBuffer bytes = little(8 * values.length);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    static byte[] f4(double... values) {
        ByteBuffer bytes = little(4 * values.length);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return bytes.array();
    }

    static byte[] f8(double... values) {
        ByteBuffer bytes = little(8 * values.length);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    /** The same values with the bytes of each, {@code itemsize} many, turned round. */
    static byte[] swapped(int itemsize, byte[] data) {
        byte[] swapped = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            int item = i / itemsize * itemsize;
            swapped[item + itemsize - 1 - (i - item)] = data[i];
        }
        return swapped;
    }

    /** Texts as dtype S, padded with NULs. */
    static byte[] text(int width, String... values) {
        ByteBuffer bytes = little(width * values.length);
        for (int i = 0; i < values.length; i++) {
            bytes.position(i * width).put(values[i].getBytes(StandardCharsets.UTF_8));
        }
        return bytes.array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static ByteBuffer little(int nbytes) {
        return ByteBuffer.allocate(nbytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
