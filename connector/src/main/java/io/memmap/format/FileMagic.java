package io.memmap.format;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The formats that are often mistaken for arrays, known by their first bytes. A format is known by three distinctive bytes
 * at least: any two begin some file of 16-bit tokens. Plain text is not known: it is an array of bytes too.
 */
public final class FileMagic {
    /** @param name with its article, to follow "it is" */
    private record Format(String name, String remedy, Predicate<FileStart> mark) {

        private String advice() {
            return "is " + name + ", not an .npy file; " + remedy;
        }
    }

    private static final String DECOMPRESS = "decompress it first, only plain bytes can be mapped";
    private static final String EXPORT = "read it in Python and export its numbers with np.save";
    private static final String UNPACK = "unpack it first";

    private static final Pattern FRAMED_PICKLE = Pattern.compile("\200[\4\5]\225");
    /** The first opcodes of a dict, a list, a tuple, a class, a text, bytes, or the number by which torch.save begins. */
    private static final Pattern OLD_PICKLE = Pattern.compile(
            "\200[\2\3](?:[}\\])](?:q\0|[(.Xc])|\\((?:[cXUK}\\](GJM]|lp)"
                    + "|c[A-Za-z_][\\w.]*\n[A-Za-z_]|[XBT]..\0\0|\212\nl\374\234F)",
            Pattern.DOTALL);

    private static final Pattern TEXT_HEADER = Pattern.compile("ply\r?\nformat |# \\.PCD v|NRRD000[1-5]|P7\nWIDTH "
            + "|P[4-6]\\s+(?:#.*\\s+)*\\d+\\s+\\d+\\s|P[Ff]\\s+\\d+\\s+\\d+\\s+-?[\\d.]+\\s");

    private static final Set<Long> LLMC_OTHERS =
            Set.of(20240326L, 20240327L, 20240328L, 20240522L, 20240527L, 20240803L);

    private static final int LLMC_MAX_VERSION = 16;

