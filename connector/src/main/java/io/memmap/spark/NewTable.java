package io.memmap.spark;

import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.SparkTypes;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table that is written and not read, whatever is at its path now. Driver side. */
abstract class NewTable implements SupportsWrite {
    private final StructType schema;
    private final String path;

    NewTable(StructType schema, String path) {
        this.schema = schema;
        this.path = path;
    }

    /**
     * Refuses comments and collations of the columns that a statement lists. Those of a query have the comments and collations
     * of its tables.
     *
     * @throws IllegalArgumentException naming the column, which may be a field of another one
     */
    static void checkListed(StructType columns) {
        for (StructField field : columns.fields()) {
            String comment = field.metadata().contains(TableCatalog.PROP_COMMENT)
                    ? field.metadata().getString(TableCatalog.PROP_COMMENT)
                    : null;
            if (comment != null && !MetadataColumns.areCommented(comment)) {
                throw new IllegalArgumentException(
                        "Cannot create column '" + field.name() + "' with COMMENT '"
                                + SessionSettings.active().redaction().shown(TableCatalog.PROP_COMMENT, comment)
                                + "': an array has no place for it, expected none; leave it out, or CAST the column of a query, which drops it");
            }
            checkListed(field.name(), field.dataType());
        }
    }

    private static void checkListed(String column, DataType type) {
        if (type instanceof ArrayType array) {
            checkListed(column, array.elementType());
        } else if (type instanceof StructType struct) {
            checkListed(struct);
        } else if (SparkTypes.isCollated(type)) {
            throw new IllegalArgumentException("Cannot create column '" + column + "' " + type.sql()
                    + ": an array has no place for the collation, expected STRING; give it in the query, as in WHERE "
                    + column + " COLLATE " + type.sql().replaceFirst(".* ", "") + " = 'a'");
        }
    }

    @Override
    public final String name() {
        return "memmap " + path;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the Spark that this is compiled against, deprecated in later ones
    public final StructType schema() {
        return schema;
    }

    @Override
    public final Set<TableCapability> capabilities() {
        return Set.of(TableCapability.BATCH_WRITE, TableCapability.TRUNCATE, TableCapability.ACCEPT_ANY_SCHEMA);
    }
}
