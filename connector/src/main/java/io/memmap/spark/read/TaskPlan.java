package io.memmap.spark.read;

import io.memmap.spark.read.aggregate.PushedAggregates;
import io.memmap.table.Filter;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * The work of each task on the rows that it reads. Immutable; crosses the wire once per stage.
 *
 * @param readSchema the columns that it returns
 * @param filter selects rows of those that are read
 * @param limit the most rows that each partition returns
 * @param aggregates the aggregates to return instead of rows, if any
 */
record TaskPlan(StructType readSchema, Filter filter, long limit, PushedAggregates aggregates) implements Serializable {

    boolean isFiltered() {
        return !filter.isAlways();
    }

    /** The names of the columns that it needs. */
    Set<String> columns() {
        Set<String> columns = new HashSet<>(filter.columns());
        columns.addAll(aggregates.isEmpty() ? List.of(readSchema.fieldNames()) : aggregates.columns());
        return columns;
    }

    BatchConsumer consumer() {
        if (aggregates.isEmpty()) {
            return new RowConsumer(this);
        }
        return aggregates.isByKey() ? new GroupConsumer(this) : new TotalsConsumer(this);
    }
}
