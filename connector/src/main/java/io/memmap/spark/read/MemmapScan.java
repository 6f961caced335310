package io.memmap.spark.read;

import io.memmap.format.Reading.TrailingBytes;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.FailureForm;
import io.memmap.spark.metric.ScanMetric;
import io.memmap.spark.options.ConcurrentWrites;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.read.MemmapScanBuilder.ScanContext;
import io.memmap.spark.read.aggregate.GroupTotals;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.SideBySide;
import io.memmap.table.RowGroup;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One planned read: which rows of which files, and which of their columns. Immutable, driver side. */
class MemmapScan implements Scan, Batch, SupportsReportStatistics {
    private static final Logger LOG = LoggerFactory.getLogger(MemmapScan.class);
    /** From here on a row is a task's whole memory, and there are few of them to share out. */
    private static final long LARGE_ROW_NBYTES = 64L << 20;

    private static final int AGGREGATE_TASKS_PER_CORE = 2;
    /** Else one task more would get what is left over, and a core nothing to do meanwhile. */
    private static final double ROOM_FOR_WHOLE_ROWS = 1.05;
    /** Seconds of work; what a task that fails has to do again. */
    private static final long MAX_AGGREGATE_NBYTES = 8L << 30;
    /** One task adds these up, of the file or decoded, in the time that Spark takes to merge the totals of two. */
    private static final double ONE_TASK_NBYTES = 256 << 20;

    private final ScanContext context;
    private final DescribedTable described;
    private final BoundTable table;
    private final PushedDown pushed;
    private final List<SelectedRows> rows;
    private final long decodedRowNbytes;
    private final long describingNanos;
    /** Null until it is planned. */
    private Partitions partitions;

    private volatile CustomTaskMetric[] driverMetrics = {};

    /** @param describingNanos what looking at the files took */
    MemmapScan(
            ScanContext context, DescribedTable described, BoundTable table, PushedDown pushed, long describingNanos) {
        this.context = context;
        this.described = described;
        this.table = table;
        this.pushed = pushed;
        this.describingNanos = describingNanos;
        // What no executor could decode is refused here, before a job starts.
        List<RowGroup> groups =
                described.arrays().rowGroups(table.arrays(pushed.plan().columns()));
        RowGroup longest = groups.stream()
                .max(Comparator.comparingLong(group -> group.rowNbytes(1)))
                .orElseThrow();
        BatchDecoder decoder =
                BatchDecoder.of(longest, table, pushed.plan().consumer().columns(longest));
        this.rows = pushed.rows().rows(groups, described.tableRowsPerRow(), decoder.rowNbytes());
        this.decodedRowNbytes = decoder.decodedRowNbytes();
    }

    /** The answer, where rows are counted only. */
    CountScan counted() {
        Map<String, Long> rowsByFile = new LinkedHashMap<>();
        rows.forEach(group ->
                rowsByFile.merge(group.group().path().orElse(""), group.rows().count(), Long::sum));
        return CountScan.of(pushed.plan().aggregates(), rowsByFile, description());
    }

