package io.memmap.storage;

import io.memmap.format.ArrayFormats;
import io.memmap.format.HiddenName;
import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Sidecar;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attributes of a local file: owner, group, mode, ACL and {@code user.*} attributes. A file that replaces another
 * one takes all of them over. A new sidecar takes owner, group and mode of its array, a new shard those of the manifest of
 * its directory, a first manifest those of a shard; in a directory such as {@code /tmp} only if this user made that file.
 * Other new files are as the umask has them.
 */
final class FileIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(FileIdentity.class);
    private static final String UID = "unix:uid";
    private static final String GID = "unix:gid";

    private static final Map<PosixFilePermission, PosixFilePermission> OF_OTHERS = Map.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private FileIdentity() {}

    /**
     * Gives a finished file the identity that its name has, before it is moved there.
     *
     * @throws IOException when an attribute that can be read cannot be written
     */
    static void keep(Path file, Path target) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            copy(target, file, true);
            return;
        }
        Path model = model(target);
        if (model != null && !LocalPath.isForeign(model, file)) {
            copy(model, file, false);
        }
    }

    /** The file whose owner, group and mode a new file of a name takes over; null where there is none. */
    private static Path model(Path target) throws IOException {
        String name = target.getFileName().toString();
        Path home = target.getParent();
        if (name.startsWith(".") || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (name.equals(Manifest.NAME)) {
            return firstArray(home);
        }
        Path array = Sidecar.isSidecar(name) ? home.resolve(Sidecar.arrayOf(name)) : null;
        if (array != null && Files.isRegularFile(array, LinkOption.NOFOLLOW_LINKS)) {
            return array;
        }
        Path manifest = home.resolve(Manifest.NAME);
        return Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS) ? manifest : null;
    }

    /** The first file that a directory without a manifest has as an array: of the .npy files, else of those with a sidecar. */
    private static Path firstArray(Path home) throws IOException {
        Path named = first(home, name -> ArrayFormats.builtIn().ofName(name).isPresent());
        return named != null
                ? named
                : first(
                        home,
                        name -> !Sidecar.isSidecar(name)
                                && Files.isRegularFile(home.resolve(Sidecar.pathOf(name)), LinkOption.NOFOLLOW_LINKS));
    }

    private static Path first(Path home, Predicate<String> isArray) throws IOException {
        return LocalListing.children(home).stream()
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .map(file -> file.getFileName().toString())
                .filter(name -> !HiddenName.isHidden(name) && isArray.test(name))
                .min(NaturalOrder.NATURAL_ORDER)
                .map(home::resolve)
                .orElse(null);
    }

    private static void copy(Path from, Path to, boolean all) throws IOException {
        PosixFileAttributes old;
        try {
            old = Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException | UnsupportedOperationException e) {
            return;
        }
        PosixFileAttributes now = Files.readAttributes(to, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // Open before the mode may forbid it: what is changed is flushed, as the name is, that it gets.
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            boolean changed = all && copyUserAttributes(from, to);
            boolean group = old.group().equals(now.group());
            if (!old.owner().equals(now.owner()) || !group) {
                group |= give(to, GID, from);
                changed |= group;
                changed |= give(to, UID, from);
            }
            Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
            mode.addAll(old.permissions());
            boolean acl = false;
            if (hasGroupOnlyRights(mode) && AccessList.isOnAny(from, to)) {
                acl = group && AccessList.copy(from, to);
                group &= acl;
            }
            if (!group) {
                // Another group, or one whose rights an ACL held, gets no more than all others have.
                mode.removeIf(right -> isGroupOnly(right, mode));
            }
            if (!acl && !mode.equals(now.permissions())) {
                Files.setPosixFilePermissions(to, mode);
                changed = true;
            }
            if (changed || acl) {
                channel.force(true);
            }
        }
    }

    /** Returns true if the owner or group of a file could be set. */
    private static boolean give(Path to, String id, Path from) throws IOException {
        Object old = Files.getAttribute(from, id, LinkOption.NOFOLLOW_LINKS);
        if (Files.getAttribute(to, id, LinkOption.NOFOLLOW_LINKS).equals(old)) {
            return true;
        }
        try {
            Files.setAttribute(to, id, old, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (FileSystemException e) {
            LOG.debug("{}: its {} {} is not this process's to give", from, id, old);
            return false;
        }
    }

    /** Returns true if the bits of the group, of which an ACL makes its mask, give more than others have. */
    private static boolean hasGroupOnlyRights(Set<PosixFilePermission> mode) {
        return mode.stream().anyMatch(right -> isGroupOnly(right, mode));
    }

    private static boolean isGroupOnly(PosixFilePermission right, Set<PosixFilePermission> mode) {
        return OF_OTHERS.containsKey(right) && !mode.contains(OF_OTHERS.get(right));
    }

    private static boolean copyUserAttributes(Path from, Path to) throws IOException {
        UserDefinedFileAttributeView old =
                Files.getFileAttributeView(from, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        List<String> names;
        try {
            names = old == null ? List.of() : new ArrayList<>(old.list());
        } catch (FileSystemException e) {
            // A file system without them, or a file that this process may not read.
            return false;
        }
        for (String name : names) {
            ByteBuffer value = ByteBuffer.allocate(old.size(name));
            old.read(name, value);
            Files.getFileAttributeView(to, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .write(name, value.flip());
        }
        return !names.isEmpty();
    }

    /** The ACL of a file, which Java cannot see: by the commands of the system, where they are installed. */
    static final class AccessList {
        private static final int MODE_LENGTH = "-rw-rw----".length();

        /** Returns false if {@code ls} says that neither file has an ACL: a new one may have that of its directory. */
        static boolean isOnAny(Path old, Path now) {
            String lines = run("", "ls", "-ldq", "--", old.toString(), now.toString());
            return lines == null
                    || lines.lines().anyMatch(line -> line.length() > MODE_LENGTH && line.charAt(MODE_LENGTH) == '+');
        }

        /** Returns true if the ACL, of which the mode is a part, was copied. */
        static boolean copy(Path from, Path to) {
            String text = run("", "getfacl", "--absolute-names", "--omit-header", "--numeric", "--", from.toString());
            boolean copied = text != null && run(text, "setfacl", "--set-file=-", "--", to.toString()) != null;
            if (!copied) {
                LOG.warn(
                        "{}: its ACL cannot be kept without getfacl and setfacl; its group loses what others lack",
                        from);
            }
            return copied;
        }

        /** The output of a command; null where it cannot be run or fails, also before it has read its input. */
        static String run(String input, String... command) {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            try {
                Process process = builder.start();
                try (var sink = process.getOutputStream()) {
                    sink.write(input.getBytes(StandardCharsets.UTF_8));
                }
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return process.onExit().join().exitValue() == 0 ? output : null;
            } catch (IOException e) {
                return null;
            }
        }
    }
}
