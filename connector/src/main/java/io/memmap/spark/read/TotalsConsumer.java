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
    private final List<Group> groups = new ArrayList<>();

    private String file = "";
    private Map<String, Totals> totals;
    private long rows;
    private boolean taken;

    TotalsConsumer(TaskPlan plan) {
        this.plan = plan;
        this.aggregates = plan.aggregates();
        this.totals = aggregates.newTotals();
    }

    /** The row groups of a file are neighbours, as splits are in the order of the files. */
    @Override
    public DecodedColumns columns(RowGroup group) {
        String next = group.path().orElse("");
        if (aggregates.isByFile() && !next.equals(file)) {
            end();
            file = next;
            totals = aggregates.newTotals();
            rows = 0;
        }
        return plan.isFiltered()
                ? DecodedColumns.ofNumbers(plan.filter().columns(), aggregates.columns())
                : DecodedColumns.ofTotals(totals);
    }

    private void end() {
        if (rows > 0 || !aggregates.isByFile()) {
            groups.add(new Group(file, rows, totals));
        }
    }

    @Override
    public long checkNbytes() {
        return 64L << 20;
    }

    /** Without a filter the decoder has added the numbers to the totals. */
    @Override
    public void add(BatchDecoder decoder, Selection selection, int count) {
        if (selection == null) {
            rows += count;
            return;
        }
        rows += selection.count();
        totals.forEach((name, total) -> selection.addTo(total, decoder.numbers(name)));
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
        end();
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
