package io.memmap.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file, of which more than a limit are an error. */
final class LimitedInput extends FilterInputStream {
    private final String path;
    private final long limit;
    private long read;

    LimitedInput(InputStream in, String path, long limit) {
        super(in);
        this.path = path;
        this.limit = limit;
    }

    static IOException tooLong(String path, String nbytes, long limit) {
        return new IOException("Cannot read " + path + ": it has " + nbytes + " bytes, expected at most " + limit);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        read += Math.max(0, count);
        if (read > limit) {
            throw tooLong(path, "more than " + limit, limit);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        throw new UnsupportedOperationException("Cannot skip bytes of " + path);
    }
}
