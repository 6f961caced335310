package io.memmap.spark.read;

import io.memmap.compute.KernelChoice;
import io.memmap.compute.Totals;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.aggregate.PushedAggregates.Group;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.table.RowGroup;
import io.memmap.table.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up all rows, or those of each file: one batch at the end of the partition. */
final class TotalsConsumer implements BatchConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(TotalsConsumer.class);

    /** The last line about kernels in the log: one is written where they change. */
    private static volatile String kernels = "";

    private final TaskPlan plan;
    private final PushedAggregates aggregates;
    /** Those of each file by its path, as a file may be given twice; else one. */
    private final Map<String, Sums> sums = new LinkedHashMap<>();

    private Sums current;
    private boolean taken;

    private static final class Sums {
        private final Map<String, Totals> totals;
        private long rows;

        Sums(Map<String, Totals> totals) {
            this.totals = totals;
        }
    }

    TotalsConsumer(TaskPlan plan) {
        this.plan = plan;
        this.aggregates = plan.aggregates();
        if (!aggregates.isByFile()) {
            enter("");
        }
    }

    @Override
    public DecodedColumns columns(RowGroup group) {
        if (aggregates.isByFile()) {
            enter(group.path().orElse(""));
        }
        return plan.isFiltered()
                ? DecodedColumns.ofNumbers(plan.filter().columns(), aggregates.columns())
                : DecodedColumns.ofTotals(current.totals);
    }

    private void enter(String file) {
        current = sums.computeIfAbsent(file, path -> new Sums(aggregates.newTotals()));
    }

    @Override
    public long checkNbytes() {
        return 64L << 20;
    }

    /** Without a filter the decoder has added the numbers to the totals. */
    @Override
    public void add(BatchDecoder decoder, Selection selection, int count) {
        if (selection == null) {
            current.rows += count;
            return;
        }
        current.rows += selection.count();
        current.totals.forEach((name, total) -> selection.addTo(total, decoder.numbers(name)));
    }

    @Override
    public void addAll(BatchConsumer later) {
        ((TotalsConsumer) later).sums.forEach((file, of) -> {
            enter(file);
            current.rows += of.rows;
            current.totals.forEach((name, total) -> total.add(of.totals.get(name)));
        });
    }

    @Override
    public boolean isFull() {
        return taken;
    }

    @Override
    public ColumnarBatch take() {
        if (taken) {
            return null;
        }
        taken = true;
        List<Group> groups = new ArrayList<>();
        sums.forEach((file, of) -> {
            if (of.rows > 0 || !aggregates.isByFile()) {
                groups.add(new Group(file, of.rows, of.totals));
            }
        });
        logKernels(KernelChoice.description());
        ColumnarBatch batch = aggregates.batch(groups);
        return batch.numRows() == 0 ? null : batch;
    }

    private static void logKernels(String description) {
        if (!description.equals(kernels)) {
            kernels = description;
            LOG.info("Aggregates are computed by {}", description);
        }
    }
}
