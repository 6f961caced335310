package io.memmap.spark.read.vector;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;

/** DECIMAL(20,0) over {@code long[]}, whose 64 bits are unsigned. */
public final class UnsignedLongVector extends PrimitiveVector {
    private static final BigInteger LOW_63_BITS = BigInteger.valueOf(Long.MAX_VALUE);

    private long[] values;

    public UnsignedLongVector(DataType type) {
        super(type);
    }

    @Override
    public void reset(Object array) {
        values = (long[]) array;
    }

    @Override
    public Decimal getDecimal(int rowId, int precision, int scale) {
        long bits = values[rowId];
        if (bits >= 0) {
            return Decimal.apply(bits);
        }
        BigInteger unsigned = BigInteger.valueOf(bits).and(LOW_63_BITS).setBit(63);
        return Decimal.apply(new BigDecimal(unsigned), precision, scale);
    }
}
