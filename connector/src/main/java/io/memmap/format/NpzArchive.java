package io.memmap.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The bytes between the arrays of a new .npz file: local headers of stored entries, and the directory at the end, with zip64
 * records as NumPy writes them. Belongs to one thread.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>
 */
public final class NpzArchive {
    private static final int VERSION = 20;
    private static final int VERSION_OF_ZIP64 = 45;
    private static final int UTF_8 = 0x800;
    private static final int U2_MAX = 0xFFFF;
    private static final long U4_MAX = 0xFFFFFFFFL;
    /** The first day that a zip file can state, 1980-01-01, as NumPy writes it. */
    private static final int DATE = 0x21;

    /** Made on Unix, and for its user to read and write when it is unpacked. */
    private static final int UNIX = 3 << 8;

    private static final int MODE = 0600 << 16;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");
    private static final int EXTRA_NBYTES = 20;
    private static final int MAX_EXTRA_NBYTES = 28;

    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long entries;
    private long nbytes;

    /**
     * Checks the names of arrays.
     *
     * @param path of the file, for messages
     * @throws IllegalArgumentException when one would lead out of a directory in which the file is unpacked, or would not be
     *     found again under its name
     */
    public static void checkNames(String path, List<String> names) {
        Set<String> all = new HashSet<>(names);
        for (String name : names) {
            problem(name, all).ifPresent(problem -> {
                throw new IllegalArgumentException("Cannot write " + path + ": the column '" + name
                        + "' would be the member " + entry(name) + ", and " + problem + "; rename it with columnNames");
            });
        }
    }

    /**
     * Returns the reason for which an array may not have this name, with what is expected.
     *
     * @param all the names of all arrays of the file
     */
    public static Optional<String> problem(String name, Set<String> all) {
        return Optional.ofNullable(refusal(name, all));
    }

