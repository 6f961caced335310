package io.memmap.spark;

import io.memmap.format.ArrayFormats;
import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.read.ColumnFiles;
import io.memmap.storage.ArrayListing;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.Identifier;

/**
 * The array that a name of SQL means: a file or directory, or a member of the container that its namespace is. Driver side.
 *
 * @param member empty for a path
 */
record ArrayName(String path, Optional<String> member) {

    /** Looks whether the namespace is a file; an absolute name is a path in every namespace. */
    static ArrayName of(Identifier table, HadoopSettings settings) throws IOException {
        String path = DirectoryNamespaces.path(table.namespace(), table.name());
        if (path.equals(table.name())) {
            return new ArrayName(path, Optional.empty());
        }
        String above = DirectoryNamespaces.directory(table.namespace());
        String absolute = Storage.absolute(above, settings);
        Storage storage = Storage.of(absolute, settings);
        boolean file = storage.exists(absolute) && !storage.stat(absolute).directory();
        return file ? new ArrayName(above, Optional.of(table.name())) : new ArrayName(path, Optional.empty());
    }

    /** Adds the options that read it. */
    void addTo(Map<String, String> options) {
        options.put(OptionKey.PATH.name(), path);
        member.ifPresent(name -> options.put(OptionKey.MEMBER.name(), name));
    }

    /** @param options the options that read it, which a sidecar of arrays side by side may change */
    boolean exists(MemmapOptions options, HadoopSettings settings) throws IOException {
        String absolute = Storage.absolute(path, settings);
        if (member.isEmpty()) {
            return Storage.of(absolute, settings).exists(absolute)
                    || !ColumnFiles.describedBeside(options, settings).equals(options);
        }
        List<String> members = ArrayListing.members(absolute, settings).orElse(List.of());
        return members.contains(member.get());
    }

    /**
     * Refuses members.
     *
     * @param what the verb of the refused statement
     * @return the path
     */
    String writablePath(String what) {
        if (member.isPresent()) {
            throw new UnsupportedOperationException("Cannot " + what + " member " + member.get() + " of " + path
                    + ": members of a container are only read, expected a file or directory; save its rows as an array of"
                    + " its own");
        }
        return path;
    }

    /** The parts of the name as a statement writes them. */
    @Override
    public String toString() {
        return ColumnNames.quoted(path)
                + member.map(name -> "." + ColumnNames.quoted(name)).orElse("");
    }

    /** Refuses a new array whose name seems to be that of a file without its backquotes, in a directory that is not there. */
    static void checkDots(String catalog, Identifier table, DirectoryNamespaces namespaces) {
        String suffix = "." + table.name();
        // Names like raw or bin are those of tables too.
        boolean describesItself = ArrayFormats.ofWrittenName(suffix)
                .filter(format -> format.hasName(suffix))
                .isPresent();
        String advice = describesItself ? advice(catalog, table, namespaces) : "";
        if (!advice.isEmpty()) {
            throw new IllegalArgumentException("Cannot create "
                    + DirectoryNamespaces.path(table.namespace(), table.name()) + ": there is no directory "
                    + DirectoryNamespaces.directory(table.namespace()) + advice + ", or that directory");
        }
    }

    /** Advice where the dot of a file's name seems to divide it, as in {@code x.npy} without backquotes; else empty. */
    static String advice(String catalog, Identifier table, DirectoryNamespaces namespaces) {
        String[] above = table.namespace();
        String suffix = "." + table.name();
        boolean known = ArrayFormats.ofWrittenName(suffix).isPresent()
                || ArrayFormats.known().ofName(suffix).isPresent();
        if (above.length == 0 || table.name().contains(".") || !known || namespaces.namespaceExists(above)) {
            return "";
        }
        String file = above[above.length - 1] + suffix;
        String meant = above.length == 1
                ? ColumnNames.quoted(file)
                : quoted(catalog, Identifier.of(Arrays.copyOf(above, above.length - 1), file));
        return "; expected backquotes around a name with a dot, as in " + meant;
    }

    /** All parts of a name, as a statement writes them. */
    static String quoted(String catalog, Identifier table) {
        return Stream.of(Stream.of(catalog), Arrays.stream(table.namespace()), Stream.of(table.name()))
                .flatMap(parts -> parts)
                .map(ColumnNames::quoted)
                .collect(Collectors.joining("."));
    }
}
