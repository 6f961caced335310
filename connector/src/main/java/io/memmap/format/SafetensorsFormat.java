package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A .safetensors file: the length of a JSON header in 8 bytes, the header, and a buffer that the tensors cover without holes.
 * Little-endian, in C order.
 *
 * @see <a href="https://github.com/huggingface/safetensors">safetensors</a>
 */
final class SafetensorsFormat implements ArrayFormat {
    private static final String NAME = "safetensors";
    private static final int LENGTH_NBYTES = 8;
    private static final int MIN_HEADER_NBYTES = 2;
    private static final long MAX_HEADER_NBYTES = 100_000_000;
    /** Tasks compare these, in place of a header of megabytes. */
    private static final int CHECKED_NBYTES = 1024;

    private static final String METADATA = "__metadata__";

    private static final Map<String, String> DTYPES = Map.ofEntries(
            Map.entry("BOOL", "?"),
            Map.entry("U8", "u1"),
            Map.entry("I8", "i1"),
            Map.entry("U16", "<u2"),
            Map.entry("I16", "<i2"),
            Map.entry("U32", "<u4"),
            Map.entry("I32", "<i4"),
            Map.entry("U64", "<u8"),
            Map.entry("I64", "<i8"),
            Map.entry("F16", "<f2"),
            Map.entry("BF16", "bfloat16"),
            Map.entry("F32", "<f4"),
            Map.entry("F64", "<f8"),
            Map.entry("C64", "<c8"));

    /** Dtypes of the format that NumPy lacks. With those above they are all that version 0.8 writes. */
    private static final Set<String> OTHER_DTYPES =
            Set.of("F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0");

    private static final Pattern LONG_INTEGER = Pattern.compile("[0-9]{19,}");
    private static final int SHOWN_LENGTH = 100;

    /** A tensor as the header has it; offsets count from the start of the buffer. */
    private record Tensor(String name, String dtype, List<Long> shape, long begin, long end) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean namesMembers() {
        return true;
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(".safetensors");
    }

    /** Large models are cut into several files; another one lists them. */
    private static boolean isIndex(String fileName) {
        return fileName.endsWith(".safetensors.index.json");
    }

