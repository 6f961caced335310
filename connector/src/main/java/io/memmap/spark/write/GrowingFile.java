package io.memmap.spark.write;

import io.memmap.format.ArrayFile;
import io.memmap.format.NpyHeader;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.storage.Storage;
import java.io.IOException;

/** The bytes around the array of a file, which appended rows, or other rows in its place, would overwrite. Driver side. */
final class GrowingFile {
    private GrowingFile() {}

    /**
     * Checks that rows can be appended to a file.
     *
     * @throws IOException when they cannot
     */
    static void checkAppend(String path, Storage storage, ArrayFile file) throws IOException {
        Layout now = file.layout();
        if (now.order() == Order.F || now.shape().ndim() == 0) {
            throw new IOException("Cannot append to " + path + ": its shape is " + now.shape() + " in order "
                    + now.order() + ", expected order C and at least one axis: only such arrays can grow in place; "
                    + "overwrite it with all rows");
        }
        checkNothingBehind("append to " + path, storage, file);
        grownHeader(path, file, now.rowCount() + 1);
    }

    /** The bytes after the rows would be lost: further arrays that NumPy saved, a pickle, the rest of a file. */
    private static void checkNothingBehind(String what, Storage storage, ArrayFile file) throws IOException {
        long end = file.layout().end();
        if (file.trailingNbytes() == 0) {
            return;
        }
        boolean array =
                !file.header().isEmpty() && NpyHeader.hasMagic(storage.read(file.path(), end, NpyHeader.PREFIX_NBYTES));
        throw new IOException(
                "Cannot " + what + ": "
                        + (array
                                ? "another array begins at byte " + end + ", where its rows end"
                                : file.trailingNbytes() + " bytes follow its rows from byte " + end + " on")
                        + ", expected nothing; they would be lost. Save what follows to a file of its own, or cut the file there");
    }

    /** The header for so many rows, which must fit in the place of the old one; empty if there is none. */
    static byte[] grownHeader(String path, ArrayFile file, long rows) throws IOException {
        if (file.header().isEmpty()) {
            return new byte[0];
        }
        Layout now = file.layout();
        byte[] header = NpyHeader.write(now.dtype(), now.shape().withRows(rows), now.order());
        if (header.length != file.header().length()) {
            throw new IOException("Cannot append to " + path + ": its header of "
                    + file.header().length() + " bytes has no room for shape "
                    + now.shape().withRows(rows) + ", expected " + header.length
                    + " bytes as NumPy writes it since 1.23; overwrite it once, or append to a directory of shards");
        }
        return header;
    }

    /** The bytes of a file that are not its array's would be lost with it. */
    static void checkNothingBesides(WriteTarget target, Storage storage, ArrayFile file) throws IOException {
        String path = target.file() ? target.path() : target.path() + "/" + Storage.name(file.path());
        if (file.header().isEmpty() && file.layout().offset() > 0) {
            throw new IOException("Cannot overwrite " + path + ": its array starts at byte "
                    + file.layout().offset() + ", expected 0; the bytes before it would be lost");
        }
        checkNothingBehind("overwrite " + path, storage, file);
    }
}
