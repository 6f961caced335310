package io.memmap.storage;

import io.memmap.format.Fingerprint;
import io.memmap.format.HiddenName;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;

/** Lists local directories, and the local files that a pattern matches. */
final class LocalListing {
    /** From here on threads for the stats are worth their start. */
    private static final int MANY_FILES = 256;

    private LocalListing() {}

    static List<StoredFile> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory) && Files.exists(directory)) {
            // A FIFO would be waited for.
            throw new IOException("Cannot read " + directory + ": it is no directory, expected one; move it away");
        }
        List<Path> children = children(directory);
        List<Optional<StoredFile>> found = children.size() < MANY_FILES
                ? children.stream().map(LocalListing::child).toList()
                : SideBySide.all("list " + directory, children, LocalListing::child);
        return found.stream().flatMap(Optional::stream).toList();
    }

    /**
     * Matches as Hadoop's own glob, but keeps broken links, so that an error can name them.
     *
     * @throws IOException naming a match that this JVM cannot spell
     */
    static List<String> glob(Storage storage, String pattern) throws IOException {
        List<String> matches = new ArrayList<>();
        for (String expanded : GlobExpander.expand(pattern)) {
            org.apache.hadoop.fs.Path names = new org.apache.hadoop.fs.Path(expanded);
            boolean hidden = !PathPattern.isPossible(names.getName());
            for (Path match : matches(storage, names)) {
                String path = "file:" + match;
                boolean shown = hidden || !HiddenName.isHidden(LocalStorage.name(match));
                if (shown && !PathPattern.isInHiddenDirectory(path, expanded)) {
                    if (!LocalPath.isSpelled(match)) {
                        throw LocalPath.unspelled(path);
                    }
                    matches.add(path);
                }
            }
        }
        return matches;
    }

    /** Finds matches of one pattern without braces, hidden ones too. */
    private static List<Path> matches(Storage storage, org.apache.hadoop.fs.Path pattern) throws IOException {
        org.apache.hadoop.fs.Path above = pattern.getParent();
        List<Path> directories = above == null || storage.exists(above.toString())
                ? List.of(LocalStorage.local(above == null ? "/" : above.toString()))
                : matches(storage, above);
        List<Path> matches = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                matches.addAll(children(directory, pattern.getName()));
            }
        }
        return matches;
    }

    /** Asks for a plain name alone, as the directory may be one that cannot be listed. */
    private static List<Path> children(Path directory, String names) throws IOException {
        if (!PathPattern.isPossible(names)) {
            Path child = directory.resolve(LocalPath.of(names));
            return Files.exists(child, LinkOption.NOFOLLOW_LINKS) ? List.of(child) : List.of();
        }
        GlobFilter filter = new GlobFilter(names);
        return children(directory).stream()
                .filter(child -> filter.accept(new org.apache.hadoop.fs.Path("/" + LocalStorage.name(child))))
                .toList();
    }

    /**
     * The children of a directory, in no order.
     *
     * @throws IOException also when the directory was opened and cannot be read to its end
     */
    static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Lists broken links, FIFOs, what cannot be looked at and names that this JVM cannot spell: most of them are no data.
     * Empty for a file that was deleted since its directory was read. Asks by the path itself, as its text may be another's.
     */
    private static Optional<StoredFile> child(Path child) {
        String name = LocalStorage.name(child);
        String path = "file:" + child;
        StoredFile unknown = new StoredFile(path, name, false, null);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (HiddenName.isHidden(name)) {
                return Optional.of(new StoredFile(path, name, found.isDirectory(), null));
            }
            if (found.isSymbolicLink()) {
                found = Files.readAttributes(child, BasicFileAttributes.class);
            }
            if (found.isOther()) {
                return Optional.of(unknown);
            }
            Fingerprint state = LocalPath.isSpelled(child) ? LocalStorage.fingerprint(found, found.size()) : null;
            return Optional.of(new StoredFile(path, name, found.isDirectory(), state));
        } catch (NoSuchFileException e) {
            return HiddenName.isHidden(name) || Files.isSymbolicLink(child) ? Optional.of(unknown) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(unknown);
        }
    }
}
