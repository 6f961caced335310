package io.memmap.dtype;

import java.io.Serializable;

/**
 * The type of an array's elements: NumPy's {@code dtype}.
 *
 * <p>Immutable, serializable and comparable by value. {@link #parse} reads every spelling that NumPy users have at
 * hand; {@link #descr} gives NumPy's own back, so that {@code DType.parse(d.descr()).equals(d)}.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/arrays.dtypes.html">NumPy: data type objects</a>
 */
public sealed interface DType extends Serializable permits ScalarDType, RecordDType, SubArrayDType {

    /** Bytes of one element; at least 1. */
    int itemsize();

    /**
     * NumPy's descr as a Python literal, as a .npy header has it: {@code '<f8'} with its quotes, or
     * {@code [('a', '<i4'), ('v', '>f4', (3,))]}. Gaps of a record are spelt as unnamed void fields.
     */
    String descr();

    /** Returns true for datetimes and timedeltas: only they have a missing value, NaT. */
    default boolean isTime() {
        return this instanceof ScalarDType scalar
                && (scalar.kind() == Kind.DATETIME || scalar.kind() == Kind.TIMEDELTA);
    }

    /**
     * Reads a dtype from any of NumPy's spellings: {@code <f8}, {@code float64}, {@code M8[ns]}, a descr list, a
     * {@code {'names': …, 'formats': …}} dict, what Python's {@code str} and {@code repr} make of a dtype or a scalar
     * class, or the JSON of a descr.
     *
     * @throws DTypeException when the text is none of them, or names a dtype that cannot be mapped (objects,
     *     longdouble, zero itemsize, datetimes without a unit); the message carries the position and the reason
     */
    static DType parse(String text) {
        return DTypeParser.parse(text);
    }

    /**
     * Makes a dtype of a parsed literal as NumPy's {@code np.dtype} does.
     *
     * @param literal what {@link Literal#parsePython} or {@link Literal#parseJson} returned
     * @throws DTypeException as {@link #parse}
     */
    static DType ofLiteral(Object literal) {
        return DTypeParser.ofLiteral(literal, DTypePlace.TOP);
    }

    /**
     * Makes a dtype of the {@code descr} of a .npy header as NumPy's {@code descr_to_dtype} does: every unnamed void or
     * sub-array is padding.
     *
     * @param literal what {@link Literal#parsePython} returned
     * @throws DTypeException as {@link #parse}
     */
    static DType ofNpyDescr(Object literal) {
        return DTypeParser.ofLiteral(literal, DTypePlace.NPY);
    }
}
