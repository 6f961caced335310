package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.format.UndescribedFileException;
import io.memmap.spark.options.ColumnPath;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.SidecarUse;
import io.memmap.storage.ArrayFinder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.PathOverlap;
import io.memmap.storage.SideBySide;
import io.memmap.storage.Storage;
import io.memmap.table.TableArrays;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The arrays that a table puts side by side: those of the option {@code columnPaths}, those that a sidecar without an array
 * of its own names, or the members of containers. Driver only.
 */
public final class ColumnFiles {
    /** The options that describe one array, and the way to describe one of several. */
    private static final List<OptionKey<?>> OF_ONE_ARRAY =
            List.of(OptionKey.DTYPE, OptionKey.SHAPE, OptionKey.ORDER, OptionKey.OFFSET, OptionKey.MEMBER);

    private static final List<OptionKey<?>> OF_ONE_TABLE =
            List.of(OptionKey.PATHS, OptionKey.LAYOUT, OptionKey.TRANSPOSE, OptionKey.COLUMN_NAMES);

    private ColumnFiles() {}

    /**
     * Finds the files of all columns and reads their headers.
     *
     * @param finders for the files of a column, and the member of these that it is, or null
     * @throws IllegalArgumentException when an option does not go with columnPaths, or two arrays differ in their row counts
     */
    static TableArrays find(
            MemmapOptions options, HadoopSettings settings, BiFunction<ColumnPath, String, ArrayFinder> finders)
            throws IOException {
        checkOptions(options);
        List<ColumnPath> columns = options.columnPaths();
        if (options.areStored() && options.paths().isEmpty()) {
            throw new IllegalArgumentException("Cannot make a table of columnPaths " + columns
                    + " without path, expected" + " the directory that they are below as path");
        }
        for (ColumnPath column : columns) {
            if (options.areStored() && !column.isBelow()) {
                throw outside(column, column.path(), options.paths().get(0));
            }
        }
        List<ShardedArray> arrays =
                SideBySide.all("find the columns", columns, column -> find(column, options, finders));
        List<String> names = columns.stream().map(ColumnPath::name).toList();
        for (int i = 0; i < arrays.size(); i++) {
            if (options.areStored()) {
                checkBelow(columns.get(i), arrays.get(i), options.paths().get(0), settings);
            }
            if (arrays.get(i).rowCount() != arrays.get(0).rowCount()) {
                throw new IllegalArgumentException("Cannot read columnPaths: " + rows(names.get(0), arrays.get(0))
                        + ", " + rows(names.get(i), arrays.get(i)) + ", expected equal row counts");
            }
        }
        return new TableArrays(arrays, names);
    }

    /** A table that is stored names nothing outside of its directory, also not by a link. */
    private static void checkBelow(ColumnPath column, ShardedArray array, String directory, HadoopSettings settings)
            throws IOException {
        for (ArrayFile file : array.shards()) {
            if (!PathOverlap.isBelow(file.path(), Storage.absolute(directory, settings), settings)) {
                throw outside(column, file.path(), directory);
            }
        }
    }

    private static IllegalArgumentException outside(ColumnPath column, String path, String directory) {
        return new IllegalArgumentException("Cannot read column '" + column.name() + "': " + path
                + " is not below the directory of its table, " + directory
                + ", expected a path below it; other paths can only be given with a"
                + " read, by the option columnPaths");
    }

    /**
     * The options of a read whose only path names no file, but a sidecar with {@code columnPaths}.
     *
     * @return the same options if there is no such sidecar
     */
    public static MemmapOptions describedBeside(MemmapOptions options, HadoopSettings settings) throws IOException {
        List<String> paths = options.paths();
        if (paths.size() != 1 || options.get(OptionKey.SIDECAR) == SidecarUse.IGNORE) {
            return options;
        }
        String path = Storage.absolute(paths.get(0), settings);
        Storage storage = Storage.of(path, settings);
        String sidecar = Sidecar.pathOf(path);
        if (storage.exists(path) || !storage.exists(sidecar)) {
            return options;
        }
        Map<?, ?> columns = Sidecar.columnPaths(storage.readText(sidecar), sidecar);
        if (columns == null) {
            return options;
        }
        try {
            return options.ofStoredColumns(Storage.parent(sidecar), ColumnPath.parse(columns));
        } catch (IllegalArgumentException e) {
            throw new IOException("Cannot read " + sidecar + ": columnPaths " + e.getMessage(), e);
        }
    }

