package io.memmap.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Paths of this machine: which texts are some, whose files they lead to, and who may write to them. */
public final class LocalPath {
    /** The sticky bit marks a directory where each user may remove only files of their own. */
    private static final int STICKY = 01000;

    private LocalPath() {}

    /**
     * Reads a path as the system spells it.
     *
     * @throws IllegalArgumentException for a text that can be no path, such as one with a NUL character
     */
    public static Path of(String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            int nul = path.indexOf(0);
            throw new IllegalArgumentException(
                    "Cannot use '" + path.replace("\0", "\\0") + "' as a path: "
                            + (nul >= 0
                                    ? "character " + nul
                                            + " is NUL, which no file name can have, expected none; correct"
                                            + " the path"
                                    : "the encoding of file names here, " + System.getProperty("sun.jnu.encoding")
                                            + ", has not all of its characters, expected one that has; start Java with"
                                            + " LC_ALL=C.UTF-8"),
                    e);
        }
    }

    /** Returns true if the text of a path leads back to it; Java shows the bytes of a name that are no text as U+FFFD. */
    public static boolean isSpelled(Path path) {
        String text = path.toString();
        try {
            return text.indexOf('\uFFFD') < 0 || Path.of(text).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The refusal of a path whose text leads elsewhere. */
    public static IOException unspelled(String path) {
        return new IOException("Cannot read " + path + ": the encoding of file names here, "
                + System.getProperty("sun.jnu.encoding")
                + ", has no text for its name, expected one that has; rename it,"
                + " or start Java with LC_ALL=C.UTF-8");
    }

    /** The number of names of a file, which are its hard links; 1 where the file system counts none. */
    public static int nameCount(Path file) throws IOException {
        return hasUnixAttributes(file) ? (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) : 1;
    }

    private static boolean hasUnixAttributes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /**
     * Returns true if a file is in a directory where all users put files, and belongs to another user than a second path.
     *
     * @param own the second path; if it does not exist, this user would make it
     */
    public static boolean isForeign(Path file, Path own) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !isSticky(file.getParent())) {
            return false;
        }
        UserPrincipal owner =
                Files.exists(own, LinkOption.NOFOLLOW_LINKS) ? Files.getOwner(own, LinkOption.NOFOLLOW_LINKS) : user();
        return !Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner);
    }

    private static boolean isSticky(Path directory) throws IOException {
        return hasUnixAttributes(directory) && ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
    }

    /**
     * Returns true if the owner of a file may write to another one, so that its contents may speak of that one: otherwise any
     * user of a directory could.
     *
     * @param path of the file; no link is followed
     */
    public static boolean mayWrite(UserPrincipal owner, Path path, PosixFileAttributes target) throws IOException {
        Set<PosixFilePermission> mode = target.permissions();
        return owner.equals(target.owner())
                || mode.contains(PosixFilePermission.GROUP_WRITE)
                || mode.contains(PosixFilePermission.OTHERS_WRITE)
                || Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(0);
    }

    /** The user that new files of this process belong to. */
    public static UserPrincipal user() throws IOException {
        Path own = Files.createTempFile("memmap-", ".user");
        try {
            return Files.getOwner(own);
        } finally {
            Files.delete(own);
        }
    }
}
