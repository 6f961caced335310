package io.memmap.format;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rule by which names decide which files of a directory are its arrays: .npy files, else those with a sidecar, else
 * those of one other format, else all under a dtype. It reads no file.
 */
public final class DirectoryRule {
    private final Reading reading;
    private final ArrayFormat container;

    public DirectoryRule(Reading reading) {
        this.reading = reading;
        this.container = reading.claims().container();
    }

    /** Returns true if a file may be an array: no hidden file, sidecar or other companion. */
    public boolean mayBeArray(String name) {
        boolean raw = container != null && !container.describesItself();
        boolean companion = raw ? Sidecar.isSidecar(name) : reading.formats().isCompanion(name);
        return !HiddenName.isHidden(name) && !companion;
    }

    /** Returns true if a file has a sidecar that is read. */
    public boolean hasSidecar(String name, Collection<String> all) {
        return reading.sidecars() && all.contains(Sidecar.pathOf(name));
    }

    /**
     * The names of the arrays; empty if only the first bytes of the files can tell.
     *
     * @param files those that may be arrays, in natural order
     * @param all the names of all that is in the directory
     * @throws IOException naming two files, when their names are of two formats
     */
    public Optional<List<String>> arrays(String directory, List<String> files, Collection<String> all)
            throws IOException {
        if (container != null) {
            List<String> named = container.describesItself() ? named(files, container) : files;
            return Optional.of(named.isEmpty() && !container.takesRows() ? files : named);
        }
        List<String> npy = named(files, ArrayFormats.NPY);
        if (!npy.isEmpty()) {
            return Optional.of(npy);
        }
        List<String> described =
                files.stream().filter(file -> hasSidecar(file, all)).toList();
        List<String> named = described.isEmpty() ? ofOneFormat(directory, files) : List.of();
        if (!named.isEmpty()) {
            return Optional.of(named);
        }
        if (reading.claims().dtype() != null) {
            return Optional.of(files);
        }
        return described.isEmpty() ? Optional.empty() : Optional.of(described);
    }

    private static List<String> named(List<String> files, ArrayFormat format) {
        return files.stream().filter(format::hasName).toList();
    }

    private List<String> ofOneFormat(String directory, List<String> files) throws IOException {
        List<String> found = List.of();
        for (ArrayFormat format : reading.formats().all()) {
            List<String> named = named(files, format);
            if (!found.isEmpty() && !named.isEmpty()) {
                throw new IOException("Cannot read " + directory + ": its files " + found.get(0) + " and "
                        + named.get(0) + " are of two formats, expected one; set container=" + format.name()
                        + " or another one, or pathGlobFilter (for example *.bin)");
            }
            found = found.isEmpty() ? named : found;
        }
        return found;
    }
}
