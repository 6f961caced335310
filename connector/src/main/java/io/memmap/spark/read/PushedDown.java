package io.memmap.spark.read;

import java.util.ArrayList;
import java.util.List;

/**
 * All that Spark pushed into a scan. Immutable; driver only.
 *
 * @param rows the rows that are read
 * @param plan the work of each task on them
 */
record PushedDown(RowSelection rows, TaskPlan plan) {

    /** In one line; empty when nothing was pushed. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!rows.toString().isEmpty()) {
            parts.add(rows.toString());
        }
        if (plan.isFiltered()) {
            parts.add(plan.filter().toString());
        }
        if (plan.limit() != Long.MAX_VALUE) {
            parts.add("limit " + plan.limit() + " per partition");
        }
        if (!plan.aggregates().isEmpty()) {
            parts.add(plan.aggregates().toString());
        }
        return String.join(", ", parts);
    }
}
