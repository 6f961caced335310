package io.memmap.storage;

import io.memmap.format.DirectoryRule;
import io.memmap.format.Reading;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    /** The files that are known by their first bytes. */
    private Set<StoredFile> recognized() throws IOException {
        Set<StoredFile> found = new HashSet<>(recognized(files.subList(0, Math.min(files.size(), PROBED))));
        if (!found.isEmpty() && files.size() > PROBED) {
            found.addAll(recognized(files.subList(PROBED, files.size())));
        }
        return found;
    }

    private Set<StoredFile> recognized(List<StoredFile> probed) throws IOException {
        List<Boolean> recognized = SideBySide.all("read the first bytes of files", probed, this::isRecognized);
        return IntStream.range(0, probed.size())
                .filter(recognized::get)
                .mapToObj(probed::get)
                .collect(Collectors.toSet());
    }

    /** A file that cannot be read is no array here; the error of a directory without any is clearer. */
    private boolean isRecognized(StoredFile file) {
        try {
            return file.fingerprint() != null
                    && reading.formats()
                            .recognized(new StoredInput(storage, file, headers))
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
