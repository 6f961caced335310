package io.memmap.spark.read;

import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.table.Filter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * All that Spark pushed into a scan. Immutable; driver only.
 *
 * @param readSchema the columns that the scan returns
 * @param rows the rows that are read
 * @param filter what remains to be evaluated on these
 * @param limit the most rows that each partition returns
 * @param aggregates the aggregates to return instead of rows, if any
 */
record PushedDown(StructType readSchema, RowSelection rows, Filter filter, long limit, PushedAggregates aggregates) {

    boolean isFiltered() {
        return !filter.isAlways();
    }

    /** The columns that are decoded for it. */
    DecodedColumns decoded() {
        if (aggregates.isEmpty()) {
            return DecodedColumns.ofVectors(readSchema, filter.columns());
        }
        return isFiltered() || aggregates.isByKey()
                ? DecodedColumns.ofNumbers(filter.columns(), aggregates.columns())
                : DecodedColumns.ofTotals(aggregates.newTotals());
    }

    /** In one line; empty when nothing was pushed. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!rows.toString().isEmpty()) {
            parts.add(rows.toString());
        }
        if (isFiltered()) {
            parts.add(filter.toString());
        }
        if (limit != Long.MAX_VALUE) {
            parts.add("limit " + limit + " per partition");
        }
        if (!aggregates.isEmpty()) {
            parts.add(aggregates.toString());
        }
        return String.join(", ", parts);
    }
}
