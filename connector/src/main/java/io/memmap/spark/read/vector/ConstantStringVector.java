package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** STRING with one value in all rows of a batch, such as {@code _file}. */
public final class ConstantStringVector extends DenseVector {
    private UTF8String value;

    public ConstantStringVector() {
        super(DataTypes.StringType);
    }

    /** Has this value in all rows from now on. */
    public void aim(String value) {
        this.value = UTF8String.fromString(value);
    }

    @Override
    public UTF8String getUTF8String(int rowId) {
        return value;
    }
}
