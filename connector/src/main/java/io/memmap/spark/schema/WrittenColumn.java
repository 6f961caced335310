package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * One column of a DataFrame, and which bytes of a row of the array it is. Crosses the wire.
 *
 * @param name its name in the DataFrame
 * @param ordinal its place in the DataFrame's rows
 * @param nullable whether a value may be NULL
 * @param dtype what one value is; a sub-array for ARRAY
 * @param offset bytes from the start of the row
 */
public record WrittenColumn(String name, int ordinal, DataType type, boolean nullable, DType dtype, int offset)
        implements Serializable {}
