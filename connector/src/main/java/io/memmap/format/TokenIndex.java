package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code .idx} file of an indexed dataset: the dtype of the tokens and the position of each sequence. There are two
 * magics with two layouts each, which only the length of the file tells apart. Its first bytes are read, and single items.
 *
 * @param tokenCode the dtype of a token in fairseq's table
 * @param tokenNbytes the length of a token; -1 where the index does not declare it
 * @param count the number of sequences
 * @param parts the arrays of the index, in their order
 */
record TokenIndex(FixedHeader header, int tokenCode, long tokenNbytes, long count, boolean fairseq, List<Part> parts) {

    /** An array of an index. */
    record Part(String name, DType dtype, long offset, long count) {
        long end() {
            return offset + count * dtype.itemsize();
        }
    }

    static final String SIZES = "sizes";
    static final String POINTERS = "pointers";
    private static final String DOCUMENTS = "documents";

    private static final String MAPPED_MAGIC = "MMIDIDX\0\0";
    private static final String CACHED_MAGIC = "TNTIDX\0\0";
    private static final int START_NBYTES = 56;

    static boolean hasMagic(byte[] prefix) {
        return isMapped(prefix) || FileMagic.startsWith(prefix, CACHED_MAGIC);
    }

    private static boolean isMapped(byte[] prefix) {
        return FileMagic.startsWith(prefix, MAPPED_MAGIC);
    }

