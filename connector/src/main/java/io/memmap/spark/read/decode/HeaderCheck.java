package io.memmap.spark.read.decode;

import io.memmap.format.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Checks that each row begins with the header of its file, a little-endian i4: rows of several lengths may have the length of
 * an array by chance. Produces no column.
 */
final class HeaderCheck extends ColumnDecoder {
    private final int expected;
    private int badRow;
    private int found;

    HeaderCheck(ByteString header) {
        this.expected = header.buffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Override
    void begin(long start, int count) {
        badRow = -1;
    }

    @Override
    OptionalLong plane() {
        return OptionalLong.of(0);
    }

    @Override
    int hi() {
        return Integer.BYTES;
    }

    @Override
    void decode(ByteBuffer source, int position, int stride, int rows, long plane) {
        ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows && badRow < 0; row++) {
            found = bytes.getInt(position + row * stride);
            badRow = found == expected ? -1 : row;
        }
    }

    @Override
    void finish(int count) {
        if (badRow >= 0) {
            throw new BadValueException(
                    badRow,
                    "it is " + found + ", expected " + expected + " as in row 0; rows of several lengths are no array");
        }
    }

    @Override
    ColumnVector vector() {
        throw new IllegalStateException("Cannot read a column of what is only checked");
    }
}
