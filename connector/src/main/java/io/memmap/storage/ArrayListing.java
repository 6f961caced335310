package io.memmap.storage;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Manifest;
import io.memmap.format.NaturalOrder;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists the arrays of a directory that need no options: .npy files, raw files with a sidecar, directories with a manifest. Driver side. */
public final class ArrayListing {
    private static final Logger LOG = LoggerFactory.getLogger(ArrayListing.class);

    private ArrayListing() {}

    /**
     * The names of the arrays of a directory in natural order, or those of a container. Looks into no file of a directory but
     * sidecars without an array, which may describe arrays side by side.
     *
     * @throws IOException naming the path, when it is neither
     */
    public static List<String> of(String directory, HadoopSettings settings) throws IOException {
        String path = Storage.absolute(directory, settings);
        Optional<List<String>> members = members(path, settings);
        if (members.isPresent()) {
            return members.get();
        }
        Storage storage = Storage.of(path, settings);
        List<StoredFile> children = children(storage, path);
        Set<String> names = children.stream().map(StoredFile::name).collect(Collectors.toSet());
        ArrayFormats formats = ArrayFormats.known();
        List<String> arrays = new ArrayList<>();
        for (StoredFile child : children) {
            boolean array = child.directory()
                    ? storage.exists(path + "/" + child.name() + "/" + Manifest.NAME)
                    : formats.ofName(child.name()).isPresent() || names.contains(Sidecar.pathOf(child.name()));
            if (array && !child.hidden()) {
                arrays.add(child.name());
            } else if (Sidecar.isSidecar(child.name()) && !names.contains(Sidecar.arrayOf(child.name()))) {
                if (!child.hidden() && describesColumns(storage, child)) {
                    arrays.add(Sidecar.arrayOf(child.name()));
                }
            }
        }
        arrays.sort(NaturalOrder.NATURAL_ORDER);
        return arrays;
    }

    private static boolean describesColumns(Storage storage, StoredFile sidecar) {
        try {
            return Sidecar.columnPaths(storage.readText(sidecar.path()), sidecar.path()) != null;
        } catch (IOException e) {
            LOG.debug("{}: it is no sidecar", sidecar.path(), GivenSecrets.hidden(e));
            return false;
        }
    }

    /** The format of a file by its first bytes or its name; empty if neither tells it. */
    public static Optional<ArrayFormat> container(String path, HadoopSettings settings) throws IOException {
        Storage storage = Storage.of(path, settings);
        return ArrayFormats.known().of(new StoredInput(storage, storage.stat(path)));
    }

    /**
     * The names of the members of a container in its order, those included that cannot be read; empty if the path is no
     * file of a format whose members have names.
     *
     * @throws IOException naming the file, when its directory of members cannot be read
     */
    public static Optional<List<String>> members(String path, HadoopSettings settings) throws IOException {
        String absolute = Storage.absolute(path, settings);
        Storage storage = Storage.of(absolute, settings);
        StoredFile file = storage.stat(absolute);
        return file.directory() ? Optional.empty() : ArrayFormats.known().memberNames(new StoredInput(storage, file));
    }

    /**
     * The names of the directories that are no arrays themselves, in natural order.
     *
     * @throws IOException naming the directory, when it is none
     */
    public static List<String> directories(String directory, HadoopSettings settings) throws IOException {
        String path = Storage.absolute(directory, settings);
        Storage storage = Storage.of(path, settings);
        List<String> directories = new ArrayList<>();
        for (StoredFile child : children(storage, path)) {
            if (child.directory()
                    && !child.hidden()
                    && !storage.exists(path + "/" + child.name() + "/" + Manifest.NAME)) {
                directories.add(child.name());
            }
        }
        directories.sort(NaturalOrder.NATURAL_ORDER);
        return directories;
    }

    private static List<StoredFile> children(Storage storage, String path) throws IOException {
        if (!storage.stat(path).directory()) {
            throw new IOException("Cannot list " + path + ": it is a file, expected a directory");
        }
        return storage.list(path);
    }
}
