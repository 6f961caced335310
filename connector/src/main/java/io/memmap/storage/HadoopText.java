package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file, JSON, that is written in its place, where a rename does not replace it in one step. Unless it appears when it
 * is closed, a file beside it has the old text until the new one is whole: a writer that dies in between loses neither.
 * Driver side.
 */
record HadoopText(FileSystem fileSystem, Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopText.class);

    /** A text that is cut each time has no writer. */
    private static final int MAX_LOOKS = 3;

    /** A way to read a text. */
    interface Read {
        String of(String path) throws IOException;
    }

    /** Reads a text, or the old one while the new one is cut. */
    static String whole(String path, Read read) throws IOException {
        String text = read.of(path);
        for (int i = 0; i < MAX_LOOKS && !isWhole(text); i++) {
            try {
                return read.of(before(path));
            } catch (FileNotFoundException e) {
                // Its writer has finished meanwhile, or it has none.
                text = read.of(path);
            }
        }
        return text;
    }

    private static String before(String path) {
        return Storage.sibling(path, HiddenNames.BEFORE);
    }

    /** Returns false for a text of which only the beginning was written. */
    private static boolean isWhole(String text) {
        try {
            Literal.parseJson(text);
            return true;
        } catch (LiteralException e) {
            return false;
        }
    }

    private Path before() {
        return new Path(before(path.toString()));
    }

    /** @throws IOException when the old text is there again, or none where there was none */
    void write(String text) throws IOException {
        if (HadoopStorage.appearsWhenClosed(fileSystem, path)) {
            put(path, text);
            return;
        }
        String old = keep();
        try {
            put(path, text);
        } catch (IOException | RuntimeException e) {
            putBack(old, e);
            throw e;
        }
        forgetBefore();
    }

    /** Sees to it that the old text is in the file beside, and returns it; null for none. */
    private String keep() throws IOException {
        if (!fileSystem.exists(path)) {
            fileSystem.delete(before(), false);
            return null;
        }
        String found = read(path);
        if (isWhole(found)) {
            put(before(), found);
        } else if (fileSystem.exists(before())) {
            return read(before());
        }
        return found;
    }

    private String read(Path file) throws IOException {
        try (FSDataInputStream input = fileSystem.open(file)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void put(Path file, String text) throws IOException {
        FSDataOutputStream output = HadoopOutput.create(fileSystem, file, true);
        try {
            output.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            HadoopOutput.discard(fileSystem, file, output, e);
            throw e;
        }
        output.close();
    }

    private void putBack(String old, Exception failure) {
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
