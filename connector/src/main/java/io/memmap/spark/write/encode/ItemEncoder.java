package io.memmap.spark.write.encode;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.schema.ValueOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Turns one value of a row, struct or array into all the bytes of one item of a dtype. The target is in little-endian
 * order; encoders of other orders swap themselves. Belongs to one task thread.
 */
@FunctionalInterface
interface ItemEncoder {

    /**
     * Encodes the value at {@code ordinal} into all the bytes of the item at {@code position}.
     *
     * @throws BadValueException for a value that the dtype cannot hold
     */
    void encode(SpecializedGetters from, int ordinal, ByteBuffer target, int position);

    /**
     * The name and options that all parts of a column share.
     *
     * @param column its name
     */
    record Context(String column, ValueOptions values) {}

    /**
     * The encoder of a Spark type as a dtype.
     *
     * @throws IllegalArgumentException when the type cannot be written as that dtype; the message has no subject, the
     *     caller puts the column in front
     */
    static ItemEncoder of(DType dtype, DataType type, boolean nullable, Context context) {
        ItemEncoder encoder = ofValues(dtype, type, context);
        return nullable ? NullEncoder.of(encoder, dtype, context) : encoder;
    }

    private static ItemEncoder ofValues(DType dtype, DataType type, Context context) {
        if (dtype instanceof RecordDType record && type instanceof StructType struct) {
            return StructEncoder.ofRecord(record, struct, context);
        } else if (dtype instanceof SubArrayDType array && type instanceof ArrayType list) {
            return ListEncoder.of(array, list, context);
        } else if (dtype instanceof ScalarDType scalar) {
            ItemEncoder encoder =
                    switch (scalar.kind()) {
                        case BOOL, INT, UINT -> IntegerEncoders.of(scalar, type, context.values());
                        case FLOAT, BFLOAT16 -> FloatEncoders.of(scalar, type, context.values());
                        case COMPLEX ->
                            type instanceof StructType struct ? StructEncoder.ofComplex(scalar, struct, context) : null;
                        case BYTES, UNICODE, VOID -> BytesEncoders.of(scalar, type, context.values());
                        case DATETIME, TIMEDELTA -> TimeEncoders.of(scalar, type, context.values());
                    };
            if (encoder != null) {
                return encoder;
            }
        }
        throw new IllegalArgumentException("its type is " + type.sql() + ", and its dtype " + dtype + ", expected "
                + String.join(" or ", accepted(dtype)));
    }

    private static List<String> accepted(DType dtype) {
        if (!(dtype instanceof ScalarDType scalar)) {
            return List.of(dtype instanceof RecordDType ? "a STRUCT" : "an ARRAY");
        }
        String long64 = "BIGINT";
        return switch (scalar.kind()) {
            case BOOL -> List.of("BOOLEAN");
            case INT, UINT, FLOAT, BFLOAT16 -> List.of("a number", "BOOLEAN");
            case COMPLEX -> List.of("a STRUCT<re, im> of numbers");
            case BYTES -> List.of("STRING", "BINARY");
            case UNICODE -> List.of("STRING");
            case VOID -> List.of("BINARY");
            case DATETIME -> List.of("DATE", "TIMESTAMP", "TIMESTAMP_NTZ", long64);
            case TIMEDELTA ->
                scalar.unit().isCalendar()
                        ? List.of("a year-month INTERVAL", long64)
                        : List.of("a day-time INTERVAL", long64);
        };
    }

    /** Returns true if an item's bytes are in the order of the target. */
    static boolean isInOrder(ScalarDType dtype) {
        return dtype.byteOrder() != ByteOrder.BIG;
    }

    /** Puts zeros where no value is. */
    static void zero(ByteBuffer target, int position, int nbytes) {
        for (int i = 0; i < nbytes; i++) {
            target.put(position + i, (byte) 0);
        }
    }
}
