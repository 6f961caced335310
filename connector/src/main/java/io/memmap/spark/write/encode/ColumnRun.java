package io.memmap.spark.write.encode;

import io.memmap.spark.schema.WrittenColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Columns that lie side by side in the DataFrame's row as in the array's, all of one type, or a single other one.
 *
 * @param first the first of them; {@code end} is one past the last
 * @param bulk null where each column needs its {@link ItemEncoder}
 */
record ColumnRun(int first, int end, int ordinal, int offset, boolean nullable, BulkEncoder bulk) {

    /** Says whether it is done; where it is not, each column is left to its own encoder. */
    boolean encode(InternalRow from, ByteBuffer target, int position) {
        if (bulk == null || (nullable && BulkEncoder.anyNull(from, ordinal, end - first))) {
            return false;
        }
        bulk.encode(from, ordinal, end - first, target, position + offset);
        return true;
    }

    static List<ColumnRun> of(List<WrittenColumn> columns) {
        List<ColumnRun> runs = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            WrittenColumn column = columns.get(i);
            ColumnRun last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last.bulk != null && follows(columns.get(i - 1), column)) {
                runs.set(runs.size() - 1, last.with(column));
            } else {
                BulkEncoder bulk = BulkEncoder.of(column.dtype(), column.type());
                runs.add(new ColumnRun(i, i + 1, column.ordinal(), column.offset(), column.nullable(), bulk));
            }
        }
        return runs;
    }

    private static boolean follows(WrittenColumn before, WrittenColumn column) {
        return column.type().equals(before.type())
                && column.dtype().equals(before.dtype())
                && column.ordinal() == before.ordinal() + 1
                && column.offset() == before.offset() + before.dtype().itemsize();
    }

    private ColumnRun with(WrittenColumn column) {
        return new ColumnRun(first, end + 1, ordinal, offset, nullable || column.nullable(), bulk);
    }
}
