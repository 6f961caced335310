package io.memmap.examples;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ArrayFormat;
import io.memmap.format.FormatInput;
import io.memmap.format.Member;
import io.memmap.format.Origin;
import io.memmap.format.Reading;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A container of one's own: binary STL, a mesh of triangles. 80 bytes of any text are followed by the number of triangles and
 * a record for each. {@code META-INF/services/io.memmap.format.ArrayFormat} in the jar names this class; then
 * {@code spark.read.format("memmap").load("mesh.stl")} needs no option.
 */
public final class StlFormat implements ArrayFormat {
    private static final int COUNT_OFFSET = 80;
    private static final int HEADER_NBYTES = COUNT_OFFSET + Integer.BYTES;
    private static final DType TRIANGLE =
            DType.parse("[('normal', '<f4', (3,)), ('vertices', '<f4', (3, 3)), ('attribute', '<u2')]");

    @Override
    public String name() {
        return "stl";
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(".stl");
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        long fileNbytes = input.fingerprint().nbytes();
        ByteBuffer header = ByteBuffer.wrap(input.read(0, HEADER_NBYTES)).order(ByteOrder.LITTLE_ENDIAN);
        long triangles = header.capacity() < HEADER_NBYTES ? 0 : Integer.toUnsignedLong(header.getInt(COUNT_OFFSET));
        Layout layout = new Layout(TRIANGLE, Shape.of(triangles), Order.C, HEADER_NBYTES);
        // Some programs write more after the triangles.
        if (fileNbytes < layout.end()) {
            throw new IOException("Cannot read " + input.path() + ": " + triangles + " triangles end at byte "
                    + layout.end() + ", but the file has " + fileNbytes + "; it is truncated, or an STL file of text");
        }
        return List.of(
                Member.of(new ArrayFile(input.path(), input.fingerprint(), "", layout, Origin.stored(this, "", 0))));
    }
}
