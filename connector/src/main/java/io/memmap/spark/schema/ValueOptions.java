package io.memmap.spark.schema;

import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.Overflow;
import io.memmap.spark.options.StringEncoding;
import java.io.Serializable;
import java.util.List;

/**
 * The options that decide which bytes a value of Spark becomes. Crosses the wire.
 *
 * @param nullValue by the columns' names in the DataFrame
 * @param fillValue likewise; of rows that no row of the DataFrame names
 */
public record ValueOptions(
        Overflow overflow,
        StringEncoding stringEncoding,
        Nanos nanos,
        ColumnLiterals nullValue,
        ColumnLiterals fillValue)
        implements Serializable {

    /**
     * The options for columns of these names.
     *
     * @throws IllegalArgumentException when one names another column
     */
    public static ValueOptions of(MemmapOptions options, List<String> columns, boolean caseSensitive) {
        return new ColumnOptions(options, columns, caseSensitive).values();
    }
}
