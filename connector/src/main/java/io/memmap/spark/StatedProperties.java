package io.memmap.spark;

import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.SparkTypes;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The properties of a table that a statement states: options, and what Spark adds to them. Driver side. */
final class StatedProperties {
    /** Names that Spark adds of its own accord, and the one that its pipelines read in the definition of a view. */
    private static final Set<String> OF_SPARK = Set.of(
            TableCatalog.PROP_OWNER,
            TableCatalog.PROP_IS_MANAGED_LOCATION,
            TableCatalog.PROP_EXTERNAL,
            "pipelines.reset.allowed");

    /** The options of a CREATE TABLE that the files themselves record. */
    private static final Set<OptionKey<?>> RECORDED =
            Set.of(OptionKey.DTYPE, OptionKey.COLUMN_DTYPES, OptionKey.SHAPE, OptionKey.ORDER, OptionKey.CONTAINER);

    private StatedProperties() {}

    /**
     * Returns the options among the properties, without what Spark adds, as each of OPTIONS again with a prefix.
     *
     * @param what the verb of a refused statement
     * @throws IllegalArgumentException for a property that no array has
     */
    static Map<String, String> options(String what, String path, Map<String, String> properties) {
        Map<String, String> given = new HashMap<>();
        properties.forEach((key, value) -> {
            boolean named = key.equals(TableCatalog.PROP_LOCATION)
                    || OptionKey.PATH.name().equalsIgnoreCase(key)
                    || OptionKey.PATHS.name().equalsIgnoreCase(key);
            boolean again = key.startsWith(TableCatalog.OPTION_PREFIX)
                    && properties.containsKey(key.substring(TableCatalog.OPTION_PREFIX.length()));
            // Spark's pipelines give views without a comment an empty one.
            boolean comment = key.equals(TableCatalog.PROP_COMMENT);
            if (named || (comment && !value.isEmpty())) {
                throw new IllegalArgumentException("Cannot " + what + " " + path + " with "
                        + (key.toLowerCase(Locale.ROOT).startsWith("path") ? key : key.toUpperCase(Locale.ROOT)) + " '"
                        + SessionSettings.active().redaction().shown(key, value) + "': "
                        + (named ? "its name says where it is" : "an array has no place for it") + ", expected none");
            } else if (key.equals(TableCatalog.PROP_PROVIDER)) {
                if (!MemmapDataSource.isNamed(value)) {
                    throw new IllegalArgumentException("Cannot " + what + " " + path + " USING " + value
                            + ", expected USING memmap, or nothing; saveAsTable takes format(\"memmap\")");
                }
            } else if (!comment && !OF_SPARK.contains(key) && !again) {
                given.put(key, value);
            }
        });
        return given;
    }

    /**
     * Returns the options that an ALTER TABLE sets, for the caller to compare with the array. Spark's pipelines state each
     * column and property anew before they refresh a table, and so what is as stated is no change.
     *
     * @throws UnsupportedOperationException for what an array cannot change or has no place for
     */
    static Map<String, String> ofChanges(String path, StructType columns, TableChange... changes) {
        Map<String, String> properties = new HashMap<>();
        for (TableChange change : changes) {
            if (change instanceof TableChange.SetProperty property) {
                properties.put(property.property(), property.value());
            } else if (!isSo(change, columns)) {
                throw refused(path, change);
            }
        }
        Map<String, String> options = options("alter", path, properties);
        for (String name : options.keySet()) {
            if (RECORDED.stream().noneMatch(key -> key.name().equalsIgnoreCase(name))) {
                throw noPlace(path, "property " + name);
            }
        }
        return options;
    }

    private static boolean isSo(TableChange change, StructType columns) {
        if (!(change instanceof TableChange.ColumnChange column) || column.fieldNames().length > 1) {
            return false;
        }
        String name = column.fieldNames()[0];
        Optional<StructField> field = Stream.of(columns.fields())
                .filter(each -> each.name().equals(name))
                .findAny();
        if (change instanceof TableChange.UpdateColumnNullability wanted) {
            // The encoders refuse NULL, whatever a column is told.
            return field.isPresent() && (wanted.nullable() || !field.get().nullable());
        } else if (change instanceof TableChange.UpdateColumnComment wanted) {
            return field.isPresent()
                    && (wanted.newComment() == null || MetadataColumns.areCommented(wanted.newComment()));
        } else if (change instanceof TableChange.UpdateColumnType wanted) {
            StructType other = new StructType().add(name, wanted.newDataType());
            return field.isPresent() && SparkTypes.startsWith(other, new StructType().add(field.get()));
        }
        return false;
    }

    private static UnsupportedOperationException refused(String path, TableChange change) {
        if (change instanceof TableChange.RemoveProperty property) {
            return noPlace(path, "property " + property.property());
        } else if (change instanceof TableChange.AddColumn
                || change instanceof TableChange.DeleteColumn
                || change instanceof TableChange.RenameColumn
                || change instanceof TableChange.UpdateColumnType
                || change instanceof TableChange.UpdateColumnPosition) {
            String column = String.join(".", ((TableChange.ColumnChange) change).fieldNames());
            return new UnsupportedOperationException("Cannot alter column " + column + " of " + path
                    + ": the file itself describes the array, expected no ALTER TABLE; write it anew with CREATE OR REPLACE"
                    + " TABLE ... AS SELECT, or remove it with DROP TABLE ... PURGE");
        }
        return noPlace(path, "comment, default, NOT NULL, constraint or clustering");
    }

    private static UnsupportedOperationException noPlace(String path, String what) {
        return new UnsupportedOperationException(
                "Cannot alter " + path + ": an array has no place for a " + what + ", expected no ALTER TABLE");
    }
}
