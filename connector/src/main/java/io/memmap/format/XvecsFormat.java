package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of vectors of faiss and the TEXMEX corpora: rows of a length and as many items, read as records of {@code dim} and
 * {@code vector}. The suffix has the dtype: {@code .fvecs}, {@code .ivecs} or {@code .bvecs}.
 */
final class XvecsFormat implements ArrayFormat {
    private static final Pattern NAME = Pattern.compile(".+\\.(fvecs|ivecs|bvecs)");
    private static final Map<String, String> DTYPES = Map.of("fvecs", "<f4", "ivecs", "<i4", "bvecs", "u1");
    private static final int DIM_NBYTES = Integer.BYTES;
    /** The rows of smaller files are checked when the file is described, by one read. */
    private static final int CHECKED_NBYTES = 1 << 20;

    @Override
    public String name() {
        return "xvecs";
    }

    @Override
    public boolean hasName(String fileName) {
        return NAME.matcher(fileName).matches();
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        Matcher name = NAME.matcher(input.name());
        FixedHeader header = FixedHeader.of(this, input, reading, DIM_NBYTES);
        if (!name.matches()) {
            throw header.refusal(
                    "its name does not say the dtype of its vectors, expected one that ends in .fvecs, .ivecs"
                            + " or .bvecs; rename it, or read it by container=raw and a record dtype such as"
                            + " [('dim', '<i4'), ('vector', '<f4', (128,))]");
        }
        DType item = DType.parse(DTYPES.get(name.group(1)));
        long dim = header.buffer(ByteOrder.LITTLE_ENDIAN).getInt(0);
        long rowNbytes = DIM_NBYTES + dim * item.itemsize();
        long nbytes = input.fingerprint().nbytes();
        if (dim < 1 || rowNbytes > Integer.MAX_VALUE) {
            String remedy = remedy(input, item);
            throw header.refusal("its first row declares " + dim + " items of " + item + ", expected 1 or more, in less"
                    + " than 2^31 bytes" + (remedy.isEmpty() ? "; it is no ." + name.group(1) + " file" : remedy));
        }
        if (nbytes % rowNbytes != 0) {
            throw header.refusal("its first row declares " + dim + " items of " + item + " and so has " + rowNbytes
                    + " bytes, expected a multiple of them, but the file has " + nbytes
                    + "; it is truncated or still being written, or its rows differ in length" + remedy(input, item));
        }
        DType record = DType.parse("[('dim', '<i4'), ('vector', '" + item + "', (" + dim + ",))]");
        Layout layout = header.layout(record, 0, nbytes / rowNbytes);
        checkRows(header, layout, dim, item);
        return List.of(Member.of(header.array("", layout).repeatingHeader()));
    }

    /** A file of other lengths may divide by chance. Tasks check the rows that they read. */
    private static void checkRows(FixedHeader header, Layout layout, long dim, DType item) throws IOException {
        int rowNbytes = layout.dtype().itemsize();
        boolean all = layout.nbytes() <= CHECKED_NBYTES;
        long first = all ? 0 : layout.rowCount() - 1;
        ByteBuffer rows = ByteBuffer.wrap(
                        header.input().read(first * rowNbytes, all ? (int) layout.nbytes() : DIM_NBYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int position = 0; position <= rows.capacity() - DIM_NBYTES; position += rowNbytes) {
            if (rows.getInt(position) != dim) {
                throw header.refusal("row " + (first + position / rowNbytes) + " declares " + rows.getInt(position)
                        + " items, expected " + dim + " as in row 0; rows of several lengths are no array"
                        + remedy(header.input(), item));
            }
        }
    }

    /** The two kinds of files are often confused: both begin with a length. */
    private static String remedy(FormatInput input, DType item) throws IOException {
        ByteBuffer prefix = ByteBuffer.wrap(input.prefix()).order(ByteOrder.LITTLE_ENDIAN);
        long nbytes = input.fingerprint().nbytes();
        boolean xbin = prefix.capacity() >= 2 * DIM_NBYTES
                && nbytes - 2 * DIM_NBYTES
                        == (double) Integer.toUnsignedLong(prefix.getInt(0))
                                * Integer.toUnsignedLong(prefix.getInt(DIM_NBYTES))
                                * item.itemsize();
        return xbin ? "; set container=xbin and dtype='" + item + "': it has the length of an .fbin file" : "";
    }
}
