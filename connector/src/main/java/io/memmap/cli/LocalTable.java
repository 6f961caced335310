package io.memmap.cli;

import io.memmap.format.Reading;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The arrays at a path: one array, or columns that a manifest puts side by side, an array each.
 *
 * @param columns the arrays by the names of the columns; one array alone has no name
 */
record LocalTable(Path path, Map<String, LocalArray> columns) {

    /**
     * Describes what is at a path.
     *
     * @throws IOException naming the file, when there is nothing, no array, or its descriptions contradict each other
     */
    static LocalTable of(String name, Reading reading) throws IOException {
        Path path = file(LocalPath.of(name).toAbsolutePath().normalize(), reading);
        Optional<LocalManifest> manifest = Files.isDirectory(path) ? LocalManifest.of(path) : Optional.empty();
        Map<String, LocalArray> columns = new LinkedHashMap<>();
        if (manifest.isEmpty() || manifest.get().columns().isEmpty()) {
            columns.put("", LocalArray.of(path, manifest, reading));
            return new LocalTable(path, columns);
        }
        for (Map.Entry<String, LocalManifest> column :
                manifest.get().inColumns().entrySet()) {
            LocalManifest files = column.getValue();
            columns.put(column.getKey(), LocalArray.of(files.directory(), Optional.of(files), reading));
        }
        return new LocalTable(path, columns);
    }

    /** The file of a path, or the one that a path without its suffix means. */
    private static Path file(Path path, Reading reading) {
        return Files.exists(path) || path.getFileName() == null
                ? path
                : reading.formats().impliedSuffixes().stream()
                        .map(suffix -> path.resolveSibling(path.getFileName() + suffix))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(path);
    }

    boolean isSideBySide() {
        return !columns.containsKey("");
    }

    /** @throws IOException when it is several arrays */
    LocalArray only() throws IOException {
        if (isSideBySide()) {
            throw new IOException(
                    "Cannot convert " + path + ": its columns are side by side, an array each, expected one"
                            + " array; name the directory of one of them");
        }
        return columns.get("");
    }

    long nbytes() {
        return columns.values().stream()
                .flatMap(array -> array.files().stream())
                .mapToLong(file -> file.layout().nbytes())
                .sum();
    }
}
