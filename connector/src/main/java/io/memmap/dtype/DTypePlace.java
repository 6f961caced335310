package io.memmap.dtype;

/**
 * Where inside a dtype its parser is.
 *
 * @param field the dotted name of the field that is being read, empty at the top
 * @param aligned whether fields stand as in a C struct
 */
record DTypePlace(String field, int depth, boolean aligned) {
    private static final int SHOWN_LENGTH = 100;

    static final DTypePlace TOP = new DTypePlace("", 0, false);

    DTypePlace ofField(String name) {
        return new DTypePlace(field.isEmpty() ? name : field + "." + name, depth, aligned);
    }

    DTypePlace inside() {
        return new DTypePlace(field, depth + 1, aligned);
    }

    DTypePlace alignedIf(boolean also) {
        return new DTypePlace(field, depth, aligned || also);
    }

    /** The error about this dtype: {@code dtype '<q9' of field 'a.b': problem}. */
    DTypeException refuse(String dtype, String problem) {
        String shown = dtype.length() > SHOWN_LENGTH ? dtype.substring(0, SHOWN_LENGTH) + "..." : dtype;
        String of = field.isEmpty() ? "" : " of field " + Literal.quote(field);
        return new DTypeException("parse", "dtype " + shown + of + ": " + problem);
    }
}
