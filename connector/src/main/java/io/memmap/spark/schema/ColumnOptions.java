package io.memmap.spark.schema;

import io.memmap.dtype.Spelling;
import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The options that name columns, read for those that are written.
 *
 * @param columns their names, as the DataFrame or the table spells them
 */
record ColumnOptions(MemmapOptions options, List<String> columns, boolean caseSensitive) {

    /**
     * The options of single values, by the columns' own names.
     *
     * @throws IllegalArgumentException when one names no column
     */
    ValueOptions values() {
        return new ValueOptions(
                options.get(OptionKey.OVERFLOW),
                options.get(OptionKey.STRING_ENCODING),
                options.get(OptionKey.NANOS),
                literals(OptionKey.NULL_VALUE, options.nullValue()),
                literals(OptionKey.FILL_VALUE, options.fillValue()));
    }

    private ColumnLiterals literals(OptionKey<?> option, ColumnLiterals given) {
        return given.withColumns(byColumn(option, given.byColumn()));
    }

    /** An option's values by the columns' own names, whatever the case that it spells them in. */
    <T> Map<String, T> byColumn(OptionKey<?> option, Map<String, T> given) {
        Map<String, T> own = new HashMap<>();
        given.forEach((name, value) -> {
            List<String> meant = columns.stream()
                    .filter(column -> ColumnMatch.same(column, name, caseSensitive))
                    .toList();
            if (meant.isEmpty()) {
                throw unknown(option, name);
            }
            if (meant.size() > 1 || own.put(meant.get(0), value) != null) {
                throw new IllegalArgumentException("Cannot use option " + option + ": '"
                        + options.shown(option, name)
                        + "' means two columns or the same one twice, expected one; set spark.sql.caseSensitive=true");
            }
        });
        return own;
    }

    /** Tells that an option names no column. */
    IllegalArgumentException unknown(OptionKey<?> option, String name) {
        String shown = options.shown(option, name);
        return new IllegalArgumentException("Cannot use option " + option + ": there is no column '" + shown
                + "', expected one of " + columns
                + Spelling.nearest(shown, columns)
                        .map(nearest -> "; did you mean '" + nearest + "'?")
                        .orElse(""));
    }
}
