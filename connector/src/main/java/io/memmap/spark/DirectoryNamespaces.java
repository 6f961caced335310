package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.storage.ArrayListing;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;

/**
 * Directories, and files that hold arrays with names, as namespaces of SQL: the parts of a namespace are those of a path, and
 * no part is the working directory.
 * The file system makes and removes them. Driver side.
 */
abstract class DirectoryNamespaces implements SupportsNamespaces {
    private static final String WORKING_DIRECTORY = ".";
    private static final Pattern ABSOLUTE = Pattern.compile("(/|[A-Za-z][A-Za-z0-9+.-]*:/).*", Pattern.DOTALL);

    abstract HadoopSettings hadoop();

    /** The path that a name has in a namespace; an absolute one is a path already, in whatever directory it is used. */
    static String path(String[] namespace, String name) {
        boolean alone = namespace.length == 0 || ABSOLUTE.matcher(name).matches();
        return alone ? name : directory(namespace) + "/" + name;
    }

    static String directory(String[] namespace) {
        return namespace.length == 0 ? WORKING_DIRECTORY : String.join("/", namespace);
    }

    /** Spark shows the current database by its name, and cannot parse one without parts. */
    @Override
    public String[] defaultNamespace() {
        return Entry.call(() -> {
            return new String[] {Storage.absolute(WORKING_DIRECTORY, hadoop())};
        });
    }

    @Override
    public boolean namespaceExists(String[] namespace) {
        return Entry.call(() -> {
            HadoopSettings settings = hadoop();
            String path = Storage.absolute(directory(namespace), settings);
            Storage storage = Storage.of(path, settings);
            return storage.exists(path)
                    && (storage.stat(path).directory()
                            || ArrayListing.members(path, settings).isPresent());
        });
    }

    @Override
    public String[][] listNamespaces() {
        return Entry.call(() -> subdirectories(new String[0]));
    }

    @Override
    public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
        return Entry.call(() -> {
            checkExists(namespace);
            return isContainer(namespace) ? new String[0][] : subdirectories(namespace);
        });
    }

    private boolean isContainer(String[] namespace) throws IOException {
        return ArrayListing.members(directory(namespace), hadoop()).isPresent();
    }

    private String[][] subdirectories(String[] namespace) throws IOException {
        return ArrayListing.directories(directory(namespace), hadoop()).stream()
                .map(name -> {
                    String[] child = Arrays.copyOf(namespace, namespace.length + 1);
                    child[namespace.length] = name;
                    return child;
                })
                .toArray(String[][]::new);
    }

    private void checkExists(String[] namespace) throws NoSuchNamespaceException {
        if (!namespaceExists(namespace)) {
            throw new NoSuchNamespaceException(namespace);
        }
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(String[] namespace) throws NoSuchNamespaceException {
        return Entry.call(() -> {
            checkExists(namespace);
            return Map.of(PROP_LOCATION, Storage.absolute(directory(namespace), hadoop()));
        });
    }

    @Override
    public void createNamespace(String[] namespace, Map<String, String> metadata) {
        Entry.run(() -> {
            throw refusal("create namespace ", namespace, "the first array that is written makes it");
        });
    }

    @Override
    public void alterNamespace(String[] namespace, NamespaceChange... changes) {
        Entry.run(() -> {
            throw refusal("alter namespace ", namespace, "it has no properties");
        });
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade) {
        return Entry.call(() -> {
            throw refusal("drop namespace ", namespace, "remove it by the file system");
        });
    }

    private static UnsupportedOperationException refusal(String what, String[] namespace, String remedy) {
        return new UnsupportedOperationException(
                "Cannot " + what + directory(namespace) + ": a namespace is a directory; " + remedy);
    }
}
