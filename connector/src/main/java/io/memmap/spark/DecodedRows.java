package io.memmap.spark;

import io.memmap.format.ArrayFile;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.read.decode.ArrayDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.schema.BoundTable;
import io.memmap.spark.write.StoredRows;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import io.memmap.table.RowGroup;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Decodes single rows of one file for the write side: what joins the two sides of an update. Crosses the wire. */
record DecodedRows(ArrayFile file, BoundTable table, HadoopSettings settings) implements StoredRows {

    @Override
    public Reader open() throws IOException {
        return new DecodedFile(this);
    }

    /** Reads consecutive rows in growing windows. One task thread; holds heap only. */
    private static final class DecodedFile implements Reader {
        private static final int MOST_ROWS = 1 << 16;

        private final ArrayDecoder decoder;
        private final ArrayInput input;
        private final long end;
        private final ColumnarBatch batch;
        private long first;
        private long after;
        private int window = 1;

        DecodedFile(DecodedRows rows) throws IOException {
            ArrayFile file = rows.file;
            DecodedColumns columns = DecodedColumns.ofVectors(rows.table.table(), Set.of());
            decoder = new ArrayDecoder(new RowGroup.Shard(0, file), rows.table, columns);
            batch = new ColumnarBatch(decoder.vectors());
            boolean byElement = rows.table.options().layout() == LayoutMode.ELEMENTS;
            end = file.layout().rowCount() * (byElement ? file.layout().rowSize() : 1);
            input = Storage.of(file.path(), rows.settings).openRead(file, List.of(), false);
        }

        @Override
        public InternalRow row(long tableRow) throws IOException {
            if (tableRow < first || tableRow >= after) {
                window = tableRow == after ? Math.min(2 * window, MOST_ROWS) : 1;
                ArrayInput[] inputs = {input};
                int count = decoder.batchRows(inputs, tableRow, Math.min(tableRow + window, end));
                input.read(() -> decoder.decodeRest(inputs, tableRow, count));
                batch.setNumRows(count);
                first = tableRow;
                after = tableRow + count;
            }
            return batch.getRow((int) (tableRow - first));
        }

        @Override
        public void close() {
            input.close();
        }
    }
}