    /**
     * The members of containers as columns.
     *
     * @throws IllegalArgumentException when an option asks for something else than a column of each
     */
    static TableArrays ofMembers(MemmapOptions options, List<ShardedArray> members) {
        List<String> names =
                members.stream().map(array -> array.first().origin().member()).toList();
        for (OptionKey<?> key : List.of(OptionKey.LAYOUT, OptionKey.TRANSPOSE, OptionKey.COLUMN_NAMES)) {
            if (options.isGiven(key)) {
                throw new IllegalArgumentException("Cannot read " + String.join(", ", options.paths())
                        + " with option " + key + ": its members " + names + " are side by side, a column each,"
                        + " expected no such option; choose one of them by the option member");
            }
        }
        return new TableArrays(members, names);
    }

    /**
     * Checks the options of a read of columns that a manifest puts side by side: none says what the manifest does.
     *
     * @throws IllegalArgumentException naming the option
     */
    static void checkOfManifest(MemmapOptions options) {
        List<OptionKey<?>> keys = new ArrayList<>(OF_ONE_ARRAY);
        keys.addAll(List.of(OptionKey.LAYOUT, OptionKey.TRANSPOSE, OptionKey.COLUMN_NAMES));
        for (OptionKey<?> key : keys) {
            if (options.isGiven(key) && options.layout() != LayoutMode.SIDE_BY_SIDE) {
                throw new IllegalArgumentException("Cannot read " + String.join(", ", options.paths()) + " with option "
                        + key
                        + ": its columns are side by side, an array each, expected no such option; read one of them"
                        + " by the path of its directory");
            }
        }
    }

    private static String rows(String name, ShardedArray array) {
        int more = array.shards().size() - 1;
        return "column '" + name + "' has " + array.rowCount() + " rows in "
                + array.first().path()
                + (more == 0 ? "" : " and " + more + " more files");
    }

    private static ShardedArray find(
            ColumnPath column, MemmapOptions options, BiFunction<ColumnPath, String, ArrayFinder> finders)
            throws IOException {
        List<String> base = options.paths();
        if (base.isEmpty() && !column.isAbsolute()) {
            throw new IllegalArgumentException("Cannot read column '" + column.name() + "': no path was given that "
                    + column.path() + " is below, expected load(\"/data\") or the option path, or an absolute path");
        }
        String path = base.isEmpty() ? column.path() : column.resolve(base.get(0));
        try {
            return find(column, path, finders);
        } catch (UndescribedFileException e) {
            throw new IOException(
                    e.getMessage() + "; the option columnPaths states the dtype of a column as in {\"" + column.name()
                            + "\": {\"path\": \"" + column.path() + "\", \"dtype\": \"<f8\"}}",
                    e);
        }
    }

    /** A file that is named {@code x#y} comes before the member {@code y} of {@code x}. */
    private static ShardedArray find(
            ColumnPath column, String path, BiFunction<ColumnPath, String, ArrayFinder> finders) throws IOException {
        int hash = path.lastIndexOf('#');
        try {
            return finders.apply(column, column.member()).find(List.of(path));
        } catch (FileNotFoundException e) {
            if (column.member() != null || hash < 0) {
                throw e;
            }
            try {
                return finders.apply(column, path.substring(hash + 1)).find(List.of(path.substring(0, hash)));
            } catch (FileNotFoundException none) {
                e.addSuppressed(none);
                throw e;
            }
        }
    }

    private static void checkOptions(MemmapOptions options) {
        for (OptionKey<?> key : OF_ONE_ARRAY) {
            check(options, key, "state it for each column, as in {\"x\": {\"path\": \"x.bin\", \"dtype\": \"<f8\"}}");
        }
        for (OptionKey<?> key : OF_ONE_TABLE) {
            check(options, key, "each array is one column");
        }
    }

    private static void check(MemmapOptions options, OptionKey<?> key, String remedy) {
        if (options.isGiven(key)) {
            throw new IllegalArgumentException(
                    "Cannot read columnPaths with option " + key + ": found both, expected no such option; " + remedy);
        }
    }
}
