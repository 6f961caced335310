package io.memmap.spark.read;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.storage.HadoopSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownOffset;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what Spark pushes into a scan. It looks at the files when it is built, so each new plan sees them as they are
 * then. Driver side, one thread.
 */
public final class MemmapScanBuilder
        implements ScanBuilder,
                SupportsPushDownRequiredColumns,
                SupportsPushDownV2Filters,
                SupportsPushDownLimit,
                SupportsPushDownOffset {
    private final ScanContext context;
    private final DescribedArray described;
    private final StructType table;
    private final RowColumns rowColumns;
    private final List<Predicate> pushed = new ArrayList<>();

    private StructType required;
    private RowPredicate predicate = new RowPredicate.Constant(true);
    private long skip;
    private long limit = Long.MAX_VALUE;

    /**
     * What the session brings to a scan.
     *
     * @param cores tasks that run at once
     */
    public record ScanContext(MemmapOptions options, HadoopSettings settings, boolean caseSensitive, int cores) {}

    /**
     * @param table the columns of the table, natural or as the user asked for them
     * @throws IllegalArgumentException when the files do not have these columns
     */
    public MemmapScanBuilder(ScanContext context, StructType table) {
        this.context = context;
        this.table = table;
        this.required = table;
        this.described = DescribedArray.of(context.options(), context.settings(), context.caseSensitive(), table);
        this.rowColumns = rowColumns(described, context, table);
    }

    /** In {@code layout=elements} the column that holds the position on axis 0 is known, wherever a user's schema has it. */
    private static RowColumns rowColumns(DescribedArray described, ScanContext context, StructType table) {
        RowColumns metadata = RowColumns.of(List.of(table.fieldNames()), context.caseSensitive());
        List<ArrayColumn> columns = described
                .schema()
                .match(table, described.options(), described.array().first().path());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).extent() == Extent.INDEX && columns.get(i).index() == 0) {
                return metadata.withAxis0(table.fieldNames()[i]);
            }
        }
        return metadata;
    }

    @Override
    public void pruneColumns(StructType requiredSchema) {
        required = requiredSchema;
    }

    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
        List<Predicate> residual = new ArrayList<>();
        for (Predicate candidate : predicates) {
            Optional<RowPredicate> translated = RowPredicate.of(candidate, rowColumns);
            if (translated.isPresent()) {
                predicate = predicate.and(translated.get());
                pushed.add(candidate);
            } else {
                residual.add(candidate);
            }
        }
        return residual.toArray(Predicate[]::new);
    }

    @Override
    public Predicate[] pushedPredicates() {
        return pushed.toArray(Predicate[]::new);
    }

    @Override
    public boolean pushLimit(int rows) {
        limit = rows;
        return true;
    }

    /** Drops rows of those that the limit, which Spark pushes before, has left. */
    @Override
    public boolean pushOffset(int rows) {
        skip = rows;
        return true;
    }

    /** Rows are counted before any is read, so a limit holds over all partitions. */
    @Override
    public boolean isPartiallyPushed() {
        return false;
    }

    @Override
    public Scan build() {
        return new MemmapScan(context, described, table, required, new RowSelection(predicate, limit, skip));
    }
}
