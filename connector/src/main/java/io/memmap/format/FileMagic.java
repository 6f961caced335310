package io.memmap.format;

import java.util.List;

/** The formats that are often mistaken for arrays, known by their first bytes. */
public final class FileMagic {

    /** @param magic what the files start with, a character per byte */
    private record Format(String magic, String advice) {}

    private static final String ZIP =
            "is a zip archive (.npz?), not an .npy file; unzip it first, its members are .npy files";
    private static final String PICKLE =
            "is a Python pickle, not an .npy file; load it in Python, if you trust it, and write it with np.save";

    private static final List<Format> FORMATS = List.of(
            new Format("PK\3\4", ZIP),
            new Format("PK\5\6", ZIP),
            new Format(
                    "\37\213",
                    "is compressed with gzip, not an .npy file; decompress it first, only plain bytes can be mapped"),
            new Format(
                    "\211HDF\r\n",
                    "is an HDF5 file, not an .npy file; export its dataset first, with h5py and np.save"),
            new Format("PAR1", "is a Parquet file, not an .npy file; read it with spark.read.parquet"),
            new Format("\200\2", PICKLE),
            new Format("\200\3", PICKLE),
            new Format("\200\4", PICKLE),
            new Format("\200\5", PICKLE));

    private FileMagic() {}

    /**
     * What to do with a file that is none of ours, to follow the words "the file": {@code is a zip archive (.npz?), …}.
     *
     * @param prefix the first bytes of the file; 6 are enough
     * @return null when the bytes are of no known format
     */
    public static String advice(byte[] prefix) {
        for (Format format : FORMATS) {
            if (startsWith(prefix, format.magic())) {
                return format.advice();
            }
        }
        return null;
    }

    static boolean startsWith(byte[] prefix, String magic) {
        for (int i = 0; i < magic.length(); i++) {
            if (i >= prefix.length || (prefix[i] & 0xFF) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