    private static String refusal(String name, Set<String> all) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "an archive is unpacked into a directory, expected a name, or names with / between them, without"
                        + " empty ones, . and ..";
            }
        }
        if (name.indexOf('\\') >= 0 || DRIVE.matcher(name).lookingAt()) {
            return "other systems take \\ and a letter before : for parts of a path, expected a name without them";
        }
        if (name.indexOf('\0') >= 0) {
            return "zip programs end a name at \\0, expected a name without it";
        }
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            String above = name.substring(0, slash);
            if (above.endsWith(NpzFormat.NPY_SUFFIX)
                    && all.contains(above.substring(0, slash - NpzFormat.NPY_SUFFIX.length()))) {
                return "the archive holds a file " + above
                        + " too, expected names of which none is another's directory";
            }
        }
        if (all.contains(entry(name))) {
            return "np.load would take '" + entry(name)
                    + "' for this column and for that of this name, expected names that" + " differ by more than "
                    + NpzFormat.NPY_SUFFIX;
        }
        try {
            int length = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(entry(name)))
                    .remaining();
            return length <= U2_MAX ? null : "it has " + length + " bytes, expected at most " + U2_MAX;
        } catch (CharacterCodingException e) {
            return "it is no Unicode text, expected a name that UTF-8 can encode";
        }
    }

    private static String entry(String name) {
        return name + NpzFormat.NPY_SUFFIX;
    }

    /**
     * Begins an array after all that came before.
     *
     * @param head its .npy header
     * @param body of all bytes that will follow what this returns
     * @return the bytes before the array's own, the header included
     */
    public byte[] begin(String name, byte[] head, Crc32 body) {
        byte[] rawName = entry(name).getBytes(StandardCharsets.UTF_8);
        Crc32 all = Crc32.of(head).then(body);
        byte[] local = local(rawName, all, head);
        central(rawName, all);
        entries++;
        nbytes = Math.addExact(nbytes, local.length + body.nbytes());
        return local;
    }

    /** The sizes are in 64 bits whatever they are, so that the length of a local header does not depend on them. */
    private static byte[] local(byte[] rawName, Crc32 all, byte[] head) {
        byte[] raw = new byte[ZippedArray.LOCAL_NBYTES + rawName.length + EXTRA_NBYTES + head.length];
        ByteBuffer bytes = ZipDirectory.integers(raw);
        bytes.putInt(ZipDirectory.LOCAL);
        common(bytes, VERSION_OF_ZIP64, rawName, all).putInt((int) U4_MAX).putInt((int) U4_MAX);
        bytes.putShort((short) rawName.length).putShort((short) EXTRA_NBYTES).put(rawName);
        bytes.putShort((short) 1)
                .putShort((short) (2 * Long.BYTES))
                .putLong(all.nbytes())
                .putLong(all.nbytes());
        bytes.put(head);
        return raw;
    }

    /** The sizes and the offset are in 64 bits only where they need them, as readers expect it of a directory. */
    private void central(byte[] rawName, Crc32 all) {
        boolean large = all.nbytes() >= U4_MAX;
        boolean far = nbytes >= U4_MAX;
        int extra = (large ? 2 * Long.BYTES : 0) + (far ? Long.BYTES : 0);
        byte[] raw = new byte[ZipDirectory.ENTRY_NBYTES + rawName.length + MAX_EXTRA_NBYTES];
        ByteBuffer bytes = ZipDirectory.integers(raw);
        int version = large || far ? VERSION_OF_ZIP64 : VERSION;
        bytes.putInt(ZipDirectory.ENTRY).putShort((short) (UNIX | version));
        common(bytes, version, rawName, all);
        int size = (int) Math.min(all.nbytes(), U4_MAX);
        bytes.putInt(size).putInt(size);
        bytes.putShort((short) rawName.length).putShort((short) (extra == 0 ? 0 : extra + Integer.BYTES));
        bytes.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(MODE);
        bytes.putInt((int) Math.min(nbytes, U4_MAX)).put(rawName);
        if (extra > 0) {
            bytes.putShort((short) 1).putShort((short) extra);
        }
        if (large) {
            bytes.putLong(all.nbytes()).putLong(all.nbytes());
        }
        if (far) {
            bytes.putLong(nbytes);
        }
        directory.write(raw, 0, bytes.position());
    }

    /** The fields that both headers have, from the version that a reader needs to the CRC: a stored entry. */
    private static ByteBuffer common(ByteBuffer bytes, int version, byte[] rawName, Crc32 all) {
        boolean ascii = true;
        for (byte b : rawName) {
            ascii &= b >= 0;
        }
        return bytes.putShort((short) version)
                .putShort((short) (ascii ? 0 : UTF_8))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) DATE)
                .putInt(all.value());
    }

    /** The end of the archive: its directory, and the records that say where it is. */
    public byte[] end() {
        long start = nbytes;
        long length = directory.size();
        boolean zip64 = entries >= U2_MAX || start >= U4_MAX || length >= U4_MAX;
        byte[] raw = new byte[ZipDirectory.END64_NBYTES + ZipDirectory.LOCATOR_NBYTES + ZipDirectory.END_NBYTES];
        ByteBuffer bytes = ZipDirectory.integers(raw);
        if (zip64) {
            bytes.putInt(ZipDirectory.END64).putLong(ZipDirectory.END64_NBYTES - 12);
            bytes.putShort((short) VERSION_OF_ZIP64)
                    .putShort((short) VERSION_OF_ZIP64)
                    .putInt(0)
                    .putInt(0);
            bytes.putLong(entries).putLong(entries).putLong(length).putLong(start);
            bytes.putInt(ZipDirectory.LOCATOR).putInt(0).putLong(start + length).putInt(1);
        }
        short count = (short) Math.min(entries, U2_MAX);
        bytes.putInt(ZipDirectory.END).putInt(0).putShort(count).putShort(count);
        bytes.putInt((int) Math.min(length, U4_MAX))
                .putInt((int) Math.min(start, U4_MAX))
                .putShort((short) 0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(directory.toByteArray());
        all.write(raw, 0, bytes.position());
        return all.toByteArray();
    }
}
