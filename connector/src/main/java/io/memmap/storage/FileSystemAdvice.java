package io.memmap.storage;

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
        return message.startsWith("No FileSystem") || message.contains("ClassNotFoundException")
                ? "; expected the jar of this file system, such as hadoop-aws for s3a; add it with --packages or --jars"
                : "";
    }
}
