package io.memmap.spark.read.decode;

import io.memmap.compute.Numbers;
import io.memmap.spark.schema.BoundTable;
import io.memmap.storage.ArrayInput;
import io.memmap.storage.ByteRange;
import io.memmap.table.RowGroup;
import io.memmap.table.Selection;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * Decodes table rows of one row group into the wanted columns, batch by batch. Table rows count from 0 within the group.
 *
 * <p>A batch is {@link #batchRows} rows: {@link #decodeFirst} the columns that a condition needs, then, if any of the
 * rows passes, {@link #decodeRest}. Vectors and numbers are the same each time. Belongs to one task thread; holds heap
 * only.
 */
public interface BatchDecoder {

    /**
     * The decoder of a group's kind of rows.
     *
     * @throws IllegalArgumentException naming the file, when a column cannot be read as the type that is asked for
     */
    static BatchDecoder of(RowGroup group, BoundTable table, DecodedColumns wanted) {
        return group instanceof RowGroup.Ragged ragged
                ? new SequenceDecoder(ragged, table, wanted)
                : new ArrayDecoder(group, table, wanted);
    }

    /** Bytes that one table row costs to read: all of a row in C order, of whose pages few can be left out. */
    long rowNbytes();

    /** Bytes of one table row once it is decoded; a column without bytes of its own counts as one number. */
    long decodedRowNbytes();

    /**
     * The parts of a file that these table rows need: for {@link #decodeFirst}, and for {@link #decodeRest}.
     *
     * @param opened the files that are open, at least those of the sources before this one
     * @param source the position of the file among the sources of the group
     * @throws IOException naming the file that says where rows are, when it contradicts itself
     */
    List<List<ByteRange>> ranges(ArrayInput[] opened, int source, long start, long end) throws IOException;

    /**
     * The number of table rows of {@code [start, end)} in the next batch; at least one. Call inside {@link ArrayInput#read}
     * of all inputs.
     *
     * @throws IOException naming the file that says where rows are, when it contradicts itself
     */
    int batchRows(ArrayInput[] inputs, long start, long end) throws IOException;

    /**
     * Decodes what a condition needs of the {@code count} table rows from {@code start} on. Call inside
     * {@link ArrayInput#read} of all inputs, with what {@link #batchRows} gave.
     *
     * @param inputs the open files, one for each source of the group
     * @throws IOException naming file, row and column, for a value that its Spark type cannot hold
     */
    void decodeFirst(ArrayInput[] inputs, long start, int count) throws IOException;

    /** Decodes all other columns, as {@link #decodeFirst}. */
    void decodeRest(ArrayInput[] inputs, long start, int count) throws IOException;

    /** The columns of the wanted vectors, in their order; filled by {@link #decodeRest}. */
    ColumnVector[] vectors();

    /** The numbers of a column of the current batch. */
    Numbers numbers(String column);

    /** Has a selection evaluate its filter on the batches of this decoder. */
    void enter(Selection selection);
}
