package io.memmap.storage;

import io.memmap.format.DirectoryRule;
import io.memmap.format.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the arrays among the files of a directory without a manifest: by the {@link DirectoryRule}, else by the first bytes
 * of the files. Driver side.
 *
 * @param files in natural order
 * @param names of all that is in the directory
 */
record ArrayChoice(
        Storage storage,
        StoredFile directory,
        List<StoredFile> files,
        Set<String> names,
        Reading reading,
        HeaderBytes headers) {
    /** A directory whose first files are of no known format is not searched further. */
    private static final int PROBED = 16;

    /**
     * The chosen files.
     *
     * @throws IOException naming two files, when their names are of two formats
     */
    Set<StoredFile> arrays() throws IOException {
        List<String> listed = files.stream().map(StoredFile::name).toList();
        Optional<List<String>> arrays = new DirectoryRule(reading).arrays(directory.path(), listed, names);
        if (arrays.isEmpty()) {
            return recognized();
        }
        Set<String> chosen = Set.copyOf(arrays.get());
        return files.stream().filter(file -> chosen.contains(file.name())).collect(Collectors.toSet());
    }

    boolean hasSidecar(StoredFile file) {
        return new DirectoryRule(reading).hasSidecar(file.name(), names);
    }

    /** The answer of the first bytes of a file, or the reason why they could not be read. */
    private record Probe(StoredFile file, boolean recognized, IOException failure) {}

    /** The files that are known by their first bytes. Among them each file may be one, so that it has to be read. */
    private Set<StoredFile> recognized() throws IOException {
        List<Probe> probes = new ArrayList<>(probes(files.subList(0, Math.min(files.size(), PROBED))));
        if (probes.stream().noneMatch(Probe::recognized)) {
            return Set.of();
        }
        probes.addAll(probes(files.subList(probes.size(), files.size())));
        for (Probe probe : probes) {
            if (probe.failure != null) {
                throw new IOException(
                        "Cannot read " + probe.file.path() + ": files of its directory are arrays by their first bytes,"
                                + " and its own cannot be read (" + probe.failure.getMessage()
                                + "); make it readable, or leave it out by a pathGlobFilter",
                        probe.failure);
            }
        }
        return probes.stream().filter(Probe::recognized).map(Probe::file).collect(Collectors.toSet());
    }

    private List<Probe> probes(List<StoredFile> probed) throws IOException {
        return SideBySide.all("read the first bytes of files", probed, this::probe);
    }

    /** The error of a directory without arrays is clearer than that of a file that cannot be read. */
    private Probe probe(StoredFile file) {
        try {
            boolean recognized = file.checkSpelled().fingerprint() != null
                    && reading.formats()
                            .recognized(new StoredInput(storage, file, headers))
                            .isPresent();
            return new Probe(file, recognized, null);
        } catch (IOException e) {
            return new Probe(file, false, isGone(file) ? null : e);
        }
    }

    private boolean isGone(StoredFile file) {
        try {
            return !file.unspelled() && !storage.exists(file.path());
        } catch (IOException e) {
            return false;
        }
    }
}
