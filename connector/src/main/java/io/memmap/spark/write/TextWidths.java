package io.memmap.spark.write;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.TextColumn;
import io.memmap.spark.write.MemmapWriteBuilder.Target;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The widths of STRING columns for which the options have no dtype: a pass over the DataFrame before it is written to a
 * path finds the longest values. Driver side.
 *
 * @param columns at least one
 */
public record TextWidths(String path, List<TextColumn> columns) {
    /** More characters would make rows that are mostly padding: 4 KiB for each. */
    static final int MAX_WIDTH = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TextWidths.class);

    /**
     * Returns the widths that a write has to find; empty where it makes no array, or knows the dtypes of all columns.
     *
     * @param overwrite true if what is there is replaced, false for an append
     * @throws IllegalArgumentException as the write itself for all that is wrong whatever the widths are
     * @throws IOException likewise
     */
    public static Optional<TextWidths> unknown(WriteContext context, StructType dataFrame, boolean overwrite)
            throws IOException {
        MemmapOptions options = context.options();
        WriteTarget target = WriteTarget.of(options, context.settings());
        Storage storage = Storage.of(target.path(), context.settings());
        if (Replaced.of(options, overwrite) != Replaced.ALL && ExistingTarget.isThere(storage, target.path())) {
            return Optional.empty();
        }
        List<TextColumn> columns = TextColumn.of(dataFrame, options, context.caseSensitive());
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        Map<String, DType> dtypes = columns.stream()
                .collect(Collectors.toMap(
                        TextColumn::name, column -> column.dtype(Collections.emptyIterator()), (one, other) -> one));
        MemmapWriteBuilder.plan(
                context.with(with(options, dtypes)), dataFrame, Target.PATH, Replaced.of(options, overwrite));
        return Optional.of(new TextWidths(target.path(), columns));
    }

    /** The options, and these dtypes beside those of {@code columnDtypes}. */
    public static MemmapOptions with(MemmapOptions options, Map<String, DType> dtypes) {
        Map<String, DType> all = new HashMap<>(options.columnDtypes());
        all.putAll(dtypes);
        return options.with(OptionKey.COLUMN_DTYPES, all);
    }

    /**
     * SQL for the longest value of each STRING.
     *
     * @param value makes SQL of the ordinal of a column
     */
    public String[] longest(Function<Integer, String> value) {
        return columns.stream()
                .flatMap(column -> column.lengths(value.apply(column.ordinal())).stream())
                .map(length -> "max(" + length + ")")
                .toArray(String[]::new);
    }

    /**
     * Returns the dtypes of the columns, as a dict for the option {@code columnDtypes}.
     *
     * @param longest the values of {@link #longest}; NULL where there is no STRING
     * @throws IllegalArgumentException when a value is longer than {@value #MAX_WIDTH} characters
     */
    public String dtypes(Row longest) {
        List<Integer> found = IntStream.range(0, longest.size())
                .mapToObj(i -> longest.isNullAt(i) ? 0 : longest.getInt(i))
                .toList();
        Iterator<Integer> widths = found.iterator();
        Map<String, String> dtypes = new LinkedHashMap<>();
        List<String> shown = new ArrayList<>();
        for (TextColumn column : columns) {
            DType dtype = column.dtype(widths);
            dtypes.put(column.name(), dtype.descr());
            shown.add(column.shown(dtype));
        }
        String option = String.join(", ", shown);
        int most = found.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (most > MAX_WIDTH) {
            char quote = option.indexOf('\'') < 0 ? '\'' : '"';
            throw new IllegalArgumentException("Cannot write " + path + ": the longest STRING has " + most
                    + " characters, expected at most " + MAX_WIDTH + " without columnDtypes, as each row takes the"
                    + " longest one's room; shorten the values, or set columnDtypes=" + quote + option + quote);
        }
        LOG.info("{}: measured its STRING columns in a pass of its own, which columnDtypes skips: {}", path, option);
        return dtypes.entrySet().stream()
                .map(entry -> Literal.quote(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
