package io.memmap.format;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import java.util.Optional;

/** The dtype that NumPy has no name for: ml_dtypes saves bfloat16 as a void of two bytes, {@code V2}. */
final class Bfloat16 {
    private Bfloat16() {}

    /** The dtype in a .npy header, where {@code byteOrder} precedes the void. */
    static DType saved(DType dtype, ByteOrder byteOrder) {
        if (dtype instanceof ScalarDType scalar && scalar.kind() == Kind.BFLOAT16) {
            return new ScalarDType(Kind.VOID, scalar.itemsize(), byteOrder, null, 1);
        } else if (dtype instanceof SubArrayDType array) {
            return new SubArrayDType(saved(array.base(), byteOrder), array.shape());
        } else if (dtype instanceof RecordDType record) {
            return new RecordDType(
                    record.fields().stream()
                            .map(field -> new RecordDType.Field(
                                    field.name(), field.title(), saved(field.dtype(), byteOrder), field.offset()))
                            .toList(),
                    record.itemsize());
        }
        return dtype;
    }

    /** Two dtypes as one: the one that names bfloat16 where the other has its void; empty where they differ otherwise. */
    static Optional<DType> joined(DType a, DType b) {
        DType saved = saved(a, ByteOrder.NONE);
        if (!saved.equals(saved(b, ByteOrder.NONE))) {
            return Optional.empty();
        }
        return Optional.of(saved.equals(a) ? b : a);
    }
}
