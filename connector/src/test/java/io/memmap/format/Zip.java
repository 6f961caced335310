package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A zip archive, byte for byte as a test wants it. */
public final class Zip {
    private static final int END_NBYTES = 22;

    /** An entry as its two headers state it. */
    public static final class Entry {
        private final byte[] stored;
        private final String name;

        public String localName;
        public int flags;
        public int method;
        public int localMethod;
        public int crc;
        public long nbytes;
        public long realNbytes;
        public int disk;
        public byte[] localExtra = {};

        private Entry(String name, byte[] data, boolean deflated) {
            this.name = name;
            this.localName = name;
            this.stored = deflated ? deflate(data) : data;
            this.method = deflated ? 8 : 0;
            this.localMethod = method;
            this.nbytes = stored.length;
            this.realNbytes = data.length;
            CRC32 sum = new CRC32();
            sum.update(data);
            this.crc = (int) sum.getValue();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    public byte[] before = {};
    public String comment = "";
    public int disks;
    /** Added to the offsets in the directory and in the end record. */
    public long shift;

    public int moreEntries;

    public Entry add(String name, byte[] data) {
        return add(new Entry(name, data, false));
    }

    public Entry deflated(String name, byte[] data) {
        return add(new Entry(name, data, true));
    }

    /** The entry that was added last. */
    public Entry last() {
        return entries.get(entries.size() - 1);
    }

    private Entry add(Entry entry) {
        entries.add(entry);
        return entry;
    }

    /** An archive of one array of this name. */
    public static byte[] of(String name, byte[] npy) {
        Zip zip = new Zip();
        zip.add(name, npy);
        return zip.bytes();
    }

    /** A .npy file whose bytes are 0, 1, 2 and so on. */
    public static byte[] npy(String dtype, Order order, long... shape) {
        byte[] header = NpyHeader.write(DType.parse(dtype), Shape.of(shape), order);
        long nbytes = Shape.of(shape).size() * DType.parse(dtype).itemsize();
        byte[] file = Arrays.copyOf(header, header.length + (int) nbytes);
        for (int i = 0; i < nbytes; i++) {
            file[header.length + i] = (byte) i;
        }
        return file;
    }

    static byte[] npy(String dtype, long... shape) {
        return npy(dtype, Order.C, shape);
    }

    static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(data);
        deflater.finish();
        byte[] packed = new byte[data.length + 1024];
        int count = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, count);
    }

    public byte[] bytes() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(before);
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
            byte[] localName = entry.localName.getBytes(StandardCharsets.UTF_8);
            int offset = (int) (file.size() - before.length + shift);
            file.writeBytes(integers(30)
                    .putInt(0x04034b50)
                    .putShort((short) 20)
                    .putShort((short) entry.flags)
                    .putShort((short) entry.localMethod)
                    .position(26)
                    .putShort((short) localName.length)
                    .putShort((short) entry.localExtra.length)
                    .array());
            file.writeBytes(localName);
            file.writeBytes(entry.localExtra);
            file.writeBytes(entry.stored);
            directory.writeBytes(integers(46)
                    .putInt(0x02014b50)
                    .putShort((short) 20)
                    .putShort((short) 20)
                    .putShort((short) entry.flags)
                    .putShort((short) entry.method)
                    .putInt(0)
                    .putInt(entry.crc)
                    .putInt((int) entry.nbytes)
                    .putInt((int) entry.realNbytes)
                    .putShort((short) name.length)
                    .position(34)
                    .putShort((short) entry.disk)
                    .position(42)
                    .putInt(offset)
                    .array());
            directory.writeBytes(name);
        }
        int start = file.size();
        file.writeBytes(directory.toByteArray());
        int count = entries.size() + moreEntries;
        file.writeBytes(integers(END_NBYTES)
                .putInt(0x06054b50)
                .putShort((short) disks)
                .putShort((short) disks)
                .putShort((short) count)
                .putShort((short) count)
                .putInt(directory.size())
                .putInt((int) (start - before.length + shift))
                .putShort((short) comment.length())
                .array());
        file.writeBytes(comment.getBytes(StandardCharsets.ISO_8859_1));
        return file.toByteArray();
    }

    static ByteBuffer integers(int nbytes) {
        return ByteBuffer.allocate(nbytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The file with a zip64 end record and its locator, to which the end record leaves all numbers. */
    public static byte[] withZip64End(byte[] file) {
        int end = file.length - END_NBYTES;
        ByteBuffer old = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return withZip64End(
                file, old.getShort(end + 10), old.getInt(end + 12) & 0xFFFFFFFFL, old.getInt(end + 16) & 0xFFFFFFFFL);
    }

    static byte[] withZip64End(byte[] file, long count, long nbytes, long offset) {
        int end = file.length - END_NBYTES;
        return integers(end + 56 + 20 + END_NBYTES)
                .put(file, 0, end)
                .putInt(0x06064b50)
                .putLong(44)
                .putInt(45 << 16 | 45)
                .putInt(0)
                .putInt(0)
                .putLong(count)
                .putLong(count)
                .putLong(nbytes)
                .putLong(offset)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(end)
                .putInt(1)
                .putInt(0x06054b50)
                .putLong(-1)
                .putLong(-1)
                .putShort((short) 0)
                .array();
    }
}
