package io.memmap.storage;

import io.memmap.format.Crc32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** A file without a head whose CRC-32 is counted while it is written, from the memory that holds the bytes anyway. */
public final class CheckedOutput implements FileOutput {
    private final FileOutput file;
    private final CRC32 sum = new CRC32();

    public CheckedOutput(FileOutput file) {
        this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        sum.update(bytes.duplicate());
        file.write(bytes);
    }

    @Override
    public long nbytes() {
        return file.nbytes();
    }

    @Override
    public void rest() throws IOException {
        file.rest();
    }

    @Override
    public void seal(byte[] head) throws IOException {
        file.seal(head);
    }

    @Override
    public void complete() throws IOException {
        file.complete();
    }

    @Override
    public Crc32 crc() {
        return new Crc32((int) sum.getValue(), nbytes());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
