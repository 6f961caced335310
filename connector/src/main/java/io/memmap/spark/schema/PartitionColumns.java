package io.memmap.spark.schema;

import io.memmap.format.Manifest;
import io.memmap.format.PartitionPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that the names of directories say, and their values, directory by directory. Immutable; driver only.
 *
 * @param columns in the order of the directories, outermost first; empty if the files are in no partition directories
 * @param constants for each directory the values of all columns, as Spark holds them internally; null for NULL
 */
public record PartitionColumns(List<PartitionColumn> columns, List<List<Object>> constants) {
    public static final PartitionColumns NONE = new PartitionColumns(List.of(), List.of());

    /**
     * Reads the names of directories.
     *
     * @param table the columns that the user asks for, whose types decide; may be null
     * @param types SQL's names of the types that the table's own manifest declares, which decide else
     * @throws IllegalArgumentException naming two directories with other columns, or one with a value that the type of its
     *     column cannot hold
     */
    public static PartitionColumns of(
            List<PartitionPath> directories, StructType table, Map<String, String> types, PartitionRules rules) {
        PartitionPath first = directories.get(0);
        checkSpelling(first, types, rules);
        StructType declared = declared(table, types, first.base());
        for (PartitionPath other : directories) {
            checkAlike(first, other, rules);
        }
        checkDistinct(first, rules);
        List<PartitionColumn> columns = new ArrayList<>();
        for (int i = 0; i < first.names().size(); i++) {
            columns.add(column(directories, i, declared, rules));
        }
        List<List<Object>> constants = new ArrayList<>(directories.size());
        for (PartitionPath directory : directories) {
            List<Object> values = new ArrayList<>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                values.add(value(directory, i, columns.get(i), rules));
            }
            constants.add(values);
        }
        return new PartitionColumns(columns, constants);
    }

    private static void checkAlike(PartitionPath first, PartitionPath other, PartitionRules rules) {
        if (!ColumnMatch.folded(first.names(), rules.caseSensitive())
                .equals(ColumnMatch.folded(other.names(), rules.caseSensitive()))) {
            throw new IllegalArgumentException("Cannot read " + first.directory() + " together with "
                    + other.directory() + ": " + columns(first) + ", and " + columns(other)
                    + ", expected directories of the same columns, and files only in the innermost ones; move what does"
                    + " not belong there, or set recursiveFileLookup=true to read all files without these columns");
        }
        if (first.isPartitioned() && !first.base().equals(other.base())) {
            throw new IllegalArgumentException("Cannot read " + first.directory() + " together with "
                    + other.directory() + ": the partition directories of the one are below " + first.base()
                    + ", those of the other below " + other.base()
                    + ", expected one directory; set basePath to the directory that is the table, or read them as"
                    + " several DataFrames and union these");
        }
    }

    private static String columns(PartitionPath path) {
        return path.isPartitioned()
                ? path.directory() + " has the partition columns " + path.names()
                : path.directory() + " has no partition columns";
    }

    private static void checkDistinct(PartitionPath path, PartitionRules rules) {
        Set<String> seen = new HashSet<>();
        for (String name : ColumnMatch.folded(path.names(), rules.caseSensitive())) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("Cannot read " + path.directory() + ": two of its directories name"
                        + " the partition column '" + name + "', expected distinct names; rename one of them, or set"
                        + " recursiveFileLookup=true to read the files without their directories' values");
            }
        }
    }

    /** A type for another column is that of a directory above the base. */
    private static void checkSpelling(PartitionPath path, Map<String, String> types, PartitionRules rules) {
        for (String column : types.keySet()) {
            boolean named = path.names().stream().anyMatch(column::equalsIgnoreCase);
            if (named
                    && path.names().stream().noneMatch(name -> ColumnMatch.same(column, name, rules.caseSensitive()))) {
                throw new IllegalArgumentException("Cannot read " + path.base() + ": its manifest " + Manifest.NAME
                        + " declares the partition column '" + column + "', and its directories have the partition"
                        + " columns " + path.names() + ", expected one of these, as spark.sql.caseSensitive is true;"
                        + " correct the manifest");
            }
        }
    }

    /** The user's columns, and after them those of the manifest. */
    private static StructType declared(StructType table, Map<String, String> types, String home) {
        StructType declared = table == null ? new StructType() : table;
        for (Map.Entry<String, String> type : types.entrySet()) {
            declared = declared.add(type.getKey(), type(type.getKey(), type.getValue(), home));
        }
        return declared;
    }

    private static DataType type(String column, String name, String home) {
        Exception cause = null;
        try {
            DataType type = DataType.fromDDL(name);
            if (WrittenPartition.isNameable(type)) {
                return type;
            }
        } catch (Exception e) {
            // Spark's parser throws checked exceptions that it does not declare.
            cause = e;
        }
        throw new IllegalArgumentException(
                "Cannot read " + home + ": its manifest " + Manifest.NAME + " declares the partition column '" + column
                        + "' as '" + name + "', expected the name of a type that a directory's name can hold, such as"
                        + " int or string; correct the manifest",
                cause);
    }

    private static PartitionColumn column(
            List<PartitionPath> directories, int index, StructType table, PartitionRules rules) {
        String name = directories.get(0).names().get(index);
        Optional<StructField> declared = Arrays.stream(table.fields())
                .filter(field -> ColumnMatch.same(field.name(), name, rules.caseSensitive()))
                .findFirst();
        if (declared.isPresent()) {
            return new PartitionColumn(declared.get().name(), declared.get().dataType());
        }
        DataType type = DataTypes.NullType;
        for (int i = 0; i < directories.size() && !type.equals(DataTypes.StringType); i++) {
            type = PartitionType.wider(
                    type, PartitionType.of(directories.get(i).values().get(index), rules));
        }
        return new PartitionColumn(name, type);
    }

    private static Object value(PartitionPath directory, int index, PartitionColumn column, PartitionRules rules) {
        String raw = directory.values().get(index);
        try {
            return PartitionValue.of(raw, column.type(), rules.zone());
        } catch (IllegalArgumentException e) {
            if (!rules.validate()) {
                return null;
            }
            throw new IllegalArgumentException(
                    "Cannot read " + directory.directory() + ": its partition column '" + column.name() + "' is '" + raw
                            + "', expected " + column.type().catalogString() + " (" + e.getMessage()
                            + "); declare the column as STRING, or rename the directory",
                    e);
        }
    }

    /** The columns that a user declares, of which those of directories are last, whether they are declared or not. */
    public StructType with(StructType declared, boolean caseSensitive) {
        StructType all = without(declared, caseSensitive);
        for (PartitionColumn column : columns) {
            all = all.add(column.name(), column.type(), true);
        }
        return all;
    }

    /** The columns that are in the files. */
    public StructType without(StructType table, boolean caseSensitive) {
        return new StructType(Arrays.stream(table.fields())
                .filter(field ->
                        columns.stream().allMatch(column -> column.position(List.of(field.name()), caseSensitive) < 0))
                .toArray(StructField[]::new));
    }
}
