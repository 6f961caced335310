package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.PartitionFilter;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.write.MemmapWriteBuilder;
import io.memmap.table.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsDeleteV2;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** Statements that take all rows of a table, or those of whole partitions, out of it: overwrites by no rows. Driver side. */
interface RowRemoval extends SupportsDeleteV2 {
    /** The columns of the directories. */
    List<PartitionColumn> partitionColumns();

    /** Returns the builder of a write without rows. */
    MemmapWriteBuilder newEmptyWriteBuilder();

    @Override
    default boolean canDeleteWhere(Predicate[] predicates) {
        return Entry.call(() -> areAll(predicates)
                || (!partitionColumns().isEmpty() && filter(predicates).isKnown()));
    }

    /** Translates conditions on the partition columns. */
    default Filter filter(Predicate[] predicates) {
        return PartitionFilter.of(
                predicates, partitionColumns(), SessionSettings.active().caseSensitive());
    }

    private static boolean areAll(Predicate[] predicates) {
        return Arrays.stream(predicates).allMatch(AlwaysTrue.class::isInstance);
    }

    @Override
    default void deleteWhere(Predicate[] predicates) {
        Entry.run(() -> remove(builder -> areAll(predicates) ? builder.overwriteAll() : builder.overwrite(predicates)));
    }

    @Override
    default boolean truncateTable() {
        Entry.run(() -> remove(MemmapWriteBuilder::overwriteAll));
        return true;
    }

    /**
     * Takes out the rows of some partitions.
     *
     * @param values of all columns of each
     */
    default void removePartitions(InternalRow[] values) {
        remove(builder -> builder.overwrite(values));
    }

    private void remove(Function<MemmapWriteBuilder, WriteBuilder> rows) {
        BatchWrite write = rows.apply(newEmptyWriteBuilder()).build().toBatch();
        WriterCommitMessage[] noTasks = {};
        try {
            write.createBatchWriterFactory(() -> 0);
            write.commit(noTasks);
        } finally {
            write.abort(noTasks);
        }
    }
}
