package io.memmap.dtype;

import java.util.List;

/**
 * A C-ordered array inside a record: {@code ('v', '<f4', (3, 2))}.
 *
 * @param base what each element is; never itself a sub-array
 * @param shape at least one dimension, each at least 1
 */
public record SubArrayDType(DType base, List<Integer> shape) implements DType {

    public SubArrayDType {
        shape = List.copyOf(shape);
    }

    /** Elements in one item: the product of the shape. */
    public int size() {
        int size = 1;
        for (int dimension : shape) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    /** The dtype of what is at one index on the first axis: a sub-array without that axis, or the base. */
    public DType row() {
        return shape.size() == 1 ? base : new SubArrayDType(base, shape.subList(1, shape.size()));
    }

    @Override
    public int itemsize() {
        return Math.multiplyExact(base.itemsize(), size());
    }

    /** {@code ('<f4', (3, 2))}. */
    @Override
    public String descr() {
        return "(" + base.descr() + ", " + shapeText() + ")";
    }

    /** The shape as Python writes a tuple: {@code (3,)}. */
    String shapeText() {
        return Literal.toPython(new Literal.Tuple(List.copyOf(shape)));
    }

    @Override
    public String toString() {
        return "(" + RecordDType.spelling(base) + ", " + shapeText() + ")";
    }
}
