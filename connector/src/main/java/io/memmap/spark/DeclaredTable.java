package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.read.TableFiles;
import io.memmap.spark.schema.PartitionColumns;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.storage.HeaderBytes;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * A table whose columns a user declares. The columns of its partition directories are last, even if they are not declared,
 * as in Spark's own sources. Driver side.
 */
final class DeclaredTable extends MemmapTable {
    private StructType whole;

    DeclaredTable(StructType schema, Map<String, String> properties) {
        super(schema, properties);
    }

    /** Looks at the names of the directories. Spark asks only for a table that it reads, unless it writes intervals. */
    @Override
    public StructType schema() {
        return Entry.call(() -> SparkTypes.holdsInterval(super.schema()) ? super.schema() : whole());
    }

    /** Looks at the names of the directories: Spark asks for metadata columns only of a table that it reads. */
    @Override
    boolean isSideBySide() {
        Entry.call(this::whole);
        return super.isSideBySide();
    }

    private StructType whole() throws IOException {
        if (whole == null) {
            whole = withPartitions(super.schema());
        }
        return whole;
    }

    private StructType withPartitions(StructType declared) throws IOException {
        SessionSettings session = SessionSettings.active();
        MemmapOptions options = session.options(stored()).checkedFor(Operation.READ);
        TableFiles files = session.files(options, declared, new HeaderBytes());
        keepSideBySide(files.isSideBySide());
        PartitionColumns partitions = files.partitions();
        return partitions.columns().isEmpty() ? declared : partitions.with(declared, session.caseSensitive());
    }
}
