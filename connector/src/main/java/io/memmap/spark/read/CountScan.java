package io.memmap.spark.read;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.aggregate.PushedAggregates.Group;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Counts of rows, which are known without reading one: the answer itself, for which Spark starts no job. Driver only.
 *
 * @param description one line for EXPLAIN
 */
record CountScan(PushedAggregates counts, List<Group> groups, String description) implements LocalScan {

    static CountScan of(PushedAggregates counts, Map<String, Long> rowsByFile, String description) {
        List<Group> groups = counts.isByFile()
                ? rowsByFile.entrySet().stream()
                        .map(file -> new Group(file.getKey(), file.getValue(), Map.of()))
                        .toList()
                : List.of(new Group(
                        "",
                        rowsByFile.values().stream().mapToLong(Long::longValue).sum(),
                        Map.of()));
        return new CountScan(counts, groups, description);
    }

    @Override
    public StructType readSchema() {
        return Entry.call(counts::structType);
    }

    @Override
    public InternalRow[] rows() {
        return Entry.call(this::counted);
    }

    private InternalRow[] counted() {
        ColumnarBatch batch = counts.batch(groups);
        InternalRow[] rows = new InternalRow[batch.numRows()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = batch.getRow(i).copy();
        }
        return rows;
    }
}
