package io.memmap.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * Tells whether what is written to a path is found by a read of another path, directory or pattern. Links are followed.
 * Driver side.
 *
 * @param recursive whether a read of a directory finds what is in its subdirectories
 */
public record PathOverlap(HadoopSettings ofRead, HadoopSettings ofWrite, boolean recursive) {
    private static final String PARENT = "..";

    /** Returns false only if no file at or below {@code written} is found by a read of {@code read}. */
    public boolean isPossible(String read, String written) throws IOException {
        Storage storage = Storage.of(read, ofRead);
        String path = storage.absolute(read);
        Path target = real(written, ofWrite);
        if (!PathPattern.isPossible(path) || storage.exists(path)) {
            return isPossible(path, target);
        }
        if (isMatched(path, target)) {
            return true;
        }
        for (String match : storage.glob(path, ofRead.configuration())) {
            if (isPossible(match, target)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if both are names of the same file or directory, which need not be there. */
    public boolean isSame(String read, String written) throws IOException {
        return real(read, ofRead).equals(real(written, ofWrite));
    }

    private boolean isPossible(String path, Path target) throws IOException {
        Path real = real(path, ofRead);
        return isWithin(real, target) || isWithin(target, real) || isLinkedFrom(path, target);
    }

    /** Returns true if the target is, or lies below, what a pattern matches, or is a directory that has matches below it. */
    private boolean isMatched(String pattern, Path target) throws IOException {
        List<String> names = new ArrayList<>();
        String root = pattern;
        while (PathPattern.isPossible(root)) {
            names.add(0, Storage.name(root));
            root = Storage.parent(root);
        }
        Path real = real(root, ofRead);
        if (isWithin(real, target)) {
            return true;
        }
        List<String> below = new ArrayList<>();
        for (Path up = target; !up.equals(real); up = up.getParent()) {
            if (up.getParent() == null) {
                return false;
            }
            below.add(0, up.getName());
        }
        boolean oneNameEach = names.stream().allMatch(name -> isWhole(name)) && !names.contains(PARENT);
        for (int i = 0; oneNameEach && i < Math.min(names.size(), below.size()); i++) {
            if (!new GlobFilter(names.get(i)).accept(new Path("/" + below.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** Returns false for a part of a pattern whose braces hold a slash. */
    private static boolean isWhole(String name) {
        return name.chars().filter(c -> c == '{').count()
                == name.chars().filter(c -> c == '}').count();
    }

    /** Returns true if a link in a directory leads to the target, or to what holds it. */
    private boolean isLinkedFrom(String directory, Path target) throws IOException {
        if (!(Storage.of(directory, ofRead) instanceof LocalStorage)
                || !Files.isDirectory(LocalStorage.local(directory))) {
            return false;
        }
        List<java.nio.file.Path> links;
        // The directory itself may be a link.
        java.nio.file.Path root = LocalStorage.local(directory).toRealPath();
        try (Stream<java.nio.file.Path> found = Files.walk(root, recursive ? Integer.MAX_VALUE : 1)) {
            links = found.filter(Files::isSymbolicLink).toList();
        }
        for (java.nio.file.Path link : links) {
            Path real = realOf(link);
            if (isWithin(real, target) || isWithin(target, real)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if a file is below a directory when all links are resolved. */
    public static boolean isBelow(String file, String directory, HadoopSettings settings) throws IOException {
        return isWithin(real(file, settings), real(directory, settings));
    }

    /** The path with all links resolved. */
    static Path real(String path, HadoopSettings settings) throws IOException {
        if (Storage.of(path, settings) instanceof LocalStorage) {
            return realOf(LocalStorage.local(path));
        }
        Path given = new Path(path);
        return given.getFileSystem(settings.configuration()).makeQualified(given);
    }

    /** The path with all links resolved. A missing file has the name that it would have. */
    private static Path realOf(java.nio.file.Path path) throws IOException {
        if (Files.exists(path) || path.getParent() == null) {
            return new Path("file", null, path.toRealPath().toString());
        }
        return new Path(
                realOf(path.getParent()),
                new Path(null, null, path.getFileName().toString()));
    }

    static boolean isWithin(Path path, Path directory) {
        for (Path up = path; up != null; up = up.getParent()) {
            if (up.equals(directory)) {
                return true;
            }
        }
        return false;
    }
}
