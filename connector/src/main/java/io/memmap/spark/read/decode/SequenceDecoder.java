package io.memmap.spark.read.decode;

import io.memmap.compute.Numbers;
import io.memmap.layout.Layout;
import io.memmap.spark.read.vector.ListVector;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.table.RowBounds;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSource;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Decodes rows of different lengths: sequences of the elements of one file, of which each is an array. The last input holds
 * the elements, those before it say where rows begin. A batch is as many rows as have about 2 MiB of decoded elements, or
 * one longer row.
 *
 * @see BatchDecoder
 */
final class SequenceDecoder implements BatchDecoder {
    private static final long BATCH_NBYTES = 2L << 20;
    private static final int MAX_ROWS = 1 << 16;
    /** Rows of a batch that has no elements. */
    private static final int MAX_UNREAD_ROWS = 1 << 20;

    private final RowGroup.Ragged group;
    private final Layout layout;
    private final String name;
    /** Null if no sequence is wanted. */
    private final ItemReader elements;
    /** Null if no sequence is wanted. */
    private final ListVector lists;

    private final List<ColumnDecoder> others = new ArrayList<>();
    private final ColumnVector[] vectors;

    private RowBounds bounds;
    private ArrayInput[] boundsOf;
    private int[] starts = new int[1];
    private long firstElement;

    /**
     * @throws IllegalArgumentException naming the file, when a column cannot be read as the type that is asked for
     */
    SequenceDecoder(RowGroup.Ragged group, BoundTable table, DecodedColumns wanted) {
        this.group = group;
        this.layout = group.file().layout();
        RowSource source = new RowSource(0, group.file(), 0);
        List<ArrayColumn> bound = table.columns(source);
        TableColumns columns = TableColumns.of(source, group.firstRow(), table, layout, 1);
        StructField[] fields = wanted.vectors().fields();
        this.vectors = new ColumnVector[fields.length];
        String named = null;
        ItemReader reader = null;
        ListVector vector = null;
        for (int i = 0; i < fields.length; i++) {
            int position = table.position(fields[i].name());
            ArrayColumn column = position < 0 ? null : bound.get(table.index(position));
            if (column != null && column.extent() == Extent.SEQUENCE) {
                named = fields[i].name();
                reader = elements(column, fields[i].dataType(), table);
                vector = new ListVector((ArrayType) fields[i].dataType(), reader.vector());
                vectors[i] = vector;
            } else {
                ColumnDecoder other = column == null
                        ? ArrayDecoder.ofPosition(fields[i].name(), group, 1)
                        : columns.vector(position, fields[i].name(), fields[i].dataType())
                                .decoder();
                others.add(other);
                vectors[i] = other.vector();
            }
        }
        this.name = named;
        this.elements = reader;
        this.lists = vector;
    }

    private ItemReader elements(ArrayColumn column, DataType type, BoundTable table) {
        try {
            if (!(type instanceof ArrayType list)) {
                throw ItemReader.mismatch(
                        column.dtype(), type, List.of(column.type().catalogString()));
            }
            return ItemReader.of(
                    column.dtype(), list.elementType(), table.options().types());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot read column '" + column.name() + "' of "
                            + group.path().orElseThrow() + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public long rowNbytes() {
        return elements == null ? 0 : group.rowNbytes(1);
    }

    @Override
    public long decodedRowNbytes() {
        long inRow = layout.rowCount() / Math.max(group.rowCount(), 1);
        return others.size() * (long) Long.BYTES + (elements == null ? 0 : Long.BYTES + inRow * elements.slotNbytes());
    }

    @Override
    public List<List<ByteRange>> ranges(ArrayInput[] opened, int source, long start, long end) throws IOException {
        if (elements == null) {
            return List.of(List.of(), List.of());
        }
        List<RowSource> sources = group.sources();
        if (source < sources.size() - 1) {
            // Documents name sequences, so only what is in them tells which are needed.
            Layout index = sources.get(source).file().layout();
            return List.of(List.of(), List.of(new ByteRange(index.offset(), index.end())));
        }
        long[] span = new long[2];
        bounds = bounds(opened);
        read(opened, source, () -> {
            span[0] = bounds.start(start);
            span[1] = Math.max(bounds.start(end), span[0]);
        });
        return List.of(List.of(), List.of(new ByteRange(layout.position(0, span[0]), layout.position(0, span[1]))));
    }

    /** Runs work inside {@link ArrayInput#read} of the inputs before one. */
    private static void read(ArrayInput[] inputs, int count, ArrayInput.Work work) throws IOException {
        if (count == 0) {
            work.run();
        } else {
            inputs[count - 1].read(() -> read(inputs, count - 1, work));
        }
    }

    private RowBounds bounds(ArrayInput[] inputs) {
        if (boundsOf != inputs) {
            List<RowBounds.Bytes> index = new ArrayList<>();
            for (int i = 0; i < inputs.length - 1; i++) {
                index.add(inputs[i]::bytes);
            }
            bounds = new RowBounds(group.file(), index);
            boundsOf = inputs;
        }
        return bounds;
    }

    @Override
    public int batchRows(ArrayInput[] inputs, long start, long end) throws IOException {
        if (elements == null) {
            return (int) Math.min(end - start, MAX_UNREAD_ROWS);
        }
        int most = (int) Math.min(end - start, MAX_ROWS);
        long mostElements = BATCH_NBYTES / elements.slotNbytes();
        RowBounds rows = bounds(inputs);
        firstElement = rows.seek(start);
        int count = 0;
        while (count < most) {
            long length = rows.next() - firstElement;
            if (count > 0 && length > mostElements) {
                break;
            }
            checkLength(start, length);
            count++;
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, Math.min(2 * count, MAX_ROWS + 1));
            }
            starts[count] = (int) length;
        }
        return count;
    }

    /** A row is decoded in one piece, and so is addressed by ints. */
    private void checkLength(long row, long length) throws IOException {
        if (length > Integer.MAX_VALUE / layout.dtype().itemsize()) {
            throw new IOException(
                    "Cannot read row " + row + " of " + group.file().path() + ": it has " + length
                            + " elements of " + layout.dtype()
                            + ", expected less than 2 GiB; read its tokens without the option"
                            + " layout");
        }
    }

    @Override
    public void decodeFirst(ArrayInput[] inputs, long start, int count) {}

    @Override
    public void decodeRest(ArrayInput[] inputs, long start, int count) throws IOException {
        for (ColumnDecoder other : others) {
            other.begin(start, count);
        }
        if (elements == null) {
            return;
        }
        int length = starts[count];
        int itemsize = layout.dtype().itemsize();
        elements.reserve(length);
        if (length > 0) {
            elements.decode(
                    inputs[inputs.length - 1].bytes(layout.position(0, firstElement), length * itemsize),
                    0,
                    itemsize,
                    length,
                    1,
                    0,
                    1);
        }
        try {
            elements.finish(length);
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot read row " + (start + row(e.slot(), count)) + " of "
                            + group.file().path() + ", column '" + name + "': " + e.getMessage(),
                    e);
        }
        lists.reset(starts);
    }

    private int row(int element, int count) {
        int row = 0;
        while (row < count - 1 && starts[row + 1] <= element) {
            row++;
        }
        return row;
    }

    @Override
    public ColumnVector[] vectors() {
        return vectors;
    }

    /** Sequences are no numbers. */
    @Override
    public Numbers numbers(String column) {
        throw new IllegalStateException("Cannot read numbers of " + column + ": its values are arrays");
    }

    @Override
    public void enter(Selection selection) {
        selection.enter(group, 1, this::numbers);
    }
}
