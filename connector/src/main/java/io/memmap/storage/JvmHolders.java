package io.memmap.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Properties;

/**
 * The local locks that this JVM holds. They are in the system properties, as the connector may be loaded more than once: POSIX
 * drops a process's locks on a file as soon as the process closes any descriptor of it, so no code in the JVM may open a
 * lock file that the JVM holds. Thread-safe.
 */
final class JvmHolders {
    private static final String PREFIX = "io.memmap.lock.";

    private JvmHolders() {}

    /** The key of a lock file: the same for all paths to it. */
    static String key(Path lock) throws IOException {
        Path home = lock.getParent();
        Object directory = Files.readAttributes(home, BasicFileAttributes.class).fileKey();
        return PREFIX + (directory == null ? home.toRealPath() : directory) + "/" + lock.getFileName();
    }

    /** Enters a holder; the text of the one that is there, or null where there was none. */
    static String enter(String key, String text) {
        return (String) properties().putIfAbsent(key, text);
    }

    /** Enters a holder in place of another one; false where that one has left, or a third took its place. */
    static boolean replace(String key, String old, String text) {
        return properties().replace(key, old, text);
    }

    /** The text of the holder; null where there is none. */
    static String find(String key) {
        return properties().getProperty(key);
    }

    /** Removes a holder, unless another one took its place. */
    static void leave(String key, String text) {
        properties().remove(key, text);
    }

    private static Properties properties() {
        return System.getProperties();
    }
}
