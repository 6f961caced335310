package io.memmap.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A small file that is written in its place, where a rename does not replace it in one step. Driver side. */
record HadoopText(FileSystem fileSystem, Path path) {

    /** @throws IOException when the old text is there again, or none where there was none */
    void write(String text) throws IOException {
        boolean whole = HadoopStorage.appearsWhenClosed(fileSystem, path);
        byte[] before = whole || !fileSystem.exists(path) ? null : read();
        try {
            put(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            if (!whole) {
                putBack(before, e);
            }
            throw e;
        }
    }

    private byte[] read() throws IOException {
        try (FSDataInputStream input = fileSystem.open(path)) {
            return input.readAllBytes();
        }
    }

    private void put(byte[] bytes) throws IOException {
        FSDataOutputStream output = HadoopOutput.create(fileSystem, path, true);
        try {
            output.write(bytes);
        } catch (IOException | RuntimeException e) {
            HadoopOutput.discard(fileSystem, path, output);
            throw e;
        }
        output.close();
    }

    private void putBack(byte[] before, Exception failure) {
        try {
            if (before == null) {
                fileSystem.delete(path, false);
            } else {
                put(before);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
