package io.memmap.storage;

import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is plainly an array in a directory: .npy files, raw files with a sidecar, directories with a manifest. Driver side. */
public final class ArrayListing {
    private ArrayListing() {}

    /**
     * The names of the arrays, in natural order. Looks into no file.
     *
     * @throws IOException naming the directory, when it is none
     */
    public static List<String> of(String directory, HadoopSettings settings) throws IOException {
        String path = Storage.absolute(directory, settings);
        Storage storage = Storage.of(path, settings);
        if (!storage.stat(path).directory()) {
            throw new IOException("Cannot list " + path + ": it is a file, expected a directory");
        }
        List<StoredFile> children = storage.list(path);
        Set<String> names = children.stream().map(StoredFile::name).collect(Collectors.toSet());
        List<String> arrays = new ArrayList<>();
        for (StoredFile child : children) {
            boolean array = child.directory()
                    ? storage.exists(path + "/" + child.name() + "/" + Manifest.NAME)
                    : child.name().endsWith(".npy") || names.contains(Sidecar.pathOf(child.name()));
            if (array && !child.hidden()) {
                arrays.add(child.name());
            }
        }
        arrays.sort(NaturalOrder.NATURAL_ORDER);
        return arrays;
    }
}
