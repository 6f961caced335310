package io.memmap.spark.read;

import io.memmap.spark.read.decode.BatchDecoder;
import io.memmap.spark.read.decode.DecodedColumns;
import io.memmap.table.RowGroup;
import io.memmap.table.Selection;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Turns the rows of one partition into the batches that Spark gets. Belongs to one thread; holds heap only. */
interface BatchConsumer {

    /** The columns that it needs of a row group. Called when the group is opened. */
    DecodedColumns columns(RowGroup group);

    /** File bytes that are read between two looks at the file. */
    long checkNbytes();

    /**
     * Takes a decoded batch.
     *
     * @param selection selects at least one of its rows; null for all
     * @param count its rows
     * @throws ArithmeticException when a sum overflows its type; the message has no subject
     */
    void add(BatchDecoder decoder, Selection selection, int count);

    /** Returns true if nothing more may be added before {@link #take}, or ever. */
    boolean isFull();

    /** Takes over what another one was given of later rows of the partition. Only totals are added up by several threads. */
    default void addAll(BatchConsumer later) {
        throw new UnsupportedOperationException("Cannot add up rows of several threads: expected totals");
    }

    /**
     * Hands out rows once it is full, or the partition has ended.
     *
     * @return null at the end
     * @throws ArithmeticException when a sum overflows its type; the message has no subject
     */
    ColumnarBatch take();
}
