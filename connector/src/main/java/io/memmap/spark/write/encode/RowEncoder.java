package io.memmap.spark.write.encode;

import io.memmap.layout.Order;
import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.schema.ValueOptions;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenArray.Span;
import io.memmap.spark.schema.WrittenColumn;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.encode.ItemEncoder.Context;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Turns rows of a DataFrame into rows of an array, straight into a buffer. All bytes of a row are written, padding as
 * zeros, but for the columns that an update leaves out: copy {@link WrittenArray#spans} then.
 *
 * <p>Built once per task, and once on the driver to check types. Belongs to one thread. Allocates nothing per row but
 * what Spark's own getters do for DECIMAL, BINARY, STRUCT and ARRAY.
 */
public final class RowEncoder {
    private final WrittenArray array;
    private final int rowNbytes;
    private final ItemEncoder[] encoders;
    private final int[] ordinals;
    private final int[] offsets;
    private final ColumnRun[] runs;
    private final Span[] gaps;
    private final LongSource index;

    private RowEncoder(WrittenArray array) {
        this.array = array;
        this.rowNbytes = array.rowNbytes();
        List<WrittenColumn> columns = array.columns();
        encoders = new ItemEncoder[columns.size()];
        ordinals = columns.stream().mapToInt(WrittenColumn::ordinal).toArray();
        offsets = columns.stream().mapToInt(WrittenColumn::offset).toArray();
        for (int i = 0; i < encoders.length; i++) {
            encoders[i] = encoder(columns.get(i), array.values());
        }
        runs = ColumnRun.of(columns).toArray(ColumnRun[]::new);
        gaps = WrittenArray.gaps(array.columns(), array.rowNbytes()).toArray(Span[]::new);
        index = array.indexColumn()
                .map(column -> LongSource.ofInteger(column.type()))
                .orElse(null);
    }

    /**
     * The encoder of these rows.
     *
     * @throws IllegalArgumentException naming the column, when its type cannot be written as its dtype
     */
    public static RowEncoder of(WrittenArray array) {
        return new RowEncoder(array);
    }

    /**
     * Checks on the driver what {@link #of} checks, whatever the lengths that the data will tell.
     *
     * @throws IllegalArgumentException likewise
     */
    public static void check(WrittenSchema schema) {
        of(schema.withAnyLengths());
    }

    private static ItemEncoder encoder(WrittenColumn column, ValueOptions values) {
        Context context = new Context(column.name(), values);
        try {
            ItemEncoder encoder = ItemEncoder.of(column.dtype(), column.type(), column.nullable(), context);
            if (!column.nullable()) {
                NullEncoder.checkUnused(column.dtype(), context);
            }
            return encoder;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot write column '" + column.name() + "': " + e.getMessage()
                            + "; cast the column, or give it another dtype",
                    e);
        }
    }

    /** Bytes of one row. */
    public int rowNbytes() {
        return rowNbytes;
    }

    /**
     * Encodes one row into {@link #rowNbytes} bytes at {@code position}, in C order.
     *
     * @param target in little-endian order, whatever the order of the dtypes; its own position is not used
     * @throws BadValueException for a value that its dtype cannot hold; the bytes are then undefined
     */
    public void encode(InternalRow from, ByteBuffer target, int position) {
        checkOrder(target);
        for (Span gap : gaps) {
            ItemEncoder.zero(target, position + gap.offset(), gap.nbytes());
        }
        for (ColumnRun run : runs) {
            if (!run.encode(from, target, position)) {
                encodeEach(run.first(), run.end(), from, target, position);
            }
        }
    }

    private void encodeEach(int first, int end, InternalRow from, ByteBuffer target, int position) {
        int i = first;
        try {
            for (; i < end; i++) {
                encoders[i].encode(from, ordinals[i], target, position + offsets[i]);
            }
        } catch (BadValueException e) {
            throw e.inField(array.columns().get(i).name());
        }
    }

    /**
     * Encodes one column of a row into its bytes of the row at {@code position}, in C order; others keep theirs.
     *
     * @param column its place in {@link WrittenArray#columns}
     * @throws BadValueException likewise
     */
    public void encode(int column, InternalRow from, ByteBuffer target, int position) {
        checkOrder(target);
        try {
            encoders[column].encode(from, ordinals[column], target, position + offsets[column]);
        } catch (BadValueException e) {
            throw e.inField(array.columns().get(column).name());
        }
    }

    /**
     * The index on axis 0 that a row carries in {@code rowColumn}.
     *
     * @throws BadValueException when it is NULL or negative
     */
    public long rowIndex(InternalRow from) {
        WrittenColumn column = array.rowColumn();
        boolean missing = from.isNullAt(column.ordinal());
        long value = missing ? -1 : index.get(from, column.ordinal());
        if (value < 0) {
            throw new BadValueException("found " + (missing ? "NULL" : value)
                            + ", expected a row index of 0 or more as rowColumn is " + column.name())
                    .inField(column.name());
        }
        return value;
    }

    /**
     * The bytes, repeated, of rows that no row of the DataFrame names: a row, or in Fortran order an element.
     *
     * @throws IllegalArgumentException when {@code fillValue} does not fit a column's dtype, or differs between columns
     *     that no row holds
     */
    public static byte[] fill(WrittenArray array) {
        byte[] row = fillRow(array);
        if (array.order() == Order.C) {
            return row;
        }
        byte[] element = Arrays.copyOf(row, array.dtype().itemsize());
        for (int i = 0; i < row.length; i++) {
            if (row[i] != element[i % element.length]) {
                throw new IllegalArgumentException(
                        "Cannot fill with order=F: fillValue differs between columns, expected one value for all");
            }
        }
        return element;
    }

    private static byte[] fillRow(WrittenArray array) {
        ByteBuffer row = ByteBuffer.allocate(array.rowNbytes());
        ColumnLiterals literals = array.values().fillValue();
        LiteralBytes bytes = new LiteralBytes(array.values().stringEncoding(), literals);
        for (WrittenColumn column : array.columns()) {
            Optional<String> literal = literals.of(column.name()).or(literals::forAll);
            if (literal.isPresent()) {
                try {
                    row.put(column.offset(), bytes.of(column.dtype(), literal.get()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "Cannot fill column '" + column.name() + "': " + e.getMessage()
                                    + "; give one value per column, as in fillValue='" + column.name() + "=0'",
                            e);
                }
            }
        }
        return row.array();
    }

    private static void checkOrder(ByteBuffer target) {
        if (target.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException(
                    "Cannot encode into a buffer in " + target.order() + " order, expected LITTLE_ENDIAN");
        }
    }
}
