package io.memmap.spark.write;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.MeasuredColumn;
import io.memmap.spark.schema.MeasuredColumn.Measure;
import io.memmap.spark.write.MemmapWriteBuilder.Target;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The widths of STRINGs, and the lengths of ARRAYs in STRUCTs, for which the options have no dtype: a pass over the DataFrame
 * before it is written to a path finds the largest. Driver side.
 *
 * @param columns at least one
 */
public record Measurement(String path, List<MeasuredColumn> columns) {
    /** More characters would make rows that are mostly padding: 4 KiB for each. */
    static final int MAX_WIDTH = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Measurement.class);

    /**
     * Returns what a write has to measure; empty where it makes no array, or knows the dtypes of all columns.
     *
     * @param overwrite true if what is there is replaced, false for an append
     * @throws IllegalArgumentException as the write itself for all that is wrong whatever is found
     * @throws IOException likewise
     */
    public static Optional<Measurement> unknown(WriteContext context, StructType dataFrame, boolean overwrite)
            throws IOException {
        MemmapOptions options = context.options();
        WriteTarget target = WriteTarget.of(options, context.settings());
        Storage storage = Storage.of(target.path(), context.settings());
        if (Replaced.of(options, overwrite) != Replaced.ALL && ExistingTarget.isThere(storage, target.path())) {
            return Optional.empty();
        }
        List<MeasuredColumn> columns = MeasuredColumn.of(dataFrame, options, context.caseSensitive());
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        Map<String, DType> dtypes = columns.stream()
                .collect(Collectors.toMap(
                        MeasuredColumn::name, column -> column.dtype(least(column)), (one, other) -> one));
        MemmapWriteBuilder.plan(
                context.with(with(options, dtypes)), dataFrame, Target.PATH, Replaced.of(options, overwrite));
        return Optional.of(new Measurement(target.path(), columns));
    }

    private static Iterator<Integer> least(MeasuredColumn column) {
        return column.measures("").stream().map(Measure::least).iterator();
    }

    /** The options, and these dtypes beside those of {@code columnDtypes}. */
    public static MemmapOptions with(MemmapOptions options, Map<String, DType> dtypes) {
        Map<String, DType> all = new HashMap<>(options.columnDtypes());
        all.putAll(dtypes);
        return options.with(OptionKey.COLUMN_DTYPES, all);
    }

    /**
     * SQL for what the columns need, a number each.
     *
     * @param value makes SQL of the ordinal of a column
     */
    public String[] query(Function<Integer, String> value) {
        return columns.stream()
                .flatMap(column -> column.measures(value.apply(column.ordinal())).stream())
                .map(measure -> "max(" + measure.sql() + ")")
                .toArray(String[]::new);
    }

    /**
     * Returns the dtypes of the columns, as a dict for the option {@code columnDtypes}.
     *
     * @param found the values of {@link #query}; NULL where there is nothing to measure
     * @throws IllegalArgumentException when a STRING is longer than {@value #MAX_WIDTH} characters
     */
    public String dtypes(Row found) {
        List<Measure> measures =
                columns.stream().flatMap(column -> column.measures("").stream()).toList();
        List<Integer> measured = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < measures.size(); i++) {
            int needed = found.isNullAt(i) ? 0 : found.getInt(i);
            measured.add(Math.max(needed, measures.get(i).least()));
            most = measures.get(i).ofText() ? Math.max(most, needed) : most;
        }
        Iterator<Integer> next = measured.iterator();
        Map<String, String> dtypes = new LinkedHashMap<>();
        List<String> shown = new ArrayList<>();
        for (MeasuredColumn column : columns) {
            DType dtype = column.dtype(next);
            dtypes.put(column.name(), dtype.descr());
            shown.add(column.shown(dtype));
        }
        String option = String.join(", ", shown);
        if (most > MAX_WIDTH) {
            char quote = option.indexOf('\'') < 0 ? '\'' : '"';
            throw new IllegalArgumentException("Cannot write " + path + ": the longest STRING has " + most
                    + " characters, expected at most " + MAX_WIDTH + " without columnDtypes, as each row takes the"
                    + " longest one's room; shorten the values, or set columnDtypes=" + quote + option + quote);
        }
        LOG.info("{}: measured its columns in a pass of its own, which columnDtypes skips: {}", path, option);
        return dtypes.entrySet().stream()
                .map(entry -> Literal.quote(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
