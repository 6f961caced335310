package io.memmap.spark.read;

import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.vector.SelectedVector;
import io.memmap.table.RowGroup;
import io.memmap.table.Selection;
import java.util.Arrays;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Hands out the selected rows of each batch. */
final class RowConsumer implements BatchConsumer {
    private final DecodedColumns columns;
    private long rowsLeft;

    private BatchDecoder decoder;
    private ColumnarBatch all;
    private SelectedVector[] selected;
    private ColumnarBatch some;
    private ColumnarBatch batch;

    RowConsumer(TaskPlan plan) {
        this.columns = DecodedColumns.ofVectors(plan.readSchema(), plan.filter().columns());
        this.rowsLeft = plan.limit();
    }

    @Override
    public DecodedColumns columns(RowGroup group) {
        return columns;
    }

    /** After each batch: its rows may be handed out only if the file is still the planned one. */
    @Override
    public long checkNbytes() {
        return 0;
    }

    @Override
    public void add(BatchDecoder from, Selection selection, int count) {
        if (decoder != from) {
            decoder = from;
            all = new ColumnarBatch(from.vectors());
            selected = Arrays.stream(from.vectors()).map(SelectedVector::new).toArray(SelectedVector[]::new);
            some = new ColumnarBatch(Arrays.copyOf(selected, selected.length, ColumnVector[].class));
        }
        int rows = count;
        if (selection != null) {
            selection.limit(rowsLeft);
            rows = selection.count();
        }
        batch = rows == count ? all : some(selection);
        batch.setNumRows(rows);
        rowsLeft -= rows;
    }

    private ColumnarBatch some(Selection selection) {
        for (SelectedVector vector : selected) {
            vector.reset(selection.rows());
        }
        return some;
    }

    @Override
    public boolean isFull() {
        return batch != null || rowsLeft == 0;
    }

    @Override
    public ColumnarBatch take() {
        ColumnarBatch taken = batch;
        batch = null;
        return taken;
    }
}
