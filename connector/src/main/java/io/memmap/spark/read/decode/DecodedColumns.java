package io.memmap.spark.read.decode;

import io.memmap.compute.Totals;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table that a decoder produces, each in its form.
 *
 * @param vectors the columns of its batches, pruned, and metadata columns
 * @param first decoded as numbers before all others, so that a condition on them can skip the rest
 * @param numbers decoded as numbers with the rest
 * @param totals columns whose numbers are all added up as they are read
 */
public record DecodedColumns(StructType vectors, List<String> first, List<String> numbers, Map<String, Totals> totals) {

    /** Batches of rows, of which a condition on {@code conditional} columns selects some. */
    public static DecodedColumns ofVectors(StructType vectors, Set<String> conditional) {
        return new DecodedColumns(vectors, List.copyOf(conditional), List.of(), Map.of());
    }

    /** Numbers of rows that a condition on {@code conditional} columns selects; no column is decoded twice. */
    public static DecodedColumns ofNumbers(Set<String> conditional, Set<String> columns) {
        List<String> others =
                columns.stream().filter(name -> !conditional.contains(name)).toList();
        return new DecodedColumns(new StructType(), List.copyOf(conditional), others, Map.of());
    }

    /** Totals of all rows. */
    public static DecodedColumns ofTotals(Map<String, Totals> totals) {
        return new DecodedColumns(new StructType(), List.of(), List.of(), totals);
    }
}
