package io.memmap.storage;

import java.io.IOException;
import java.util.Objects;

/** The advice about a path whose file system has no class here: its jar is not that of Hadoop. */
final class FileSystemAdvice {
    private FileSystemAdvice() {}

    /** Empty for any other cause. */
    static String of(String path, Exception cause) {
        String message = Objects.toString(cause.getMessage(), "");
        if (path.startsWith("s3:") && message.startsWith("No FileSystem")) {
            return "; expected a scheme that Hadoop knows, as in s3a" + path.substring(2);
        }
        // The I/O errors of a file system that is there may name classes of its own.
        boolean noClass = !(cause instanceof IOException) && message.contains("ClassNotFoundException");
        return message.startsWith("No FileSystem") || noClass
                ? "; expected the jar of this file system, such as hadoop-aws for s3a; add it with --packages or --jars"
                : "";
    }
}
