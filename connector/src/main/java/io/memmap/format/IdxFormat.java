package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An IDX file, as those of MNIST: two zero bytes, the type, the number of axes, their lengths, and one array, all of it
 * big-endian.
 */
final class IdxFormat implements ArrayFormat {
    private static final Pattern NAME = Pattern.compile(".+[-.]idx\\d{1,2}-(?:u?byte|short|int|float|double)");
    private static final Map<Integer, String> DTYPES =
            Map.of(8, "u1", 9, "i1", 0xB, ">i2", 0xC, ">i4", 0xD, ">f4", 0xE, ">f8");
    private static final int AXES_OFFSET = 4;

    @Override
    public String name() {
        return "idx";
    }

    @Override
    public boolean hasName(String fileName) {
        return NAME.matcher(fileName).matches();
    }

    /** Four bytes such as 00 00 08 01 begin other files too, so the length must fit. */
    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        FileStart start = FileStart.of(prefix, fileNbytes);
        int ndim = start.u1(3);
        if (!resembles(prefix) || prefix.length < AXES_OFFSET + AXES_OFFSET * ndim) {
            return false;
        }
        // Beyond 2^63 a double is still far from the length of any file.
        double nbytes = DType.parse(DTYPES.get(start.u1(2))).itemsize();
        for (int axis = 0; axis < ndim; axis++) {
            nbytes *= start.u4(AXES_OFFSET + AXES_OFFSET * axis, ByteOrder.BIG_ENDIAN);
        }
        return nbytes == fileNbytes - AXES_OFFSET - 4.0 * ndim;
    }

    @Override
    public boolean resembles(byte[] prefix) {
        return prefix.length >= AXES_OFFSET
                && prefix[0] == 0
                && prefix[1] == 0
                && DTYPES.containsKey(prefix[2] & 0xFF)
                && prefix[3] >= 1
                && prefix[3] <= Shape.MAX_NDIM;
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        FixedHeader start = FixedHeader.of(this, input, reading, AXES_OFFSET);
        if (!resembles(start.bytes())) {
            throw start.refusal("it starts with the bytes " + start.hex(AXES_OFFSET)
                    + ", expected 00 00, one of 08 09 0b 0c 0d 0e for the type, and 1 to " + Shape.MAX_NDIM
                    + " axes as in every IDX file");
        }
        int ndim = start.bytes()[3];
        FixedHeader header = FixedHeader.of(this, input, reading, AXES_OFFSET + Integer.BYTES * ndim);
        long[] dims = new long[ndim];
        for (int axis = 0; axis < ndim; axis++) {
            dims[axis] = header.u4(AXES_OFFSET + Integer.BYTES * axis, ByteOrder.BIG_ENDIAN);
        }
        Layout layout = header.layout(DType.parse(DTYPES.get((int) start.bytes()[2])), header.bytes().length, dims);
        return List.of(Member.of(header.wholeFile(layout)));
    }
}
