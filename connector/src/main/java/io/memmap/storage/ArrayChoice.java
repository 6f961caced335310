package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Reading;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Chooses the arrays among the files of a directory without a manifest. The first of these that finds any decides: names in
 * {@code .npy}, sidecars, names of one other format, a given dtype, and at last the first bytes. Driver side.
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
        ArrayFormat container = reading.claims().container();
        if (container != null) {
            List<StoredFile> named = container.describesItself() ? named(container) : files;
            return Set.copyOf(named.isEmpty() && !container.takesRows() ? files : named);
        }
        List<StoredFile> npy = named(ArrayFormats.ofNewArrays(true));
        if (!npy.isEmpty()) {
            return Set.copyOf(npy);
        }
        List<StoredFile> described = files.stream().filter(this::hasSidecar).toList();
        List<StoredFile> named = described.isEmpty() ? ofOneFormat() : List.of();
        if (!named.isEmpty()) {
            return Set.copyOf(named);
        }
        if (reading.claims().dtype() != null) {
            return Set.copyOf(files);
        }
        return described.isEmpty() ? recognized() : Set.copyOf(described);
    }

    boolean hasSidecar(StoredFile file) {
        return reading.sidecars() && names.contains(Sidecar.pathOf(file.name()));
    }

    private List<StoredFile> named(ArrayFormat format) {
        return files.stream().filter(file -> format.hasName(file.name())).toList();
    }

    private List<StoredFile> ofOneFormat() throws IOException {
        List<StoredFile> found = List.of();
        for (ArrayFormat format : reading.formats().all()) {
            List<StoredFile> named = named(format);
            if (!found.isEmpty() && !named.isEmpty()) {
                throw new IOException("Cannot read " + directory.path() + ": its files "
                        + found.get(0).name() + " and "
                        + named.get(0).name() + " are of two formats, expected one; set container=" + format.name()
                        + " or another one, or pathGlobFilter (for example *.bin)");
            }
            found = found.isEmpty() ? named : found;
        }
        return found;
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
        List<Callable<Optional<StoredFile>>> requests = new ArrayList<>();
        for (StoredFile file : probed) {
            requests.add(() -> isRecognized(file) ? Optional.of(file) : Optional.empty());
        }
        return SideBySide.all("read the first bytes of files", requests).stream()
                .flatMap(Optional::stream)
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