    private static final List<Format> FORMATS = List.of(
            new Format(
                    "a zip archive (.npz?)",
                    "unzip it first, its members are .npy files",
                    start -> start.startsWith("PK\3\4", "PK\5\6", "PK\7\10")),
            compressed("gzip", start -> start.startsWith("\37\213\10")),
            compressed("Zstandard (zstd)", FileMagic::isZstandard),
            compressed("LZ4", start -> start.startsWith("\4\"M\30")),
            compressed("xz", start -> start.startsWith("\3757zXZ\0")),
            compressed("bzip2", FileMagic::isBzip2),
            compressed("Snappy", start -> start.startsWith("\377\6\0\0sNaPpY")),
            compressed("lzip", start -> start.startsWith("LZIP\1")),
            compressed("Blosc2", start -> start.startsWith("\236\250b2frame\0")),
            new Format("a 7z archive", UNPACK, start -> start.startsWith("7z\274\257\47\34")),
            new Format("a RAR archive", UNPACK, start -> start.startsWith("Rar!\32\7")),
            new Format("a tar archive", UNPACK, start -> start.has(257, "ustar\0", "ustar  \0")),
            new Format(
                    "an HDF5 file",
                    "export its dataset first, with h5py and np.save",
                    start -> start.startsWith("\211HDF\r\n")),
            new Format(
                    "a Python pickle",
                    "load it in Python, if you trust it, and write it with np.save",
                    start -> start.matches(FRAMED_PICKLE) || start.matches(OLD_PICKLE)),
            table("a Parquet file", "parquet", start -> start.startsWith("PAR1")),
            table("an ORC file", "orc", FileMagic::isOrc),
            table("an Avro file", "avro", start -> start.startsWith("Obj\1")),
            exported("an Arrow file", start -> start.startsWith("ARROW1", "FEA1") || isArrowStream(start)),
            exported("a MATLAB file", start -> start.startsWith("MATLAB ") && start.has(10, " MAT-file")),
            exported("a netCDF file", start -> start.startsWith("CDF\1", "CDF\2", "CDF\5")),
            exported("an HDF4 file", start -> start.startsWith("\16\3\23\1")),
            exported("a FITS file", start -> start.startsWith("SIMPLE  =", "XTENSION=")),
            exported("a NIfTI file", FileMagic::isNifti),
            exported("a DICOM file", start -> start.has(128, "DICM")),
            exported("an MRC file", start -> start.has(208, "MAP DD\0\0", "MAP DA\0\0", "MAP \21\21\0\0")),
            exported("a GRIB file", start -> start.startsWith("GRIB") && (start.u1(7) == 1 || start.u1(7) == 2)),
            exported("a ROOT file", start -> start.startsWith("root\0") && start.u4(8, ByteOrder.BIG_ENDIAN) == 100),
            exported("a LAS file", start -> start.startsWith("LASF")),
            exported("an evaluation set or a checkpoint of llm.c", FileMagic::isLlmcOther),
            exported(
                    "an index of tokens that fairseq compressed with Huffman's code",
                    start -> start.startsWith("HUFFIDX")),
            exported("a safetensors file", FileMagic::isSafetensors),
            exported("a GGUF file", start -> start.startsWith("GGUF")),
            exported("a GGML file", start -> start.startsWith("lmgg", "fmgg", "tjgg")),
            exported("a TensorFlow Lite model", start -> start.has(4, "TFL3")),
            exported("an R data file", start -> start.startsWith("RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n")),
            exported("a SQLite database", start -> start.startsWith("SQLite format 3\0")),
            exported("an LMDB database", FileMagic::isLmdb),
            exported("an OLE2 document", start -> start.startsWith("\320\317\21\340\241\261\32\341")),
            exported("a PNG image", start -> start.startsWith("\211PNG\r\n")),
            exported("a JPEG image", FileMagic::isJpeg),
            exported("a JPEG 2000 image", start -> start.startsWith("\0\0\0\14jP  ", "\377O\377Q")),
            exported("a GIF image", start -> start.startsWith("GIF87a", "GIF89a")),
            exported("a BMP image", start -> start.startsWith("BM") && start.u4(2) == start.fileNbytes()),
            exported("a TIFF image", start -> start.startsWith("II*\0", "MM\0*", "II+\0\10\0\0\0", "MM\0+\0\10\0\0")),
            exported("an OpenEXR image", start -> start.startsWith("v/1\1\2") && start.has(6, "\0\0")),
            exported("a Photoshop image", start -> start.startsWith("8BPS\0\1", "8BPS\0\2")),
            exported("an image, mesh or volume with a header of text", start -> start.matches(TEXT_HEADER)),
            exported("a WebP image", start -> isRiff(start, "WEBP")),
            exported("a WAV file", start -> isRiff(start, "WAVE")),
            exported("an AVI video", start -> isRiff(start, "AVI ")),
            exported("an AIFF file", start -> start.startsWith("FORM") && start.has(8, "AIFF", "AIFC")),
            exported("an AU file", start -> start.startsWith(".snd\0\0") && start.u4(4, ByteOrder.BIG_ENDIAN) >= 24),
            exported("a FLAC file", start -> start.startsWith("fLaC")),
            exported("an Ogg file", start -> start.startsWith("OggS\0")),
            exported("an MP3 file", start -> start.startsWith("ID3\2", "ID3\3", "ID3\4")),
            exported("a Matroska video", start -> start.startsWith("\32E\337\243")),
            exported("an MP4 video", start -> start.startsWith("\0\0\0") && start.has(4, "ftyp")),
            exported("a PDF document", start -> start.startsWith("%PDF-")),
            exported("a program", start -> start.startsWith("\177ELF", "\312\376\272\276")));

    private FileMagic() {}

    private static Format compressed(String algorithm, Predicate<FileStart> mark) {
        return new Format("compressed with " + algorithm, DECOMPRESS, mark);
    }

    private static Format table(String name, String format, Predicate<FileStart> mark) {
        return new Format(name, "read it with spark.read." + format, mark);
    }

    private static Format exported(String name, Predicate<FileStart> mark) {
        return new Format(name, EXPORT, mark);
    }

