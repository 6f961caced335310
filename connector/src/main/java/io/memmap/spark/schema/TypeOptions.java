package io.memmap.spark.schema;

import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.options.TimestampType;
import java.io.Serializable;

/** The options that decide how one value looks in Spark. Crosses the wire. */
public record TypeOptions(StringEncoding stringEncoding, Nanos nanos, TimestampType timestampType)
        implements Serializable {}
