package io.memmap.spark.write;

import io.memmap.layout.Layout;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.schema.WrittenColumn;
import io.memmap.spark.write.WriteKind.Appended;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.Part;
import io.memmap.storage.PatchOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DeltaWriter;

/**
 * Writes one task's changed elements into a patch file of its own, and its new rows into segments. Executor side, one task
 * thread; Spark closes it.
 */
final class MemmapDeltaWriter extends TaskWriter implements DeltaWriter<InternalRow> {
    private final UpdatedArray array;
    private final Layout layout;
    private final RowEncoder encoder;
    private final ByteBuffer bytes;
    private final ChangedCells[] columns;
    private final MemmapDataWriter inserts;

    private StoredRows.Reader stored;
    private PatchOutput output;
    /** The new values of the row that is being updated. */
    private InternalRow given;

    private long row;
    private long element;
    private int column;
    private boolean encoded;
    private boolean changed;

    private long updatedRows;
    private long insertedRows;
    private long nbytes;

    MemmapDeltaWriter(TaskAttempt attempt, UpdatedArray array) {
        super(attempt);
        this.array = array;
        this.layout = array.file().layout();
        this.encoder = RowEncoder.of(array.cells());
        this.bytes = ByteBuffer.allocate(encoder.rowNbytes()).order(ByteOrder.LITTLE_ENDIAN);
        this.columns = array.cells().columns().stream().map(ChangedCells::of).toArray(ChangedCells[]::new);
        this.inserts = new MemmapDataWriter(attempt, new Appended(array.file()));
    }

    @Override
    public void update(InternalRow metadata, InternalRow id, InternalRow to) {
        try {
            patch(id, to);
        } catch (Exception e) {
            throw Entry.failure(e);
        }
    }

    private void patch(InternalRow id, InternalRow to) throws IOException {
        if (stored == null) {
            stored = array.stored().open();
            output = new PatchOutput(attempt().storage().create(attempt().patchPath(), 0));
        }
        row = id.getLong(0);
        element = element(id, to);
        given = to;
        changed = false;
        InternalRow before = stored.row(array.axes().isEmpty() ? row : row * layout.rowSize() + element);
        try {
            for (column = 0; column < columns.length; column++) {
                WrittenColumn at = array.cells().columns().get(column);
                encoded = false;
                columns[column].find(before, to, at.ordinal(), at.offset(), this::put);
            }
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot update row " + row + " of " + array.file().path() + ", " + e.getMessage(), e);
        }
        updatedRows += changed ? 1 : 0;
    }

    /** The element of the row that this row of the table is, counted in C order; 0 where that is all of the row. */
    private long element(InternalRow id, InternalRow to) throws IOException {
        long found = 0;
        for (int axis = 0; axis < array.axes().size(); axis++) {
            long index = id.getLong(axis);
            if (to.getLong(array.axes().get(axis)) != index) {
                throw new IOException("Cannot update " + array.file().path() + ": index " + index + " on axis " + axis
                        + " would become " + to.getLong(array.axes().get(axis))
                        + ", expected the same; elements do not move, update their values");
            }
            found = axis == 0 ? 0 : found * layout.shape().dim(axis) + index;
        }
        return found;
    }

    private void put(int position, int count) throws IOException {
        if (!encoded) {
            encoder.encode(column, given, bytes, 0);
            encoded = true;
        }
        int itemsize = layout.dtype().itemsize();
        // An ARRAY that is a whole row has elements all over the file in Fortran order.
        for (int at = position; at < position + count; ) {
            int inElement = at % itemsize;
            int part = Math.min(position + count - at, itemsize - inElement);
            output.put(layout.elementPosition(row, element + at / itemsize) + inElement, bytes, at, part);
            at += part;
        }
        nbytes += count;
        changed = true;
    }

    @Override
    public void insert(InternalRow from) {
        write(from);
    }

    @Override
    void append(InternalRow from) throws IOException {
        if (insertedRows == 0) {
            if (!array.axes().isEmpty()) {
                throw new IOException("Cannot append to " + array.file().path()
                        + ": each element is a row of this table, expected whole rows; read it in layout=columns or"
                        + " layout=array");
            }
            if (!array.missing().isEmpty()) {
                throw new IOException("Cannot append to " + array.file().path() + ": the table has no column for "
                        + array.missing() + ", expected all columns of the array; insert into a table that has them");
            }
            GrowingFile.checkAppend(array.file().path(), attempt().storage(), array.file());
        }
        inserts.append(from);
        insertedRows++;
        nbytes += layout.rowNbytes();
    }

    @Override
    public void delete(InternalRow metadata, InternalRow id) {
        Entry.run(() -> {
            throw new UnsupportedOperationException("Cannot delete row " + id.getLong(0) + " of "
                    + array.file().path() + ": an array has no holes, expected only updates and inserts; leave out THEN"
                    + " DELETE, or mark the rows with a value of your own by THEN UPDATE");
        });
    }

    @Override
    long rowCount() {
        return updatedRows + insertedRows;
    }

    @Override
    long nbytes() {
        return nbytes;
    }

    @Override
    SegmentsWritten finished() throws IOException {
        List<Part> patches = updatedRows > 0 ? List.of(new Part(attempt().patchPath(), output.finish())) : List.of();
        return inserts.finished(patches);
    }

    @Override
    void release() throws IOException {
        inserts.release();
        if (output != null) {
            output.close();
        }
        if (stored != null) {
            stored.close();
            stored = null;
        }
    }

    @Override
    void remove() throws IOException {
        inserts.remove();
        attempt().storage().delete(attempt().patchPath());
    }
}
