package io.memmap.spark.schema;

import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.Overflow;
import io.memmap.spark.options.StringEncoding;
import java.io.Serializable;

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
        implements Serializable {}
