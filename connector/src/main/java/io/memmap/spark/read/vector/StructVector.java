package io.memmap.spark.read.vector;

import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** STRUCT: field {@code f} of row {@code r} is row {@code r} of child {@code f}. */
public final class StructVector extends DenseVector {
    private final ColumnVector[] children;

    /**
     * A vector of structs.
     *
     * @param children one per field, in the order of the fields
     * @throws IllegalArgumentException when there are more or fewer
     */
    public StructVector(StructType type, ColumnVector... children) {
        super(type);
        if (children.length != type.length()) {
            throw new IllegalArgumentException("Cannot make a struct vector: " + children.length
                    + " children, expected one for each of the " + type.length() + " fields of "
                    + type.catalogString());
        }
        this.children = children.clone();
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return children[ordinal];
    }
}
