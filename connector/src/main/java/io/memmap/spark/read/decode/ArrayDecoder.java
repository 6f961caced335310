package io.memmap.spark.read.decode;

import io.memmap.compute.Numbers;
import io.memmap.spark.schema.BoundTable;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSource;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Decodes rows of equal length. A table row is a row of the arrays, or an element of the array in {@code layout=elements}.
 *
 * @see BatchDecoder
 */
public final class ArrayDecoder implements BatchDecoder {
    /** Decoded bytes of one batch: what stays in a core's cache, and few enough batches that their fixed costs vanish. */
    private static final long BATCH_NBYTES = 2L << 20;
    /** Bytes of a file that one batch may span, where few of a row's bytes are wanted. */
    private static final long SPAN_NBYTES = 8L << 20;
    /** Both, where nothing is handed out: one column after another passes over what is in the second-level cache. */
    private static final long NUMBERS_NBYTES = 256L << 10;
    /** Decoded bytes of one batch for each of the files side by side: every one of them is looked at again after it. */
    private static final long FILE_NBYTES = 16L << 10;
    /** The same for all of them: each core of an executor has such a batch on the heap. */
    private static final long FILES_NBYTES = 32L << 20;
    /** Rows of a batch that has no columns. */
    private static final int MAX_ROWS = 1 << 20;

    private final SourceDecoder[] sources;
    /** The columns that have no file. */
    private final List<ColumnDecoder> positions = new ArrayList<>();

    private final long rowSize;
    private final RowGroup group;
    private final long tableRowsPerRow;

    private final ColumnVector[] vectors;
    private final Map<String, NumbersReader> numbers = new HashMap<>();

    private final long decodedRowNbytes;
    private final long rowNbytes;
    private final long maxBatchRows;

    /**
     * @throws IllegalArgumentException naming the file, when a column cannot be read as the type that is asked for
     */
    public ArrayDecoder(RowGroup group, BoundTable table, DecodedColumns wanted) {
        Map<Integer, SourceDecoder> byArray = new HashMap<>();
        List<RowSource> files = group.sources();
        this.sources = new SourceDecoder[files.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = new SourceDecoder(group, files.get(i), table);
            byArray.put(files.get(i).array(), sources[i]);
        }
        this.group = group;
        this.tableRowsPerRow = sources.length == 0 ? 1 : sources[0].tableRowsPerRow();
        this.rowSize = sources.length == 0 ? 1 : sources[0].rowSize();

        StructField[] fields = wanted.vectors().fields();
        this.vectors = new ColumnVector[fields.length];
        for (int i = 0; i < fields.length; i++) {
            String name = fields[i].name();
            int position = table.position(name);
            vectors[i] = position < 0
                    ? addPosition(name).vector()
                    : byArray.get(table.array(position))
                            .addVector(position, name, fields[i].dataType())
                            .decoder()
                            .vector();
        }
        for (String name : wanted.first()) {
            int position = table.position(name);
            numbers.put(name, byArray.get(table.array(position)).addFirst(position, name));
        }
        for (String name : wanted.numbers()) {
            int position = table.position(name);
            numbers.put(name, byArray.get(table.array(position)).addNumbers(position, name, null));
        }
        wanted.totals().forEach((name, totals) -> {
            int position = table.position(name);
            numbers.put(name, byArray.get(table.array(position)).addNumbers(position, name, totals));
        });
        long nbytes = 0;
        for (SourceDecoder source : sources) {
            source.ready();
            nbytes += source.rowNbytes();
        }
        this.rowNbytes = nbytes;
        this.decodedRowNbytes = decoders()
                .mapToLong(column -> Math.max(column.rowNbytes(), Long.BYTES))
                .sum();
        this.maxBatchRows = maxBatchRows();
    }

    private Stream<ColumnDecoder> decoders() {
        return Stream.concat(positions.stream(), Stream.of(sources).flatMap(SourceDecoder::decoders));
    }

    private ColumnDecoder addPosition(String name) {
        ColumnDecoder column = ofPosition(name, group, tableRowsPerRow);
        positions.add(column);
        return column;
    }

    /** A metadata column, whose values are known without any byte of a file. */
    static ColumnDecoder ofPosition(String name, RowGroup group, long tableRowsPerRow) {
        return switch (name) {
            case MetadataColumns.ROW -> ColumnDecoder.ofRow(group.firstRow(), tableRowsPerRow);
            case MetadataColumns.FILE -> ColumnDecoder.ofFile(path(group, name));
            case MetadataColumns.FILE_ROW -> {
                path(group, name);
                yield ColumnDecoder.ofRow(0, tableRowsPerRow);
            }
            default -> throw noColumn(group, name);
        };
    }

    private static String path(RowGroup group, String name) {
        return group.path().orElseThrow(() -> noColumn(group, name));
    }

    private static IllegalArgumentException noColumn(RowGroup group, String name) {
        return new IllegalArgumentException("Cannot read " + group.files() + ": no column '" + name + "'");
    }

    private long maxBatchRows() {
        boolean numbersOnly = vectors.length == 0;
        long decodedNbytes = decoders().mapToLong(ColumnDecoder::rowNbytes).sum();
        long filesNbytes = Math.min(FILES_NBYTES, FILE_NBYTES * sources.length);
        long batchNbytes = numbersOnly ? NUMBERS_NBYTES : Math.max(BATCH_NBYTES, filesNbytes);
        long rows = batchNbytes / Math.max(decodedNbytes, 1);
        boolean data = false;
        for (SourceDecoder source : sources) {
            if (source.dataColumns() > 0) {
                boolean onePass = source.dataColumns() == 1;
                long span = numbersOnly && !onePass ? NUMBERS_NBYTES : SPAN_NBYTES;
                rows = Math.min(rows, span / source.spannedNbytes());
                data = true;
            }
        }
        return data ? Math.max(1, rows) : MAX_ROWS;
    }

    @Override
    public long rowNbytes() {
        return rowNbytes;
    }

    @Override
    public long decodedRowNbytes() {
        return decodedRowNbytes;
    }

    @Override
    public List<List<ByteRange>> ranges(ArrayInput[] opened, int source, long start, long end) {
        return sources[source].ranges(start, end);
    }

    @Override
    public int batchRows(ArrayInput[] inputs, long start, long end) {
        long left = end - start;
        long rows = maxBatchRows;
        if (rowSize > 1) {
            long inRow = start % rowSize;
            rows = inRow > 0 || left < rowSize || rows < rowSize
                    ? Math.min(rows, rowSize - inRow)
                    : Math.min(rows, left) / rowSize * rowSize;
        }
        return (int) Math.min(left, rows);
    }

    @Override
    public void decodeFirst(ArrayInput[] inputs, long start, int count) throws IOException {
        for (int i = 0; i < sources.length; i++) {
            sources[i].decodeFirst(inputs[i], start, count);
        }
    }

    @Override
    public void decodeRest(ArrayInput[] inputs, long start, int count) throws IOException {
        for (ColumnDecoder column : positions) {
            column.begin(start, count);
        }
        for (int i = 0; i < sources.length; i++) {
            sources[i].decodeRest(inputs[i], start, count);
        }
    }

    @Override
    public ColumnVector[] vectors() {
        return vectors;
    }

    @Override
    public Numbers numbers(String column) {
        return numbers.get(column).numbers();
    }

    @Override
    public void enter(Selection selection) {
        selection.enter(group, tableRowsPerRow, this::numbers);
    }
}
