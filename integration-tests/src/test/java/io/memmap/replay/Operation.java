package io.memmap.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file operation that was done.
 *
 * @param number where bytes were written, a new length, or a mode
 * @param mtime of the file behind it, in nanoseconds
 * @param inode of the file, 0 where the operation is not about an open one
 * @param path below the root
 * @param other the second name of a rename or link, the text of a symbolic link
 */
record Operation(What what, long number, long mtime, long inode, String path, String other, byte[] data) {

    /** The names in the log, in lower case. */
    enum What {
        MARK,
        CREATE,
        WRITE,
        TRUNCATE,
        ALLOCATE,
        SYNC,
        ATTRIBUTES,
        MKDIR,
        RENAME,
        LINK,
        SYMLINK,
        UNLINK,
        RMDIR
    }

    private static final int FIELDS = 7;

    static List<Operation> parse(Path log) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        List<Operation> operations = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (bytes[end] != '\n') {
                end++;
            }
            String[] fields = new String(bytes, at, end - at, StandardCharsets.US_ASCII).split(" ");
            if (fields.length != FIELDS) {
                throw new IOException("Cannot read " + log + ": byte " + at + " begins no operation");
            }
            int path = end + 1;
            int other = path + Integer.parseInt(fields[4]);
            int data = other + Integer.parseInt(fields[5]);
            at = data + Integer.parseInt(fields[6]);
            operations.add(new Operation(
                    What.valueOf(fields[0].toUpperCase(java.util.Locale.ROOT)),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseUnsignedLong(fields[3]),
                    text(bytes, path, other),
                    text(bytes, other, data),
                    Arrays.copyOfRange(bytes, data, at)));
            at++;
        }
        return operations;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Puts a mark between the operations in a log. */
    static void mark(Path log, String text) throws IOException {
        byte[] path = text.getBytes(StandardCharsets.UTF_8);
        String line = "mark 0 0 0 " + path.length + " 0 0\n" + text + "\n";
        Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The same write, of its first bytes only. */
    Operation cut(int nbytes) {
        return new Operation(what, number, mtime, inode, path, other, Arrays.copyOf(data, nbytes));
    }

    @Override
    public String toString() {
        return what.name().toLowerCase(java.util.Locale.ROOT) + " " + path + (other.isEmpty() ? "" : " -> " + other)
                + (what == What.WRITE ? " [" + number + ", " + (number + data.length) + ")" : "")
                + (what == What.TRUNCATE ? " to " + number : "");
    }
}
