package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import java.util.Arrays;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.DeltaBatchWrite;
import org.apache.spark.sql.connector.write.DeltaWrite;
import org.apache.spark.sql.connector.write.DeltaWriteBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperation;
import org.apache.spark.sql.connector.write.SupportsDelta;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A DELETE of single rows of a table with partitions, which fails when it is run. Spark plans each DELETE like this first, and
 * then drops the plan if the table can delete whole partitions instead. Driver side.
 */
record RowDelete(MemmapCatalogTable table) implements SupportsDelta {
    static UnsupportedOperationException refusal(MemmapCatalogTable table) {
        return new UnsupportedOperationException("Cannot delete rows of " + table.name()
                + ": an array has no holes, expected UPDATE"
                + (table.partitionColumns().isEmpty()
                        ? ""
                        : ", or whole partitions, by comparisons of their columns with literals")
                + "; mark the rows with a value of your own, or write those to keep to a new array, as in CREATE TABLE"
                + " memmap.`kept.npy` AS SELECT ... WHERE ...");
    }

    private record Refused(MemmapCatalogTable table) implements DeltaWrite {
        @Override
        public DeltaBatchWrite toBatch() {
            return Entry.call(() -> {
                throw refusal(table);
            });
        }

        @Override
        public String toString() {
            return description();
        }

        @Override
        public String description() {
            return "memmap delete of " + table.name();
        }
    }

    @Override
    public RowLevelOperation.Command command() {
        return Command.DELETE;
    }

    @Override
    public String description() {
        return command() + " " + table.name();
    }

    /** Shown in plans. */
    @Override
    public String toString() {
        return description();
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return table.newScanBuilder(options);
    }

    @Override
    public NamedReference[] rowId() {
        // A field of an array may have the name of any column that could be one.
        return new NamedReference[0];
    }

    /** All that a condition may name. */
    @Override
    public NamedReference[] requiredMetadataAttributes() {
        return Arrays.stream(table.metadataColumns())
                .map(column -> Expressions.column(column.name()))
                .toArray(NamedReference[]::new);
    }

    @Override
    public DeltaWriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return new DeltaWriteBuilder() {
            @Override
            public DeltaWrite build() {
                return new Refused(table);
            }
        };
    }
}
