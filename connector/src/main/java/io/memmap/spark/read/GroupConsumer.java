package io.memmap.spark.read;

import io.memmap.compute.Numbers;
import io.memmap.spark.read.aggregate.GroupTotals;
import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.table.RowGroup;
import io.memmap.table.Selection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Adds up rows by keys: a row for each group. Where there are many groups, those so far are handed out and forgotten, and
 * may come again; Spark adds up what is of one group.
 */
final class GroupConsumer implements BatchConsumer {
    private final DecodedColumns decoded;
    private final Set<String> columns;
    private final GroupTotals totals;
    private final Map<String, Numbers> selected = new HashMap<>();

    GroupConsumer(TaskPlan plan) {
        this.columns = plan.aggregates().columns();
        this.decoded = DecodedColumns.ofNumbers(plan.filter().columns(), columns);
        this.totals = new GroupTotals(plan.aggregates());
    }

    @Override
    public DecodedColumns columns(RowGroup group) {
        return decoded;
    }

    @Override
    public long checkNbytes() {
        return 4L << 20;
    }

    @Override
    public void add(BatchDecoder decoder, Selection selection, int count) {
        if (selection == null || selection.count() == count) {
            totals.add(decoder::numbers, count);
            return;
        }
        for (String column : columns) {
            selected.put(column, decoder.numbers(column).selected(selection.rows(), selection.count()));
        }
        totals.add(selected::get, selection.count());
    }

    @Override
    public boolean isFull() {
        return totals.isFull();
    }

    @Override
    public ColumnarBatch take() {
        ColumnarBatch batch = totals.drain();
        return batch.numRows() == 0 ? null : batch;
    }
}
