package io.memmap.dtype;

import java.util.stream.Collectors;

/** Writes a dtype as make_dtypes.py does, offsets and all: {@code {8: x@0 |i1; y/title@4 <i4(3)}}. */
public final class DTypeTree {
    private DTypeTree() {}

    public static String of(DType dtype) {
        if (dtype instanceof SubArrayDType array) {
            String shape = array.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
            return of(array.base()) + "(" + shape + ")";
        } else if (dtype instanceof RecordDType record) {
            return record.fields().stream()
                    .map(field -> field.name() + (field.title() == null ? "" : "/" + field.title()) + "@"
                            + field.offset() + " " + of(field.dtype()))
                    .collect(Collectors.joining("; ", "{" + record.itemsize() + ": ", "}"));
        }
        return dtype.toString();
    }
}