    @Override
    public StructType readSchema() {
        return pushed.plan().readSchema();
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public ColumnarSupportMode columnarSupportMode() {
        return ColumnarSupportMode.SUPPORTED;
    }

    @Override
    public Statistics estimateStatistics() {
        return Entry.call(this::statistics);
    }

    private Statistics statistics() {
        long count = rowsHandedOut();
        // An estimate, which must not fail: it saturates. A row without columns is still a row.
        double product = (double) count * Math.max(decodedRowNbytes, Long.BYTES);
        return new Estimate(OptionalLong.of((long) product), OptionalLong.of(count));
    }

    private record Estimate(OptionalLong sizeInBytes, OptionalLong numRows) implements Statistics {}

    private long rowsHandedOut() {
        PushedAggregates aggregates = pushed.plan().aggregates();
        if (aggregates.isEmpty() || aggregates.isByKey()) {
            return SelectedRows.count(rows);
        }
        return aggregates.isByFile() ? rows.size() : 1;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        return Entry.call(() -> inputs(planned()));
    }

    /** Returns true if this was pushed into it. */
    final boolean isFor(PushedDown wanted) {
        return pushed.equals(wanted);
    }

    /** The rows that are selected. */
    final List<SelectedRows> rows() {
        return rows;
    }

    /** The cuts of a plan, and the hosts near them. */
    record Partitions(List<List<Split>> splits, FileBlocks blocks, long rowCount, long nanos) {}

    /** Plans once; Spark asks whether one task gives the answer before it asks for the partitions. */
    private synchronized Partitions planned() {
        if (partitions == null) {
            partitions = plan(rows);
        }
        return partitions;
    }

    final Partitions plan(List<SelectedRows> selected) {
        long start = System.nanoTime();
        int cores = isSmallAggregate() ? 1 : context.cores();
        PartitionPlanner planner = new PartitionPlanner(
                partitionNbytes(), context.options().minPartitions().orElse(0), isOfThreads() ? threads() : cores);
        FileBlocks blocks = FileBlocks.of(described.tableRowsPerRow(), selected, context.settings());
        List<List<Split>> splits = planner.plan(selected, (cuts, groups) -> cuts(cuts, groups, blocks));
        return new Partitions(splits, blocks, SelectedRows.count(selected), System.nanoTime() - start);
    }

    final InputPartition[] inputs(Partitions planned) {
        warn();
        List<List<Split>> splits = planned.splits();
        if (splits.isEmpty() && !pushed.plan().aggregates().isEmpty()) {
            // Spark adds up the counts of partitions; of none it makes NULL.
            splits = List.of(List.of());
        }
        List<List<List<Split>>> tasks =
                isOfThreads() ? List.of(splits) : splits.stream().map(List::of).toList();
        driverMetrics = new CustomTaskMetric[] {
            new ScanMetric.Partitions().of(tasks.size()),
            new ScanMetric.RowsPruned().of(tableRowCount() - planned.rowCount()),
            new ScanMetric.PlanningTime().of(describingNanos + planned.nanos())
        };
        List<List<String>> hosts = planned.blocks().hosts(splits);
        InputPartition[] inputs = new InputPartition[tasks.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new MemmapInputPartition(tasks.get(i), hosts.get(i));
        }
        return inputs;
    }

    private long[] cuts(long[] planned, List<SelectedRows> groups, FileBlocks blocks) {
        return Entry.call(() -> SequenceCuts.byNbytes(
                SequentialRows.uncut(blocks.moved(planned, groups), groups), groups, context.settings()));
    }

    /** Returns true if one task gives the answer, and no other row of it: then Spark has nothing to merge. */
    boolean isWholeAnswer() {
        return isOfThreads() || (isSmallAggregate() && planned().splits().size() <= 1);
    }

    /** Returns true if threads of one task add up what tasks in the same JVM would: Spark has nothing to exchange. */
    private boolean isOfThreads() {
        PushedAggregates aggregates = pushed.plan().aggregates();
        return context.local()
                && context.cores() <= SideBySide.MAX_THREADS
                && !aggregates.isEmpty()
                && !aggregates.isByKey()
                && context.options().minPartitions().isEmpty()
                && !context.options().isGiven(OptionKey.MAX_PARTITION_BYTES)
                && readNbytes() <= MAX_AGGREGATE_NBYTES;
    }

    private int threads() {
        return Math.min(context.cores(), Runtime.getRuntime().availableProcessors());
    }

    private boolean isSmallAggregate() {
        PushedAggregates aggregates = pushed.plan().aggregates();
        double nbytes = Math.max(readNbytes(), (double) SelectedRows.count(rows) * decodedRowNbytes);
        return !aggregates.isEmpty()
                && nbytes <= ONE_TASK_NBYTES
                && (!aggregates.isByKey() || GroupTotals.keepsAll(aggregates, SelectedRows.count(rows)));
    }

    private long tableRowCount() {
        return described.arrays().rowCount() * described.tableRowsPerRow();
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
        return Entry.call(ScanMetric::all);
    }

    @Override
    public CustomTaskMetric[] reportDriverMetrics() {
        return driverMetrics.clone();
    }

    /** A task that hands out one row should be worth its milliseconds: few and large, but as many for each core. */
    private long partitionNbytes() {
        long asked = context.options().get(OptionKey.MAX_PARTITION_BYTES);
        if (pushed.plan().aggregates().isEmpty() || context.options().isGiven(OptionKey.MAX_PARTITION_BYTES)) {
            return asked;
        }
        double perCore = readNbytes() / context.cores();
        double perTask = perCore / AGGREGATE_TASKS_PER_CORE * ROOM_FOR_WHOLE_ROWS;
        return perCore <= asked ? asked : (long) Math.min(perTask, MAX_AGGREGATE_NBYTES);
    }

    private double readNbytes() {
        return rows.stream()
                .mapToDouble(group -> (double) group.rows().count() * group.rowNbytes())
                .sum();
    }

    private void warn() {
        // With trailingBytes=ignore the array is a section of its file by the user's word.
        boolean mayGrow = context.options().get(OptionKey.TRAILING_BYTES) != TrailingBytes.IGNORE;
        for (ShardedArray array : described.arrays().arrays()) {
            Layout first = array.first().layout();
            if (mayGrow && array.trailingNbytes() > 0) {
                LOG.warn(
                        "{}: {} bytes after the arrays' ends are ignored; an append may be under way",
                        array.first().path(),
                        array.trailingNbytes());
            }
            if (described.tableRowsPerRow() == 1 && first.rowNbytes() > LARGE_ROW_NBYTES) {
                LOG.warn(
                        "{}: shape {} has {} rows of {} bytes each, too few and too large to share out; consider "
                                + "transpose=true or layout=elements",
                        array.first().path(),
                        first.shape(),
                        first.rowCount(),
                        first.rowNbytes());
            }
        }
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return Entry.call(() -> new MemmapPartitionReaderFactory(
                table,
                pushed.plan(),
                context.settings()
                        .forTasks(rows.stream()
                                .flatMap(selected -> selected.group().sources().stream())
                                .map(source -> source.file().path())),
                context.options().get(OptionKey.ACCESS),
                context.options().get(OptionKey.CONCURRENT_WRITES) == ConcurrentWrites.ALLOW,
                threads(),
                FailureForm.ofTasks()));
    }

    /** Two scans are the same when they read the same rows of the same files, as they are now, in the same way. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemmapScan scan
                && described.equals(scan.described)
                && table.table().equals(scan.table.table())
                && pushed.equals(scan.pushed)
                && context.options().equals(scan.context.options());
    }

    /** Hashes one file instead of all: Spark asks for it many times. */
    @Override
    public int hashCode() {
        return Objects.hash(
                described.arrays().first(), described.arrays().arrays().size(), table.table(), pushed);
    }

    /** One line for EXPLAIN. */
    @Override
    public String description() {
        return Entry.call(new ScanDescription(described, pushed, rows)::toString);
    }
}
