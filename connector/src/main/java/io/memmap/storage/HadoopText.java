package io.memmap.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file, a JSON object, that is written in its place, where a rename does not replace it in one step. Unless it appears
 * when it is closed, a file beside it has the old text until the new one is whole: a writer that dies in between loses neither.
 * Driver side.
 */
record HadoopText(FileSystem fileSystem, Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopText.class);
    /** The end of an object, and of its line. */
    private static final int END_NBYTES = 2;

    private Path before() {
        return new Path(Storage.sibling(path.toString(), HiddenNames.BEFORE));
    }

    /** @throws IOException when the old text is there again, or none where there was none */
    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (HadoopStorage.appearsWhenClosed(fileSystem, path)) {
            put(path, bytes);
            return;
        }
        Path whole = whole();
        byte[] old = fileSystem.exists(whole) ? read(whole) : null;
        if (old == null) {
            fileSystem.delete(before(), false);
        } else if (old.length > 0 && whole.equals(path)) {
            put(before(), old);
        }
        try {
            put(path, bytes);
        } catch (IOException | RuntimeException e) {
            putBack(old, e);
            throw e;
        }
        forgetBefore();
    }

    /** The file that has the text: the one beside it where a writer died within its work. */
    Path whole() throws IOException {
        return isCut() && fileSystem.exists(before()) ? before() : path;
    }

    private boolean isCut() throws IOException {
        if (!fileSystem.exists(path)) {
            return false;
        }
        FileStatus status = fileSystem.getFileStatus(path);
        if (!status.isFile() || status.getLen() < END_NBYTES) {
            return status.isFile();
        }
        byte[] end = new byte[END_NBYTES];
        try (FSDataInputStream input = fileSystem.open(path)) {
            input.readFully(status.getLen() - END_NBYTES, end);
        }
        return !new String(end, StandardCharsets.ISO_8859_1).stripTrailing().endsWith("}");
    }

    private byte[] read(Path file) throws IOException {
        try (FSDataInputStream input = fileSystem.open(file)) {
            return input.readAllBytes();
        }
    }

    private void put(Path file, byte[] bytes) throws IOException {
        FSDataOutputStream output = HadoopOutput.create(fileSystem, file, true);
        try {
            output.write(bytes);
        } catch (IOException | RuntimeException e) {
            HadoopOutput.discard(fileSystem, file, output);
            throw e;
        }
        output.close();
    }

    private void putBack(byte[] old, Exception failure) {
        try {
            if (old == null) {
                fileSystem.delete(path, false);
            } else {
                put(path, old);
                forgetBefore();
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void forgetBefore() {
        try {
            fileSystem.delete(before(), false);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: is the old text, and is not needed any more", before(), GivenSecrets.hidden(e));
        }
    }
}