    /**
     * The advice for a file of another format, to follow the words "the file": {@code is a zip archive (.npz?), …}.
     *
     * @param prefix the first {@link FormatInput#PREFIX_NBYTES} bytes of the file, or all of a shorter one
     * @return null when the bytes are of no known format
     */
    public static String advice(byte[] prefix, long fileNbytes) {
        FileStart start = FileStart.of(prefix, fileNbytes);
        for (Format format : FORMATS) {
            if (format.mark().test(start)) {
                return format.advice();
            }
        }
        return null;
    }

    static boolean startsWith(byte[] prefix, String magic) {
        return FileStart.of(prefix, prefix.length).startsWith(magic);
    }

    private static boolean isRiff(FileStart start, String kind) {
        return start.startsWith("RIFF", "RIFX", "RF64", "BW64") && start.has(8, kind);
    }

    /** A frame, or one of the 16 kinds of skippable frames, which LZ4 has too. */
    private static boolean isZstandard(FileStart start) {
        return start.startsWith("(\265/\375") || (start.u1(0) >> 4 == 5 && start.has(1, "*M\30"));
    }

    /** A page of meta data, numbered 0, or the lock file beside it; pages begin with 16 bytes, or 12 on 32 bits. */
    private static boolean isLmdb(FileStart start) {
        String magic = "\336\300\357\276";
        boolean data = start.startsWith("\0\0\0\0\0\0\0\0\0\0\10\0\0\0\0\0" + magic)
                || start.startsWith("\0\0\0\0\0\0\10\0\0\0\0\0" + magic);
        return data || start.startsWith(magic);
    }

    private static boolean isBzip2(FileStart start) {
        return start.startsWith("BZh") && start.has(4, "1AY&SY", "\27rE8P\220");
    }

    /** The length of a first message, and where in it its table begins. */
    private static boolean isArrowStream(FileStart start) {
        long nbytes = start.u4(4);
        return start.startsWith("\377\377\377\377")
                && nbytes % 8 == 0
                && nbytes > 0
                && nbytes <= start.fileNbytes() - 8
                && start.u4(8) == 16
                && start.has(12, "\0\0\n\0");
    }

    /** Text may begin with the three letters, but has no control characters next to them other than its padding. */
    private static boolean isOrc(FileStart start) {
        return start.startsWith("ORC")
                && start.text().chars().skip(3).limit(5).anyMatch(c -> c != 0 && (c < '\t' || (c > '\r' && c < ' ')));
    }

    private static boolean isJpeg(FileStart start) {
        int segment = start.u1(3);
        return start.startsWith("\377\330\377")
                && (segment >> 4 == 0xE || segment == 0xDB || segment == 0xC0 || segment == 0xC4 || segment == 0xFE);
    }

    /** The length of its header, in the file's byte order, and then its magic, which version 2 has near the start. */
    private static boolean isNifti(FileStart start) {
        boolean first =
                start.has(344, "n+1\0", "ni1\0") && (start.u4(0) == 348 || start.u4(0, ByteOrder.BIG_ENDIAN) == 348);
        return first || start.has(4, "n+2\0\r\n\32\n", "ni2\0\r\n\32\n");
    }

    /** A magic and a small version; the two that begin token files are {@link LlmcFormat}'s. */
    private static boolean isLlmcOther(FileStart start) {
        return LLMC_OTHERS.contains(start.u4(0)) && start.u4(4) >= 1 && start.u4(4) <= LLMC_MAX_VERSION;
    }

    /** The length of a JSON object, in 8 bytes, and the object, which tells of arrays. */
    static boolean isSafetensors(FileStart start) {
        return start.has(8, "{\"", "{}", "{ ", "{\n")
                && (start.text().contains("\"dtype\"")
                        || start.text().contains("\"__metadata__\"")
                        || start.u4(0) == start.fileNbytes() - 8)
                && start.u4(4) == 0
                && start.u4(0) >= 2
                && start.u4(0) <= start.fileNbytes() - 8;
    }
}
