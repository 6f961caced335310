package io.memmap.spark.write;

import io.memmap.layout.Layout;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenArray.Span;
import io.memmap.spark.write.encode.BadValueException;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.Part;
import io.memmap.storage.PatchOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes one task's rows, each of which carries its index on axis 0, into a patch file of its own. Spark has put them in
 * ascending order, so a row that comes twice comes twice in a row. Executor side, one task thread; Spark closes it.
 */
final class PatchDataWriter extends TaskWriter {
    private final Layout layout;
    private final RowEncoder encoder;
    private final List<Piece> pieces;
    private final ByteBuffer row;

    private PatchOutput output;
    private long lastIndex = -1;
    private long rows;

    PatchDataWriter(TaskAttempt attempt, Layout layout) {
        super(attempt);
        WrittenArray array = attempt.job().schema().resolve(List.of());
        this.layout = layout;
        this.encoder = RowEncoder.of(array);
        this.pieces = pieces(array.spans(), layout);
        this.row = ByteBuffer.allocate(encoder.rowNbytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    void append(InternalRow from) throws IOException {
        if (output == null) {
            output = new PatchOutput(attempt().storage().create(attempt().patchPath(), 0));
        }
        try {
            long index = encoder.rowIndex(from);
            check(index);
            encoder.encode(from, row, 0);
            put(index);
            lastIndex = index;
            rows++;
        } catch (BadValueException e) {
            throw new IOException(
                    "Cannot write row " + rows + " of partition " + attempt().partition() + ", " + e.getMessage(), e);
        }
    }

    private void check(long index) throws IOException {
        if (index == lastIndex) {
            throw new IOException("Cannot write row " + index
                    + ": it comes twice, expected each index once; drop duplicates of the" + " rowColumn first");
        }
        if (index >= layout.rowCount()) {
            throw new IOException("Cannot write row " + index + ": the array has shape " + layout.shape()
                    + ", expected an index of at most " + (layout.rowCount() - 1));
        }
    }

    private void put(long index) throws IOException {
        for (Piece piece : pieces) {
            long position = layout.position(piece.plane(), index) + piece.at();
            output.put(position, row, piece.from(), piece.nbytes());
        }
    }

    /**
     * Bytes of a row that are adjacent in the file.
     *
     * @param at bytes from the start of the row in its plane
     * @param from bytes from the start of the row in C order
     */
    private record Piece(long plane, int at, int from, int nbytes) {}

    private static List<Piece> pieces(List<Span> spans, Layout layout) {
        List<Piece> pieces = new ArrayList<>();
        int stride = (int) layout.rowStride();
        for (Span span : spans) {
            for (int from = span.offset(); from < span.end(); ) {
                int element = from / stride;
                int end = Math.min(span.end(), (element + 1) * stride);
                pieces.add(new Piece(layout.planeOf(element), from - element * stride, from, end - from));
                from = end;
            }
        }
        return pieces;
    }

    @Override
    long rowCount() {
        return rows;
    }

    @Override
    long nbytes() {
        return rows * encoder.rowNbytes();
    }

    @Override
    SegmentsWritten finished() throws IOException {
        List<Part> patches =
                output == null ? List.of() : List.of(new Part(attempt().patchPath(), output.finish()));
        return new SegmentsWritten(attempt().partition(), List.of(), patches, null);
    }

    @Override
    void release() throws IOException {
        if (output != null) {
            output.close();
        }
    }

    @Override
    void remove() throws IOException {
        attempt().storage().delete(attempt().patchPath());
    }
}
