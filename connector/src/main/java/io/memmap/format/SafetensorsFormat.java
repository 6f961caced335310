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

/**
 * A .safetensors file: the length of a JSON header in 8 bytes, the header, and a buffer that the tensors cover without holes.
 * Little-endian, in C order.
 *
 * @see <a href="https://github.com/huggingface/safetensors">safetensors</a>
 */
final class SafetensorsFormat implements ArrayFormat {
    private static final String NAME = "safetensors";
    private static final int LENGTH_NBYTES = 8;
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
        String advice =
                FileMagic.isSafetensors(FileStart.of(prefix, fileNbytes)) ? null : FileMagic.advice(prefix, fileNbytes);
        if (advice != null) {
            throw new IOException("Cannot read " + input.path() + ": it " + advice);
        }
        long nbytes = prefix.length < LENGTH_NBYTES + 2
                ? 0
                : ZipDirectory.integers(prefix).getLong(0);
        if (nbytes < 2 || nbytes > MAX_HEADER_NBYTES || nbytes > fileNbytes - LENGTH_NBYTES) {
            throw ZipDirectory.damaged(
                    input,
                    "its first 8 bytes say that its header has " + Long.toUnsignedString(nbytes) + " bytes",
                    "2 to " + Math.max(2, Math.min(MAX_HEADER_NBYTES, fileNbytes - LENGTH_NBYTES))
                            + "; it is no .safetensors file, truncated or still being written");
        }
        if (prefix[LENGTH_NBYTES] != '{') {
            throw ZipDirectory.damaged(input, "its header does not begin with {", "a JSON object");
        }
        return nbytes;
    }

    private static List<Tensor> tensors(FormatInput input, byte[] header) throws IOException {
        Object json;
        try {
            json = Literal.parseJson(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString());
        } catch (CharacterCodingException e) {
            throw ZipDirectory.damaged(input, "its header is no UTF-8", "JSON in UTF-8");
        } catch (LiteralException e) {
            throw ZipDirectory.damaged(
                    input, "its header is no JSON (" + e.problem() + ")", "a JSON object with a key per tensor");
        }
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) json).entrySet()) {
            String name = (String) entry.getKey();
            if (!name.equals(METADATA)) {
                tensors.add(tensor(input, name, entry.getValue()));
            } else if (!isTexts(entry.getValue())) {
                throw ZipDirectory.damaged(input, "its " + METADATA + " is no object of strings", "strings only");
            }
        }
        return tensors;
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
            return Member.unreadable(
                    input.path(),
                    tensor.name,
                    "its dtype " + tensor.dtype + " is none of NumPy's, expected one of " + String.join(", ", names())
                            + "; set container=raw, dtype=u1, offset=" + offset + ", shape="
                            + (tensor.end - tensor.begin)
                            + " and trailingBytes=ignore to read its bytes");
        }
        Layout layout;
        try {
            Shape shape =
                    Shape.of(tensor.shape.stream().mapToLong(Long::longValue).toArray());
            layout = new Layout(DType.parse(dtype), shape, Order.C, offset);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Member.unreadable(
                    input.path(), tensor.name, "its shape is " + tensor.shape + ", expected less; " + e.getMessage());
        }
        if (layout.nbytes() != tensor.end - tensor.begin) {
            throw ZipDirectory.damaged(
                    input,
                    "its tensor " + tensor.name + " has " + (tensor.end - tensor.begin) + " bytes",
                    layout.nbytes() + " for shape " + layout.shape() + " of " + tensor.dtype);
        }
        Origin origin = new Origin(NAME, tensor.name, 0, false, null);
        return Member.of(new ArrayFile(input.path(), input.fingerprint(), checked, layout, origin));
    }

    private static List<String> names() {
        return DTYPES.keySet().stream().sorted().toList();
    }
}
