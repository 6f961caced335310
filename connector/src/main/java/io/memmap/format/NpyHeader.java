package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeException;
import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.Claims.Source;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The header of a .npy file, format versions 1.0, 2.0 and 3.0.
 *
 * <p>To read one, fetch the first {@link #PREFIX_NBYTES} bytes of the file, ask {@link #headerNbytes} how long the
 * header is, fetch so many from the start of the file, and {@link #parse} them. For any bytes the two return or throw
 * {@link NpyFormatException}, with no more heap than a few times the header. Stricter than NumPy where it guesses: a
 * header must end in a newline, keys are distinct, integers are plain. Bytes after the array are the caller's affair.
 *
 * @param order as the file says, also where a single axis leaves no choice
 * @param major the format version: 1, 2 or 3
 * @param dataOffset bytes from the start of the file to the first element
 * @see <a href="https://numpy.org/neps/nep-0001-npy-format.html">NEP 1</a>
 */
public record NpyHeader(DType dtype, Shape shape, Order order, int major, int dataOffset) {
    /** Bytes to fetch first; a shorter file is none. */
    public static final int PREFIX_NBYTES = 12;

    /** The default limit of a header's text, and that of {@code np.load}. */
    public static final int MAX_TEXT_NBYTES = 10_000;

    static final String MAGIC = "\223NUMPY";
    private static final SortedSet<String> KEYS =
            Collections.unmodifiableSortedSet(new TreeSet<>(Set.of("descr", "fortran_order", "shape")));
    private static final int SHOWN_LENGTH = 100;
    private static final int MAX_UTF8_NBYTES = 4;

    /** Returns true if a file that starts so says that it is a .npy file. */
    public static boolean hasMagic(byte[] prefix) {
        return FileMagic.startsWith(prefix, MAGIC);
    }

    /**
     * Returns the number of bytes before the array, which is the end of the header.
     *
     * @param prefix the first {@link #PREFIX_NBYTES} bytes of the file, or all of a shorter one
     * @param file the name for messages
     * @param maxTextNbytes the longest text that is read: one byte or, in version 3, one character each
     * @throws NpyFormatException when the file is no .npy file, of an unknown version, or ends inside its header; or
     *     a {@link LongHeaderException} when the text is longer than {@code maxTextNbytes}
     */
    public static int headerNbytes(byte[] prefix, String file, long fileNbytes, int maxTextNbytes)
            throws NpyFormatException {
        return headerNbytes(prefix, NpyExtent.ofFile(file, fileNbytes), maxTextNbytes);
    }

    static int headerNbytes(byte[] prefix, NpyExtent extent, int maxTextNbytes) throws NpyFormatException {
        String file = extent.name();
        if (prefix.length == 0) {
            throw new NpyFormatException(file, "it is empty, expected a .npy header");
        } else if (!hasMagic(prefix)) {
            throw new NpyFormatException(file, noMagic(prefix, extent.nbytes()));
        } else if (prefix.length < 8) {
            throw extent.endsInside("the format version", 8);
        }
        int major = prefix[6] & 0xFF;
        int minor = prefix[7] & 0xFF;
        if (major < 1 || major > 3 || minor != 0) {
            throw new NpyFormatException(
                    file, "it is of .npy format version " + major + "." + minor + ", expected 1.0, 2.0 or 3.0");
        }
        int textOffset = textOffset(major);
        if (prefix.length < textOffset) {
            throw extent.endsInside("the length of its header", textOffset);
        }
        long textNbytes = 0;
        for (int i = textOffset - 1; i >= 8; i--) {
            textNbytes = (textNbytes << 8) | (prefix[i] & 0xFF);
        }
        if (textOffset + textNbytes > extent.nbytes()) {
            throw extent.endsInside("its header", textOffset + textNbytes);
        }
        long most = (long) maxTextNbytes * (major == 3 ? MAX_UTF8_NBYTES : 1);
        if (textNbytes > Math.min(most, Integer.MAX_VALUE - textOffset)) {
            throw new LongHeaderException(file, (int) Math.min(textNbytes, Integer.MAX_VALUE), "bytes", maxTextNbytes);
        }
        return (int) (textOffset + textNbytes);
    }

    /**
     * Checks a header that is read against the limit as NumPy does, which decodes it before it counts.
     *
     * @throws LongHeaderException when it has more characters
     */
    public static void checkLength(byte[] header, String file, int maxLength) throws NpyFormatException {
        int length = textLength(header);
        if (length > maxLength) {
            throw new LongHeaderException(file, length, header[6] == 3 ? "characters" : "bytes", maxLength);
        }
    }

    /** The number of characters of the text. */
    static int textLength(byte[] header) {
        int length = header.length - textOffset(header[6]);
        for (int i = textOffset(header[6]); header[6] == 3 && i < header.length; i++) {
            boolean continuation = (header[i] & 0xC0) == 0x80;
            length -= continuation ? 1 : 0;
        }
        return length;
    }

    /**
     * Reads a whole header.
     *
     * @param header the first {@link #headerNbytes} bytes of the file
     * @param file the name for messages
     * @throws NpyFormatException when the header is malformed, declares a dtype that cannot be mapped, or more bytes
     *     than the file has
     */
    public static NpyHeader parse(byte[] header, String file, long fileNbytes) throws NpyFormatException {
        return parse(header, NpyExtent.ofFile(file, fileNbytes));
    }

    static NpyHeader parse(byte[] header, NpyExtent extent) throws NpyFormatException {
        String file = extent.name();
        int nbytes = headerNbytes(header, extent, Integer.MAX_VALUE);
        if (nbytes != header.length) {
            throw NpyExtent.ofFile(file, header.length).endsInside("its header", nbytes);
        }
        int major = header[6];
        Map<?, ?> dict = dict(header, major, file);
        DType dtype = dtype(dict.get("descr"), file);
        Shape shape = shape(dict.get("shape"), file);
        Object fortranOrder = dict.get("fortran_order");
        if (!(fortranOrder instanceof Boolean)) {
            throw new NpyFormatException(
                    file, "its header has fortran_order " + shown(fortranOrder) + ", expected True or False");
        }
        Order order = fortranOrder.equals(true) ? Order.F : Order.C;
        NpyHeader parsed = new NpyHeader(dtype, shape, order, major, header.length);
        parsed.checkLength(extent);
        return parsed;
    }

    /**
     * Writes a header exactly as NumPy does: the lowest version that can say it, padded to 64 bytes, with room for the
     * row count to grow. bfloat16 becomes {@code V2}, as NumPy saves it. {@link ReadBack} refuses headers that could not
     * be read.
     *
     * @throws DTypeException when a record has overlapping or reordered fields, which a descr cannot say
     */
    public static byte[] write(DType dtype, Shape shape, Order order) {
        return NpyHeaderWriter.write(dtype, shape, order);
    }

    /** The place of the array in the file. */
    public Layout layout() {
        return new Layout(dtype, shape, order, dataOffset);
    }

    Claims claims() {
        return new Claims(
                Source.HEADER, dtype, Claims.dims(shape), order, (long) dataOffset, ArrayFormats.NPY, List.of(), null);
    }

    /** The start of the header's text: after magic, version and its length. */
    static int textOffset(int major) {
        return major == 1 ? 10 : 12;
    }

    static Charset charset(int major) {
        return major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    }

    /** The error text for a file that does not start with the magic of .npy; names the format that it is, if known. */
    public static String noMagic(byte[] prefix, long fileNbytes) {
        String advice = FileMagic.advice(prefix, fileNbytes);
        if (advice != null) {
            return "it " + advice;
        }
        String bytes = HexFormat.ofDelimiter(" ").formatHex(prefix, 0, Math.min(prefix.length, MAGIC.length()));
        return "it starts with the bytes " + bytes + ", expected 93 4e 55 4d 50 59 as every .npy file";
    }

    private static Map<?, ?> dict(byte[] header, int major, String file) throws NpyFormatException {
        int textOffset = textOffset(major);
        if (header[header.length - 1] != '\n' || header.length == textOffset) {
            throw new NpyFormatException(
                    file,
                    "its header of " + (header.length - textOffset) + " bytes does not end in a newline at byte "
                            + (header.length - 1) + ", expected one; its length is wrong or its writer left it out");
        }
        String text = decode(header, major, file);
        Object literal;
        try {
            literal = major == 3 ? Literal.parsePython3(text) : Literal.parsePython(text);
        } catch (LiteralException e) {
            int nbytes = text.substring(0, e.position()).getBytes(charset(major)).length;
            throw new NpyFormatException(file, e.problem("in the header at byte " + (textOffset + nbytes)));
        }
        if (!(literal instanceof Map<?, ?> dict)) {
            throw new NpyFormatException(
                    file, "its header is " + shown(literal) + ", expected a dict with the keys " + KEYS);
        } else if (!dict.keySet().equals(KEYS)) {
            throw new NpyFormatException(
                    file, "its header has the keys " + dict.keySet() + ", expected exactly " + KEYS);
        }
        return dict;
    }

    private static String decode(byte[] header, int major, String file) throws NpyFormatException {
        int textOffset = textOffset(major);
        ByteBuffer in = ByteBuffer.wrap(header, textOffset, header.length - textOffset);
        CharsetDecoder decoder = charset(major).newDecoder();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new NpyFormatException(
                    file,
                    "found 0x" + Integer.toHexString(in.get() & 0xFF) + " in the header at byte " + (in.position() - 1)
                            + ", expected UTF-8 in format version 3.0");
        }
        return out.flip().toString();
    }

    private static DType dtype(Object descr, String file) throws NpyFormatException {
        DType dtype;
        try {
            boolean list = descr instanceof List<?> fields && !fields.isEmpty();
            if (!(descr instanceof String || list) || hasDict(descr)) {
                String problem = "its header has descr " + shown(descr) + ", expected a string or a list of fields";
                throw List.of().equals(descr)
                        ? NpyFormatException.unsupported(file, problem)
                        : new NpyFormatException(file, problem);
            }
            dtype = DType.ofNpyDescr(descr);
        } catch (DTypeException e) {
            String problem = "its header has " + e.problem();
            throw e.hasForeignValues()
                    ? NpyFormatException.unsupported(file, problem)
                    : new NpyFormatException(file, problem);
        }
        if (dtype instanceof SubArrayDType) {
            throw new NpyFormatException(
                    file,
                    "its header has descr " + shown(descr) + ", expected a scalar or fields; NumPy reads and maps"
                            + " a bare sub-array differently");
        }
        return dtype;
    }

    /** NumPy writes gaps as unnamed fields, never as a dict of offsets, and cannot read one. */
    private static boolean hasDict(Object descr) {
        return descr instanceof Map
                || (descr instanceof List<?> list && list.stream().anyMatch(NpyHeader::hasDict))
                || (descr instanceof Literal.Tuple tuple && hasDict(tuple.items()));
    }

    private static Shape shape(Object shape, String file) throws NpyFormatException {
        if (!(shape instanceof Literal.Tuple tuple)) {
            throw wrongShape(shape, file);
        }
        List<Object> items = tuple.items();
        if (items.size() > Shape.MAX_NDIM) {
            throw new NpyFormatException(
                    file,
                    "its header has a shape of " + items.size() + " dimensions, expected at most " + Shape.MAX_NDIM);
        }
        long[] dims = new long[items.size()];
        for (int i = 0; i < dims.length; i++) {
            if (!(items.get(i) instanceof Long dim) || dim < 0) {
                throw wrongShape(shape, file);
            }
            dims[i] = dim;
        }
        return Shape.of(dims);
    }

    private static NpyFormatException wrongShape(Object shape, String file) {
        return new NpyFormatException(
                file, "its header has shape " + shown(shape) + ", expected a tuple of integers of 0 or more");
    }

    private void checkLength(NpyExtent extent) throws NpyFormatException {
        String declares = "header declares shape " + shape + " of " + cut(dtype.toString()) + ", ";
        Layout layout;
        try {
            refuseOverflow();
            layout = layout();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw extent.refusal(declares + "which is beyond 64 bits, expected at most 2^63-1 bytes");
        }
        if (layout.end() > extent.nbytes()) {
            throw extent.endsBefore(declares + layout.nbytes() + " bytes from offset " + dataOffset);
        }
    }

    /** The check that NumPy makes, also where a length of zero hides that the others are too long. */
    private void refuseOverflow() {
        long nbytes = dtype.itemsize();
        for (long dim : shape.toArray()) {
            nbytes = Math.multiplyExact(nbytes, Math.max(dim, 1));
        }
        Math.addExact(nbytes, dataOffset);
    }

    private static String shown(Object literal) {
        return cut(Literal.toPython(literal));
    }

    private static String cut(String text) {
        return text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "..." : text;
    }
}
