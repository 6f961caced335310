package io.memmap.dtype;

/**
 * The position of the parser inside a dtype.
 *
 * @param field the dotted name of the field that is being read, empty at the top
 * @param aligned whether fields are aligned as in a C struct
 * @param npy whether it is read as NumPy reads the descr of a .npy header, else as {@code np.dtype} does
 */
record DTypePlace(String field, int depth, boolean aligned, boolean npy) {
    private static final int SHOWN_LENGTH = 100;

    static final DTypePlace TOP = new DTypePlace("", 0, false, false);
    static final DTypePlace NPY = new DTypePlace("", 0, false, true);

    DTypePlace ofField(String name) {
        return new DTypePlace(field.isEmpty() ? name : field + "." + name, depth, aligned, npy);
    }

    DTypePlace inside() {
        return new DTypePlace(field, depth + 1, aligned, npy);
    }

    DTypePlace alignedIf(boolean also) {
        return new DTypePlace(field, depth, aligned || also, npy);
    }

    /** The error about this dtype: {@code dtype '<q9' of field 'a.b': problem}. */
    DTypeException refuse(String dtype, String problem) {
        String shown = dtype.length() > SHOWN_LENGTH ? dtype.substring(0, SHOWN_LENGTH) + "..." : dtype;
        String of = field.isEmpty() ? "" : " of field " + Literal.quote(field);
        return new DTypeException("parse", "dtype " + shown + of + ": " + problem);
    }
}
