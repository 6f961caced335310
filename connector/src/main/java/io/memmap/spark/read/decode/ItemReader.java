package io.memmap.spark.read.decode;

import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.schema.TypeOptions;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Decodes items of one dtype into one column vector. Per batch: {@link #reserve} slots, {@link #decode} into them as
 * often as the items are scattered, {@link #finish}; the vector then has a row per slot.
 *
 * <p>Belongs to one task thread.
 */
abstract class ItemReader {

    /**
     * The reader of a dtype as a Spark type, which may differ from the natural one where no value can be lost unnoticed.
     *
     * @throws IllegalArgumentException when the dtype cannot be read as that type; the message has no subject, callers
     *     put file and column in front
     */
    static ItemReader of(DType dtype, DataType type, TypeOptions options) {
        if (dtype instanceof RecordDType record && type instanceof StructType struct) {
            return StructReader.ofRecord(record, struct, options);
        }
        if (dtype instanceof SubArrayDType array && type instanceof ArrayType) {
            return ListReader.of(array.base(), array.shape(), type, options);
        }
        if (dtype instanceof ScalarDType scalar) {
            if (scalar.kind() == Kind.COMPLEX && type instanceof StructType struct) {
                return StructReader.ofComplex(scalar, struct, options);
            }
            if (scalar.kind() == Kind.BYTES || scalar.kind() == Kind.UNICODE || scalar.kind() == Kind.VOID) {
                return new TextReader(scalar, type, options.stringEncoding());
            }
            if (scalar.kind() != Kind.COMPLEX) {
                return new PrimitiveReader(scalar, Conversion.of(scalar, type, options), type);
            }
        }
        throw mismatch(dtype, type, List.of());
    }

    static IllegalArgumentException mismatch(DType dtype, DataType type, List<String> possible) {
        return new IllegalArgumentException("its dtype is " + dtype + ", and the schema asks for "
                + type.catalogString() + ", expected "
                + (possible.isEmpty()
                        ? "the type that the dtype has without a schema"
                        : String.join(" or ", new LinkedHashSet<>(possible))));
    }

    /** Makes room for this many slots. */
    abstract void reserve(int slots);

    /**
     * Decodes {@code items} items, {@code stride} bytes apart, from byte {@code position} of {@code source} on; each is
     * {@code run} adjacent elements. Element {@code k} of item {@code i} goes to slot {@code at + i * step + k}.
     */
    abstract void decode(ByteBuffer source, int position, int stride, int items, int run, int at, int step);

    /**
     * Turns the first {@code slots} slots into Spark's values.
     *
     * @throws BadValueException for a value that the Spark type cannot hold
     */
    abstract void finish(int slots);

    abstract ColumnVector vector();

    /** Heap bytes of one slot, about: what batches are sized by. */
    abstract long slotNbytes();
}
