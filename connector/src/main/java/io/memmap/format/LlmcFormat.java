package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A token file of llm.c and its kin: a header of 256 integers, which are a magic, a version and the number of tokens, and
 * then the tokens, of 2 or 4 bytes by the magic.
 */
final class LlmcFormat implements ArrayFormat {
    private static final int HEADER_NBYTES = 1024;
    private static final int U2_MAGIC = 20240520;
    private static final int U2_VERSION = 1;
    private static final int U4_MAGIC = 20240801;
    private static final int U4_VERSION = 7;

    @Override
    public String name() {
        return "llmc";
    }

    /** Their suffix is {@code .bin}, as that of any raw file. */
    @Override
    public boolean hasName(String fileName) {
        return false;
    }

    /** With another length it may be an array of numbers, if a dtype is given. */
    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        FileStart start = FileStart.of(prefix, fileNbytes);
        String dtype = dtype(start.u4(0), start.u4(4));
        return dtype != null
                && fileNbytes
                        == HEADER_NBYTES + start.u4(8) * DType.parse(dtype).itemsize();
    }

    @Override
    public boolean resembles(byte[] prefix) {
        FileStart start = FileStart.of(prefix, prefix.length);
        return dtype(start.u4(0), start.u4(4)) != null;
    }

    private static String dtype(long magic, long version) {
        if (magic == U2_MAGIC && version == U2_VERSION) {
            return "<u2";
        }
        return magic == U4_MAGIC && version == U4_VERSION ? "<u4" : null;
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        FixedHeader header = FixedHeader.of(this, input, reading, HEADER_NBYTES);
        ByteBuffer fields = header.buffer(ByteOrder.LITTLE_ENDIAN);
        int magic = fields.getInt(0);
        int version = fields.getInt(4);
        int count = fields.getInt(8);
        String dtype = dtype(magic, version);
        if (dtype == null) {
            throw header.refusal("it starts with the magic " + magic + " and version " + version + ", expected "
                    + U2_MAGIC + " and " + U2_VERSION + ", or " + U4_MAGIC + " and " + U4_VERSION
                    + " as in every token file of llm.c");
        }
        if (count < 0) {
            throw header.refusal("its llmc header declares " + count + " tokens, expected 0 or more");
        }
        Layout layout = header.layout(DType.parse(dtype), HEADER_NBYTES, count);
        return List.of(Member.of(header.wholeFile(layout)));
    }
}
