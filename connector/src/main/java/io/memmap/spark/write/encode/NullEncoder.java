package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.spark.options.ColumnLiterals;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Looks for NULL before a value is taken, and stores what the user or the dtype has for it. */
final class NullEncoder implements ItemEncoder {
    private final ItemEncoder values;
    /** The bytes of NULL; null if there are none. */
    private final byte[] bytes;

    private final String refusal;

    private NullEncoder(ItemEncoder values, byte[] bytes, String refusal) {
        this.values = values;
        this.bytes = bytes;
        this.refusal = refusal;
    }

    /**
     * Checks the value that the user gave for a column by its name, though the column is never NULL. The fields of a record
     * need not all take it, as only some of them may be NULL.
     *
     * @throws IllegalArgumentException if the dtype cannot hold it; the message has no subject
     */
    static void checkUnused(DType dtype, Context context) {
        Optional<String> own = context.values().nullValue().of(context.column());
        if (own.isPresent() && !(dtype instanceof RecordDType)) {
            of(null, dtype, context);
        }
    }

    static NullEncoder of(ItemEncoder values, DType dtype, Context context) {
        ColumnLiterals nulls = context.values().nullValue();
        Optional<String> own = nulls.of(context.column());
        String literal = own.or(nulls::forAll).orElse(null);
        LiteralBytes literals = new LiteralBytes(context.values().stringEncoding(), nulls);
        try {
            return new NullEncoder(values, literals.of(dtype, literal), null);
        } catch (IllegalArgumentException e) {
            if (own.isPresent()) {
                throw new IllegalArgumentException(
                        "its nullValue is '" + nulls.shown(own.get()) + "': " + e.getMessage(), e);
            }
            String found = literal == null
                    ? "found NULL, expected a value as its dtype " + dtype + " has none for it"
                    : "found NULL, and nullValue=" + nulls.shown(literal) + " does not do: " + e.getMessage();
            String example = dtype.isTime() ? "NaT" : "0";
            return new NullEncoder(
                    values,
                    null,
                    found + "; set the value to store, as in nullValue='" + context.column() + "=" + example + "'"
                            + (dtype.isTime() ? "" : "; SQL can do so by COALESCE"));
        }
    }

    @Override
    public void encode(SpecializedGetters from, int ordinal, ByteBuffer target, int position) {
        if (!from.isNullAt(ordinal)) {
            values.encode(from, ordinal, target, position);
        } else if (bytes == null) {
            throw new BadValueException(refusal);
        } else {
            target.put(position, bytes);
        }
    }
}
