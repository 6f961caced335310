package io.memmap.spark.read;

import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.table.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.StructType;

/** Conditions on partition columns alone, which statements replace or delete whole partitions by. Driver only. */
public final class PartitionFilter {
    private PartitionFilter() {}

    /**
     * Translates the predicates of a statement, all of which have to hold.
     *
     * @return a filter of which {@link Filter#mayPass} is the answer; not {@linkplain Filter#isKnown known} if a predicate
     *     is on anything else, or is not understood
     */
    public static Filter of(Predicate[] predicates, List<PartitionColumn> columns, boolean caseSensitive) {
        Map<String, PartitionOperand> operands =
                caseSensitive ? new HashMap<>() : new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < columns.size(); i++) {
            operands.put(columns.get(i).name(), new PartitionOperand(columns.get(i), i, false));
        }
        // Columns of these names hide the positions and files of rows.
        List<String> others = List.of(MetadataColumns.ROW, MetadataColumns.FILE, MetadataColumns.FILE_ROW);
        FilterTranslator translator = new FilterTranslator(
                RowColumns.of(others, caseSensitive).withPartitions(operands),
                new NumberColumns(new StructType(), List.of()));
        return translator.translate(predicates);
    }
}
