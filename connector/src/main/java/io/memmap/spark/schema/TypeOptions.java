package io.memmap.spark.schema;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.options.TimestampType;
import java.io.Serializable;

/**
 * The options that decide how one value looks in Spark. Crosses the wire.
 *
 * @param caseSensitive whether fields are found by the letter
 */
public record TypeOptions(
        StringEncoding stringEncoding, Nanos nanos, TimestampType timestampType, boolean caseSensitive)
        implements Serializable {
    public static TypeOptions of(MemmapOptions options, boolean caseSensitive) {
        return new TypeOptions(
                options.get(OptionKey.STRING_ENCODING),
                options.get(OptionKey.NANOS),
                options.get(OptionKey.TIMESTAMP_TYPE),
                caseSensitive);
    }
}
