package io.memmap.spark;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.types.StructType;

/** A table that is written and not read, whatever is at its path now. Driver side. */
abstract class NewTable implements SupportsWrite {
    private final StructType schema;
    private final String path;

    NewTable(StructType schema, String path) {
        this.schema = schema;
        this.path = path;
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
