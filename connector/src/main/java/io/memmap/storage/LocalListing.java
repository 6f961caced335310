package io.memmap.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.GlobFilter;

/** Lists local directories, and the local files that a pattern matches. */
final class LocalListing {
    /** From here on threads for the stats are worth their start. */
    private static final int MANY_FILES = 256;

    private LocalListing() {}

    static List<StoredFile> list(Path directory) throws IOException {
        List<Path> children;
        try (Stream<Path> names = Files.list(directory)) {
            children = names.toList();
        }
        List<Optional<StoredFile>> found = new ArrayList<>();
        if (children.size() < MANY_FILES) {
            children.forEach(child -> found.add(child(child)));
        } else {
            List<Callable<Optional<StoredFile>>> stats = new ArrayList<>();
            children.forEach(child -> stats.add(() -> child(child)));
            found.addAll(SideBySide.all("list " + directory, stats));
        }
        return found.stream().flatMap(Optional::stream).toList();
    }

    /** Matches as Hadoop's own glob, but keeps broken links, so that an error can name them. */
    static List<String> glob(Storage storage, String pattern, Configuration configuration) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(pattern);
        String parent = path.getParent() == null ? "/" : path.getParent().toString();
        boolean bracesHoldSlashes = parent.lastIndexOf('{') > parent.lastIndexOf('}');
        if (bracesHoldSlashes) {
            return HadoopStorage.matches(pattern, configuration);
        }
        GlobFilter names = new GlobFilter(path.getName());
        List<String> matches = new ArrayList<>();
        for (String directory :
                storage.exists(parent) ? List.of(parent) : HadoopStorage.matches(parent, configuration)) {
            if (Files.isDirectory(LocalStorage.local(directory))) {
                try (Stream<Path> children = Files.list(LocalStorage.local(directory))) {
                    children.filter(child -> !isHidden(LocalStorage.name(child)))
                            .filter(child ->
                                    names.accept(new org.apache.hadoop.fs.Path("/" + LocalStorage.name(child))))
                            .forEach(child -> matches.add("file:" + child));
                }
            }
        }
        return matches;
    }

    private static boolean isHidden(String name) {
        return name.startsWith("_") || name.startsWith(".");
    }

    /**
     * Lists broken links, FIFOs and what cannot be looked at: most of them are no data. Empty for a file that was deleted
     * since its directory was read. Asks by the path itself, as its name may have no spelling in this JVM's encoding.
     */
    private static Optional<StoredFile> child(Path child) {
        String name = LocalStorage.name(child);
        String path = "file:" + child;
        StoredFile unknown = new StoredFile(path, name, false, null);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (isHidden(name)) {
                return Optional.of(new StoredFile(path, name, found.isDirectory(), null));
            }
            if (found.isSymbolicLink()) {
                found = Files.readAttributes(child, BasicFileAttributes.class);
            }
            return Optional.of(
                    found.isOther()
                            ? unknown
                            : new StoredFile(
                                    path, name, found.isDirectory(), LocalStorage.fingerprint(found, found.size())));
        } catch (NoSuchFileException e) {
            return isHidden(name) || Files.isSymbolicLink(child) ? Optional.of(unknown) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(unknown);
        }
    }
}
