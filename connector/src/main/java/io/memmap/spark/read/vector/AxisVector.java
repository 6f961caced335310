package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.DataTypes;

/**
 * LONG, the position on one axis of an array that is read element by element, in C order: element {@code e} has
 * {@code e / divisor % modulus}. Row {@code r} of a batch is element {@code first + r}.
 */
public final class AxisVector extends DenseVector {
    private final long divisor;
    private final long modulus;
    private long first;

    /**
     * A vector for one axis.
     *
     * @param divisor elements per step on the axis: the product of the lengths of the axes after it; at least 1
     * @param modulus the length of the axis; {@link Long#MAX_VALUE} for axis 0, whose position never wraps
     * @throws IllegalArgumentException when one is less than 1
     */
    public AxisVector(long divisor, long modulus) {
        super(DataTypes.LongType);
        if (divisor < 1 || modulus < 1) {
            throw new IllegalArgumentException("Cannot make an axis vector: divisor " + divisor + " and modulus "
                    + modulus + ", expected 1 or more");
        }
        this.divisor = divisor;
        this.modulus = modulus;
    }

    /** Has this element in row 0 from now on. */
    public void reset(long first) {
        this.first = first;
    }

    @Override
    public long getLong(int rowId) {
        long position = (first + rowId) / divisor;
        return position < modulus ? position : position % modulus;
    }
}
