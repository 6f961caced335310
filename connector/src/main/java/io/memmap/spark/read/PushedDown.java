package io.memmap.spark.read;

import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.spark.read.filter.Condition;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * All that Spark pushed into a scan. Immutable; driver only.
 *
 * @param readSchema the columns that the scan returns
 * @param rows the predicate on positions
 * @param condition the predicate on values
 * @param limit the most rows that each partition returns
 * @param aggregates the aggregates to return instead of rows, if any
 */
record PushedDown(
        StructType readSchema, RowSelection rows, Condition condition, long limit, PushedAggregates aggregates) {

    boolean isFiltered() {
        return !condition.isAlways();
    }

    /** The columns that are decoded for it. */
    DecodedColumns decoded() {
        if (aggregates.isEmpty()) {
            return DecodedColumns.ofVectors(readSchema, condition.columns());
        }
        return isFiltered() || aggregates.isByKey()
                ? DecodedColumns.ofNumbers(condition.columns(), aggregates.columns())
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
            parts.add(condition.toString());
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
