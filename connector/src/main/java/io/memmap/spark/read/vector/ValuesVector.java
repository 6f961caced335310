package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataType;

/** A few values of any one type, as Spark holds them internally: what a scan answers without handing out rows. */
public final class ValuesVector extends BoxedVector {
    private final Object[] values;

    /** @param values null where a row is null */
    public ValuesVector(DataType type, Object... values) {
        super(type);
        this.values = values.clone();
        boolean[] nulls = new boolean[values.length];
        int numNulls = 0;
        for (int i = 0; i < values.length; i++) {
            nulls[i] = values[i] == null;
            numNulls += nulls[i] ? 1 : 0;
        }
        resetNulls(nulls, numNulls);
    }

    @Override
    Object value(int rowId) {
        return values[rowId];
    }
}