    /**
     * Reads the start of an index.
     *
     * @throws IOException naming the file, when it is no index, or has another length than it declares
     */
    static TokenIndex of(ArrayFormat format, FormatInput input, Reading reading) throws IOException {
        int nbytes = (int) Math.min(START_NBYTES, input.fingerprint().nbytes());
        FixedHeader start = FixedHeader.of(format, input, reading, nbytes);
        if (nbytes == 0) {
            throw start.refusal("it is empty, expected an index of Megatron or fairseq; it is truncated or still being"
                    + " written");
        }
        if (!hasMagic(start.bytes())) {
            throw start.refusal("it starts with the bytes " + start.hex(CACHED_MAGIC.length())
                    + ", expected MMIDIDX or TNTIDX as in every index of Megatron or fairseq; to read other files, set"
                    + " container=raw and dtype");
        }
        // A file that ends within its start has another length than zeros declare.
        ByteBuffer fields = ByteBuffer.allocate(START_NBYTES).put(start.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        boolean mapped = isMapped(start.bytes());
        long version = fields.getLong((mapped ? MAPPED_MAGIC : CACHED_MAGIC).length());
        if (version != 1) {
            throw start.refusal("its index has version " + version + ", expected 1");
        }
        return mapped ? mapped(start, fields) : cached(start, fields);
    }

    private static TokenIndex mapped(FixedHeader start, ByteBuffer fields) throws IOException {
        long n = fields.getLong(18);
        long d = fields.getLong(26);
        Parts fairseq = new Parts(start, 26).add(SIZES, "<i4", n).add(POINTERS, "<i8", n);
        Parts megatron = new Parts(start, 34)
                .add(SIZES, "<i4", n)
                .add(POINTERS, "<i8", n)
                .add(DOCUMENTS, "<i8", d);
        Parts modes = megatron.and("modes", "i1", n);
        Parts found = whole(start, n, fairseq, megatron, modes);
        return new TokenIndex(start, Byte.toUnsignedInt(fields.get(17)), -1, n, found == fairseq, found.parts);
    }

    private static TokenIndex cached(FixedHeader start, ByteBuffer fields) throws IOException {
        long n = fields.getLong(32);
        long s = fields.getLong(40);
        long d = fields.getLong(48);
        Parts fairseq = cached(new Parts(start, 48), n, s);
        Parts megatron = cached(new Parts(start, 56), n, s).add(DOCUMENTS, "<i8", d);
        Parts found = whole(start, n, fairseq, megatron);
        int code = (int) Math.max(Math.min(fields.getLong(16), Integer.MAX_VALUE), -1);
        return new TokenIndex(start, code, fields.getLong(24), n, found == fairseq, found.parts);
    }

    private static Parts cached(Parts parts, long n, long s) {
        return parts.add("dim_offsets", "<i8", n + 1)
                .add(POINTERS, "<i8", n + 1)
                .add(SIZES, "<i8", s);
    }

    /** The layout that ends with the file. */
    private static Parts whole(FixedHeader start, long n, Parts... layouts) throws IOException {
        long nbytes = start.input().fingerprint().nbytes();
        List<String> expected = new ArrayList<>();
        for (Parts layout : layouts) {
            if (layout.end == nbytes) {
                return layout;
            }
            if (layout.end >= 0) {
                expected.add(Long.toString(layout.end));
            }
        }
        throw start.refusal("its index declares " + n + " sequences, expected a length of "
                + (expected.isEmpty() ? "at most 2^63-1" : String.join(" or ", expected)) + " bytes, but the file has "
                + nbytes + "; it is truncated or still being written");
    }

    Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name.equals(name)).findFirst();
    }

    ArrayFile array(Part part) {
        return header.array(part.name, new Layout(part.dtype, Shape.of(part.count), Order.C, part.offset));
    }

    /**
     * The rows of its tokens.
     *
     * @param itemsize bytes of a token
     * @param rows sequences or documents
     * @throws IOException naming the file, when it lacks such rows, or its counts contradict each other
     */
    Sequences sequences(int itemsize, Sequences.Rows rows) throws IOException {
        Part sizes = part(SIZES).orElseThrow();
        Part pointers = part(POINTERS).orElseThrow();
        if (sizes.count != count) {
            throw header.refusal("it declares " + sizes.count + " lengths of axes for " + count
                    + " sequences, expected one of each; read its tokens without the option layout");
        }
        boolean mapped = pointers.count == count;
        return new Sequences(
                count,
                array(pointers),
                0,
                mapped ? itemsize : 1,
                array(sizes),
                rows == Sequences.Rows.DOCUMENTS ? array(documents()) : null);
    }

    private Part documents() throws IOException {
        Part documents = part(DOCUMENTS)
                .orElseThrow(() -> header.refusal("it is an index of fairseq, which has no documents, expected one of"
                        + " Megatron; use layout=sequences"));
        long first = documents.count == 0 ? 0 : item(DOCUMENTS, 0);
        long last = documents.count == 0 ? 0 : item(DOCUMENTS, documents.count - 1);
        if (first != 0 || last != count) {
            throw header.refusal("its documents begin with sequence " + first + " and end before sequence " + last
                    + ", expected 0 and " + count + ", the number of its sequences; use layout=sequences");
        }
        return documents;
    }

    /** An item of a part. */
    long item(String name, long index) throws IOException {
        Part part = part(name).orElseThrow();
        int itemsize = part.dtype.itemsize();
        ByteBuffer bytes = ByteBuffer.wrap(header.input().read(part.offset + index * itemsize, itemsize))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.capacity() < itemsize) {
            throw header.refusal("it became shorter while it was read");
        }
        return itemsize == Long.BYTES ? bytes.getLong() : bytes.getInt();
    }

    /** Arrays end to end. */
    private static final class Parts {
        private final FixedHeader start;
        private final List<Part> parts = new ArrayList<>();
        /** -1 where the counts leave the file by far. */
        private long end;

        Parts(FixedHeader start, long offset) {
            this.start = start;
            this.end = offset;
        }

        Parts add(String name, String dtype, long count) {
            Part part = new Part(name, DType.parse(dtype), end, count);
            boolean possible = end >= 0
                    && count >= 0
                    && count <= start.input().fingerprint().nbytes();
            end = possible ? part.end() : -1;
            parts.add(part);
            return this;
        }

        Parts and(String name, String dtype, long count) {
            Parts longer = new Parts(start, end);
            longer.parts.addAll(parts);
            return longer.add(name, dtype, count);
        }
    }
}
