package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.read.MemmapScanBuilder.ScanContext;
import io.memmap.spark.schema.BoundTable;
import io.memmap.table.Filter;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;

/**
 * A read of partition directories, of which a join may leave out some while it runs: Spark then says which values the other
 * side has. Driver side.
 */
final class PartitionedScan extends MemmapScan implements SupportsRuntimeV2Filtering {
    private final FilterTranslator translator;
    private volatile Filter joined = Filter.always();

    PartitionedScan(
            ScanContext context,
            DescribedTable described,
            BoundTable table,
            PushedDown pushed,
            long describingNanos,
            FilterTranslator translator) {
        super(context, described, table, pushed, describingNanos);
        this.translator = translator;
    }

    /** The partition columns among those that are read. */
    @Override
    public NamedReference[] filterAttributes() {
        return Entry.call(() -> Arrays.stream(readSchema().fieldNames())
                .filter(translator::isPartition)
                .map(name -> Expressions.column(ColumnNames.quoted(name)))
                .toArray(NamedReference[]::new));
    }

    /** Takes the place of what an earlier run of the same plan said. What is not understood leaves nothing out. */
    @Override
    public void filter(Predicate[] predicates) {
        Entry.run(() -> joined = translator.translate(predicates));
    }

    /** Partitions are left out after a limit has been applied: the join asks about rows that are in its result. */
    @Override
    public InputPartition[] planInputPartitions() {
        return Entry.call(() -> {
            Filter now = joined;
            List<SelectedRows> rows = rows().stream()
                    .filter(group -> now.mayPass(group.group().constants()))
                    .toList();
            return inputs(plan(rows));
        });
    }
}