    @Override
    public boolean resembles(FormatInput input) {
        return isIndex(input.name());
    }

    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        return FileMagic.isSafetensors(FileStart.of(prefix, fileNbytes));
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        long nbytes = headerNbytes(input);
        byte[] header = input.read(LENGTH_NBYTES, (int) nbytes);
        List<Tensor> tensors = tensors(input, header);
        long buffer = LENGTH_NBYTES + nbytes;
        checkCover(input, tensors, input.fingerprint().nbytes() - buffer);
        if (tensors.isEmpty()) {
            throw ZipDirectory.damaged(input, "its header names no tensor", "at least one");
        }
        byte[] start = Arrays.copyOf(input.prefix(), LENGTH_NBYTES + Math.min(header.length, CHECKED_NBYTES));
        System.arraycopy(header, 0, start, LENGTH_NBYTES, start.length - LENGTH_NBYTES);
        ByteString checked = ByteString.of(start);
        List<Member> members = new ArrayList<>();
        for (Tensor tensor : tensors) {
            members.add(member(input, checked, tensor, buffer));
        }
        return members;
    }

    private static long headerNbytes(FormatInput input) throws IOException {
        byte[] prefix = input.prefix();
        long fileNbytes = input.fingerprint().nbytes();
        if (isIndex(input.name())) {
            throw ZipDirectory.damaged(
                    input,
                    "it is the index of several .safetensors files",
                    "one of these files; load them, or their directory, and choose a tensor by the option member");
        }
        String advice =
                FileMagic.isSafetensors(FileStart.of(prefix, fileNbytes)) ? null : FileMagic.advice(prefix, fileNbytes);
        if (advice != null) {
            throw new IOException("Cannot read " + input.path() + ": it " + advice);
        }
        if (prefix.length < LENGTH_NBYTES + MIN_HEADER_NBYTES) {
            throw ZipDirectory.damaged(
                    input,
                    prefix.length == 0 ? "it is empty" : "it ends after " + prefix.length + " bytes",
                    "at least " + (LENGTH_NBYTES + MIN_HEADER_NBYTES)
                            + " bytes, the length of a header and the header; it is truncated or still being written");
        }
        long nbytes = ZipDirectory.integers(prefix).getLong(0);
        if (nbytes < MIN_HEADER_NBYTES || nbytes > MAX_HEADER_NBYTES || nbytes > fileNbytes - LENGTH_NBYTES) {
            throw ZipDirectory.damaged(
                    input,
                    "its first 8 bytes say that its header has " + Long.toUnsignedString(nbytes) + " bytes",
                    MIN_HEADER_NBYTES + " to " + Math.min(MAX_HEADER_NBYTES, fileNbytes - LENGTH_NBYTES)
                            + "; it is no .safetensors file, truncated or still being written");
        }
        if (prefix[LENGTH_NBYTES] != '{') {
            throw ZipDirectory.damaged(input, "its header does not begin with {", "a JSON object");
        }
        return nbytes;
    }

    private static List<Tensor> tensors(FormatInput input, byte[] header) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) json(input, header)).entrySet()) {
            String name = (String) entry.getKey();
            if (!name.equals(METADATA)) {
                tensors.add(tensor(input, name, entry.getValue()));
            } else if (!isTexts(entry.getValue())) {
                throw ZipDirectory.damaged(input, "its " + METADATA + " is no object of strings", "strings only");
            }
        }
        return tensors;
    }

    private static Object json(FormatInput input, byte[] header) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ZipDirectory.damaged(input, "its header is no UTF-8", "JSON in UTF-8");
        }
        try {
            return Literal.parseJson(text);
        } catch (LiteralException e) {
            Matcher integer = LONG_INTEGER.matcher(text).region(e.position(), text.length());
            if (integer.lookingAt()) {
                throw ZipDirectory.damaged(
                        input,
                        "its header has the length or offset " + cut(integer.group()) + " at character " + e.position(),
                        "at most " + Long.MAX_VALUE + "; write the file again");
            }
            throw ZipDirectory.damaged(
                    input, "its header is no JSON (" + e.problem() + ")", "a JSON object with a key per tensor");
        }
    }

    private static boolean isTexts(Object value) {
        return value == null
                || (value instanceof Map<?, ?> map && map.values().stream().allMatch(String.class::isInstance));
    }

    private static Tensor tensor(FormatInput input, String name, Object value) throws IOException {
        Map<?, ?> fields = value instanceof Map<?, ?> map ? map : Map.of();
        List<Long> shape = lengths(fields.get("shape"));
        List<Long> offsets = lengths(fields.get("data_offsets"));
        if (!(fields.get("dtype") instanceof String dtype) || shape == null || offsets == null || offsets.size() != 2) {
            throw ZipDirectory.damaged(
                    input,
                    "its header does not describe tensor " + name,
                    "dtype, shape and data_offsets, of lengths and offsets of 0 or more");
        }
        return new Tensor(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    /** A list of integers of 0 or more; null for anything else. */
    private static List<Long> lengths(Object value) {
        if (!(value instanceof List<?> list)) {
            return null;
        }
        List<Long> lengths = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Long length) || length < 0) {
                return null;
            }
            lengths.add(length);
        }
        return lengths;
    }

    private static void checkCover(FormatInput input, List<Tensor> tensors, long bufferNbytes) throws IOException {
        List<Tensor> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
        long end = 0;
        for (Tensor tensor : sorted) {
            if (tensor.begin != end || tensor.end < tensor.begin) {
                throw ZipDirectory.damaged(
                        input,
                        "its tensor " + tensor.name + " has the bytes " + tensor.begin + " to " + tensor.end
                                + " of the buffer",
                        "them to begin at byte " + end + ", as tensors follow one another without holes and overlaps");
            }
            end = tensor.end;
        }
        if (end != bufferNbytes) {
            throw ZipDirectory.damaged(
                    input,
                    "its tensors end at byte " + end + " of a buffer of " + bufferNbytes + " bytes",
                    "its end; the file is "
                            + (end > bufferNbytes ? "truncated or still being written" : "longer than its tensors"));
        }
    }

    private static Member member(FormatInput input, ByteString checked, Tensor tensor, long buffer) throws IOException {
        long offset = buffer + tensor.begin;
        String dtype = DTYPES.get(tensor.dtype);
        if (dtype == null) {
            return ofOtherDType(input, tensor, offset);
        } else if (tensor.shape.size() > Shape.MAX_NDIM) {
            return damaged(
                    input,
                    tensor,
                    "its shape has " + tensor.shape.size() + " axes, expected at most " + Shape.MAX_NDIM);
        }
        Layout layout;
        try {
            Shape shape =
                    Shape.of(tensor.shape.stream().mapToLong(Long::longValue).toArray());
            layout = new Layout(DType.parse(dtype), shape, Order.C, offset);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return damaged(
                    input, tensor, "its shape is " + cut(tensor.shape.toString()) + ", expected at most 2^63-1 bytes");
        }
        if (layout.nbytes() != tensor.end - tensor.begin) {
            return damaged(
                    input,
                    tensor,
                    "it has " + (tensor.end - tensor.begin) + " bytes, expected " + layout.nbytes() + " for shape "
                            + cut(layout.shape().toString()) + " of " + tensor.dtype);
        }
        Origin origin = new Origin(NAME, tensor.name, 0, false, null);
        return Member.of(new ArrayFile(input.path(), input.fingerprint(), checked, layout, origin));
    }

    private static Member ofOtherDType(FormatInput input, Tensor tensor, long offset) {
        String expected = ", expected one of " + String.join(", ", names()) + "; ";
        String remedy = "set container=raw, dtype=u1, offset=" + offset + ", shape=" + (tensor.end - tensor.begin)
                + " and trailingBytes=ignore to read its bytes";
        String dtype = "its dtype " + cut(tensor.dtype);
        return OTHER_DTYPES.contains(tensor.dtype)
                ? Member.unsupported(input.path(), tensor.name, dtype + " is none of NumPy's" + expected + remedy)
                : Member.refused(
                        input.path(),
                        tensor.name,
                        dtype + " is in no version of the format up to 0.8" + expected + "write the file again, or "
                                + remedy);
    }

    private static Member damaged(FormatInput input, Tensor tensor, String problem) {
        return Member.refused(input.path(), tensor.name, problem + "; write the file again");
    }

    private static String cut(String text) {
        return text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "..." : text;
    }

    private static List<String> names() {
        return DTYPES.keySet().stream().sorted().toList();
    }
}
