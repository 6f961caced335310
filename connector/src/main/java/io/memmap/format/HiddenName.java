package io.memmap.format;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The hidden names of what belongs to a target, beside it: {@code .x.npy.lock} for {@code x.npy}. */
public final class HiddenName {
    /** The suffix of the record of a change that is not finished. */
    public static final String RECORD = ".redo.json";

    /** File systems take names of 255 bytes. What is put around a name, twice if need be, has at most 80. */
    private static final int MAX_NBYTES = 170;

    private static final int KEPT_NBYTES = 120;

    private HiddenName() {}

    /** Returns true for the names that Spark and Hadoop take for no data. */
    public static boolean isHidden(String name) {
        return name.startsWith("_") || name.startsWith(".");
    }

    /** A hidden name for a plain one, without a suffix; of a long one its beginning and a hash. */
    public static String of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_NBYTES) {
            return "." + name;
        }
        int kept = KEPT_NBYTES;
        while ((bytes[kept] & 0xC0) == 0x80) {
            kept--;
        }
        String hash = UUID.nameUUIDFromBytes(bytes).toString().replace("-", "");
        return "." + new String(bytes, 0, kept, StandardCharsets.UTF_8) + "~" + hash;
    }
}
