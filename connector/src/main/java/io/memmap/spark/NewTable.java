package io.memmap.spark;

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
     * Refuses comments of the columns that a statement lists. Those of a query have the comments of its tables.
     *
     * @throws IllegalArgumentException naming the column, which may be a field of another one
     */
    static void checkNoComments(DataType columns) {
        if (columns instanceof ArrayType array) {
            checkNoComments(array.elementType());
        } else if (columns instanceof StructType struct) {
            for (StructField field : struct.fields()) {
                if (field.metadata().contains(TableCatalog.PROP_COMMENT)) {
                    String comment = field.metadata().getString(TableCatalog.PROP_COMMENT);
                    throw new IllegalArgumentException("Cannot create column '" + field.name() + "' with COMMENT '"
                            + SessionSettings.active().redaction().shown(TableCatalog.PROP_COMMENT, comment)
                            + "': an array has no place for it, expected none");
                }
                checkNoComments(field.dataType());
            }
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
