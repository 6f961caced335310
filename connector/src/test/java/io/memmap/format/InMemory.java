package io.memmap.format;

/**
 * A file in the heap, after a number of zero bytes that are not there.
 *
 * @param before their number
 */
record InMemory(String path, byte[] bytes, long before) implements FormatInput {
    InMemory(String path, byte[] bytes) {
        this(path, bytes, 0);
    }

    @Override
    public Fingerprint fingerprint() {
        return new Fingerprint("", before + bytes.length, 0);
    }

    @Override
    public byte[] prefix() {
        return read(0, PREFIX_NBYTES);
    }

    @Override
    public byte[] read(long offset, int nbytes) {
        long end = Math.min(before + bytes.length, offset + nbytes);
        byte[] read = new byte[(int) (end - offset)];
        if (end > before) {
            int start = (int) Math.max(0, offset - before);
            System.arraycopy(bytes, start, read, (int) (before + start - offset), (int) (end - before) - start);
        }
        return read;
    }
}
