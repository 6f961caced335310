package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.ConcurrentWrites;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.BoundTable;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.PartitionRules;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import io.memmap.storage.Recovery;
import io.memmap.table.Filter;
import io.memmap.table.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownOffset;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownTableSample;
import org.apache.spark.sql.connector.read.SupportsPushDownTopN;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what Spark pushes into a scan. It looks at the files when it is built, so each new plan sees them as they are
 * then. Driver side, one thread.
 */
public final class MemmapScanBuilder
        implements ScanBuilder,
                SupportsPushDownRequiredColumns,
                SupportsPushDownTableSample,
                SupportsPushDownV2Filters,
                SupportsPushDownAggregates,
                SupportsPushDownTopN,
                SupportsPushDownLimit,
                SupportsPushDownOffset {
    private long describingNanos;
    private final ScanContext context;
    private final TableFiles files;
    private final BoundTable table;
    private final RowColumns rowColumns;
    private final NumberColumns numberColumns;
    private final FilterTranslator translator;
    private final AggregationTranslator aggregations;
    private final List<Predicate> pushed = new ArrayList<>();

    /** The first partition only, until {@link #describedFor} is set; then the partitions that this predicate selects. */
    private DescribedTable described;

    /** Null at first. */
    private Filter describedFor;

    private boolean withPositions;

    /** The last scan that was planned: Spark gets the one that it asked about. Null at first. */
    private MemmapScan planned;

    private StructType required;
    /** The filter of the scan. */
    private Filter filter = Filter.always();

    /** The filter that holds for all rows that pass Spark's own filters. */
    private Filter implied = Filter.always();

    private PushedAggregates aggregates = PushedAggregates.NONE;
    private boolean averagesLongs;
    private long skip;
    private long limit = Long.MAX_VALUE;
    /** True if the limit counts from the last row. */
    private boolean descending;

    private boolean topN;

    /**
     * The session's part of a scan.
     *
     * @param cores tasks that run at once
     * @param local whether they run in the driver's JVM, as in {@code local[*]}
     */
    public record ScanContext(
            MemmapOptions options, HadoopSettings settings, PartitionRules partitionRules, int cores, boolean local) {
        boolean caseSensitive() {
            return partitionRules.caseSensitive();
        }
    }

    /**
     * @param table the columns of the table, natural or as the user asked for them
     * @param headers what was read of the files before
     * @throws IllegalArgumentException when the files do not have these columns
     * @throws IOException when a file cannot be read
     */
    public MemmapScanBuilder(ScanContext context, StructType table, HeaderBytes headers) throws IOException {
        long start = System.nanoTime();
        this.context = context;
        this.required = table;
        this.files = TableFiles.of(context.options(), context.settings(), context.partitionRules(), table, headers);
        this.described = files.describeColumns();
        checkReadable();
        this.table = described.bind(table);
        List<ArrayColumn> columns = this.table.columns();
        RowColumns known = rowColumns(columns, context, table);
        this.rowColumns = described.arrays().sharesFiles() ? known : known.sideBySide();
        this.numberColumns = new NumberColumns(table, columns);
        this.translator = new FilterTranslator(rowColumns, numberColumns);
        this.aggregations = new AggregationTranslator(numberColumns, rowColumns);
        this.describingNanos = System.nanoTime() - start;
    }

    /** The files that the query may need a row of, as their headers describe them. */
    private DescribedTable described(boolean positions) {
        Filter wanted = filter.and(implied);
        if (files.isPartitioned() && !(wanted.equals(describedFor) && positions == withPositions)) {
            Entry.run(() -> {
                long start = System.nanoTime();
                described = positions ? files.describeAll() : files.describe(wanted);
                checkReadable();
                describedFor = wanted;
                planned = null;
                withPositions = positions;
                describingNanos += System.nanoTime() - start;
            });
        }
        return described;
    }

    private void checkReadable() throws IOException {
        if (context.options().get(OptionKey.CONCURRENT_WRITES) == ConcurrentWrites.ALLOW) {
            return;
        }
        Recovery.checkReadable(described.arrays().files().toList());
    }

    /** In {@code layout=elements} the column that holds the position on axis 0 is known, wherever a user's schema has it. */
    private static RowColumns rowColumns(List<ArrayColumn> columns, ScanContext context, StructType table) {
        List<String> names = List.of(table.fieldNames());
        RowColumns known = RowColumns.of(names, context.caseSensitive());
        Map<String, PartitionOperand> partitions = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            ArrayColumn column = columns.get(i);
            String name = names.get(i);
            if (column.extent() == Extent.INDEX && column.index() == 0) {
                known = known.withAxis0(name);
            } else if (column.extent() == Extent.CONSTANT) {
                PartitionColumn partition = new PartitionColumn(name, column.type());
                partitions.put(name, new PartitionOperand(partition, Math.toIntExact(column.index()), false));
            }
        }
        return known.withPartitions(partitions);
    }

    @Override
    public void pruneColumns(StructType requiredSchema) {
        required = requiredSchema;
    }

    /** Without replacement a row is in the sample or not, whatever its partition. */
    @Override
    public boolean pushTableSample(double lowerBound, double upperBound, boolean withReplacement, long seed) {
        return Entry.call(() -> {
            if (withReplacement) {
                return false;
            }
            filter = filter.and(new Sample(lowerBound, upperBound, seed));
            return true;
        });
    }

    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
        return Entry.call(() -> translate(predicates));
    }

    private Predicate[] translate(Predicate[] predicates) {
        List<Predicate> residual = new ArrayList<>();
        for (Predicate candidate : predicates) {
            Filter translated = translator.translate(candidate);
            if (translated.isExact()
                    || (translated.isKnown() && context.options().get(OptionKey.PUSH_FILTERS))) {
                filter = filter.and(translated);
                pushed.add(candidate);
            } else {
                implied = implied.and(translated.exact());
                residual.add(candidate);
            }
        }
        return residual.toArray(Predicate[]::new);
    }

    @Override
    public Predicate[] pushedPredicates() {
        return pushed.toArray(Predicate[]::new);
    }

    /**
     * Returns true if the scan hands out the very answer: no row at all need be read, or one task reads all. Spark asks here
     * first, and averages are not yet sums and counts.
     */
    @Override
    public boolean supportCompletePushDown(Aggregation aggregation) {
        return Entry.call(() -> {
            double rowCount = (double) described(false).arrays().rowCount() * described.tableRowsPerRow();
            averagesLongs |= aggregations.averagesLongs(aggregation, rowCount);
            return pushable(aggregation)
                    .filter(found -> isCounted(found) || scan(found).isWholeAnswer())
                    .isPresent();
        });
    }

    @Override
    public boolean pushAggregation(Aggregation aggregation) {
        Optional<PushedAggregates> translated = Entry.call(() -> pushable(aggregation));
        translated.ifPresent(found -> aggregates = found);
        return translated.isPresent();
    }

    /** Returns true if it is rows that are counted, which are known. */
    private boolean isCounted(PushedAggregates wanted) {
        return !wanted.isEmpty() && wanted.countRowsOnly() && filter.isExact();
    }

    private Optional<PushedAggregates> pushable(Aggregation aggregation) {
        return averagesLongs || !context.options().get(OptionKey.PUSH_AGGREGATES)
                ? Optional.empty()
                : aggregations.translate(aggregation);
    }

    @Override
    public boolean pushLimit(int rows) {
        return Entry.call(() -> {
            // Below zero where Spark's own sum of a limit and an offset was too large.
            if (rows < 0 || !aggregates.isEmpty()) {
                return false;
            }
            limit = rows;
            return true;
        });
    }

    /** Drops rows of those that the limit, which Spark pushes before, has left. */
    @Override
    public boolean pushOffset(int rows) {
        return Entry.call(() -> {
            if (!aggregates.isEmpty() || isPartiallyPushed()) {
                return false;
            }
            skip = rows;
            return true;
        });
    }

    /** The first or the last rows by position; Spark sorts them. */
    @Override
    public boolean pushTopN(SortOrder[] orders, int rows) {
        return Entry.call(() -> takeTopN(orders, rows));
    }

    private boolean takeTopN(SortOrder[] orders, int rows) {
        // Below zero where Spark's own sum of a limit and an offset was too large.
        if (rows < 0) {
            return false;
        }
        boolean byRow = orders.length > 0
                && RowColumns.name(orders[0].expression())
                        .flatMap(rowColumns::meaning)
                        .filter(RowColumns.Meaning.ROW::equals)
                        .isPresent();
        // Where rows of the table share a position, what comes next in the order decides between them.
        boolean unique = described.tableRowsPerRow() == 1;
        if (!byRow || !(unique || orders.length == 1) || !aggregates.isEmpty() || !filter.isExact()) {
            return false;
        }
        topN = true;
        limit = rows;
        descending = orders[0].direction() == SortDirection.DESCENDING;
        return true;
    }

    /**
     * Rows are counted before any is read, so that a limit holds over all partitions, unless values decide which rows there
     * are; then each partition stops at the limit. Of a top-n Spark keeps the sort.
     */
    @Override
    public boolean isPartiallyPushed() {
        return Entry.call(() -> topN || !filter.isExact());
    }

    @Override
    public Scan build() {
        return Entry.call(() -> {
            MemmapScan scan = scan(aggregates);
            return isCounted(aggregates) ? scan.counted() : scan;
        });
    }

    private MemmapScan scan(PushedAggregates wanted) {
        boolean exact = filter.isExact();
        RowSelection rows = new RowSelection(filter.and(implied), exact ? limit : Long.MAX_VALUE, skip, descending);
        TaskPlan plan = new TaskPlan(
                wanted.isEmpty() ? required : wanted.structType(),
                filter.residual(),
                exact ? Long.MAX_VALUE : limit,
                wanted);
        PushedDown all = new PushedDown(rows, plan);
        boolean positions = topN || rows.filter().asksPositions() || (wanted.isEmpty() && requiresPositions());
        DescribedTable now = described(positions);
        if (planned != null && planned.isFor(all)) {
            return planned;
        }
        BoundTable bound = files.isPartitioned() ? now.bind(table.table()) : table;
        planned = files.isPartitioned() && wanted.isEmpty()
                ? new PartitionedScan(context, now, bound, all, describingNanos, translator)
                : new MemmapScan(context, now, bound, all, describingNanos);
        return planned;
    }

    private boolean requiresPositions() {
        return Arrays.stream(required.fieldNames()).anyMatch(name -> rowColumns
                .meaning(name)
                .filter(RowColumns.Meaning.ROW::equals)
                .isPresent());
    }
}
