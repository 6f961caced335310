package io.memmap.spark.read;

import io.memmap.format.ArrayFile;
import io.memmap.format.Origin;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.table.RowSet;
import io.memmap.table.TableArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A scan as EXPLAIN shows it, on one line. Driver only. */
record ScanDescription(DescribedTable described, PushedDown pushed, List<SelectedRows> rows) {
    private static final int SHOWN_COLUMNS = 25;

    @Override
    public String toString() {
        TableArrays arrays = described.arrays();
        StringBuilder text = new StringBuilder("memmap ");
        int shown = Math.min(SHOWN_COLUMNS, arrays.arrays().size());
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : "; ")
                    .append(arrays.isSideBySide() ? arrays.names().get(i) + " = " : "");
            describe(arrays.arrays().get(i), text);
        }
        if (shown < arrays.arrays().size()) {
            text.append("; ... ").append(arrays.arrays().size() - shown).append(" more");
        }
        text.append(", ")
                .append(SelectedRows.count(rows))
                .append(" rows selected")
                .append(rowRange())
                .append(", columns ")
                .append(columns())
                .append(", pushed [")
                .append(pushed)
                .append("]");
        if (described.partitionCount() > 0) {
            long selected = rows.stream()
                    .map(group -> group.group().constants())
                    .distinct()
                    .count();
            text.append(", ")
                    .append(selected)
                    .append(" of ")
                    .append(described.partitionCount())
                    .append(" partitions");
        }
        int ignoredFiles =
                arrays.arrays().stream().mapToInt(ShardedArray::ignoredFiles).sum();
        if (ignoredFiles > 0) {
            text.append(", ").append(ignoredFiles).append(" other files ignored");
        }
        long trailingNbytes =
                arrays.arrays().stream().mapToLong(ShardedArray::trailingNbytes).sum();
        if (trailingNbytes > 0) {
            text.append(", ").append(trailingNbytes).append(" trailing bytes ignored");
        }
        return text.toString();
    }

    /** The columns, at most as many as Spark itself shows of a plan. */
    private String columns() {
        String[] names = pushed.plan().readSchema().fieldNames();
        List<String> shown = Arrays.stream(names).limit(SHOWN_COLUMNS).collect(Collectors.toCollection(ArrayList::new));
        if (names.length > SHOWN_COLUMNS) {
            shown.add("... " + (names.length - SHOWN_COLUMNS) + " more");
        }
        return shown.toString();
    }

    private void describe(ShardedArray array, StringBuilder text) {
        Layout first = array.first().layout();
        int more = array.shards().size() - 1;
        text.append(array.first().path())
                .append(more == 0 ? "" : " and " + more + " more files")
                .append(": ")
                .append(container(array.first()))
                .append("dtype ")
                .append(first.dtype())
                .append(shape(array))
                .append(", order ")
                .append(first.order());
    }

    /** Empty for .npy and raw files. */
    private static String container(ArrayFile file) {
        Origin origin = file.origin();
        String member = origin.member().isEmpty() ? "" : "member " + origin.member() + ", ";
        return file.isWritable() ? "" : "container " + origin.format() + ", " + member;
    }

    /** Not all rows of partitions are known: headers that are not needed are not read. */
    private String shape(ShardedArray array) {
        if (array.first().sequences() != null) {
            String rows = described.options().layout().name().toLowerCase(Locale.ROOT);
            return ", " + (described.partitionCount() > 0 ? "rows are " : array.rowCount() + " ") + rows;
        }
        return described.partitionCount() > 0
                ? ", rows of shape " + array.first().layout().shape().trailing()
                : ", shape " + array.shape();
    }

    private String rowRange() {
        if (rows.isEmpty() || described.partitionCount() > 0) {
            return "";
        }
        SelectedRows first = rows.get(0);
        SelectedRows last = rows.get(rows.size() - 1);
        List<RowSet.Range> ranges = last.rows().ranges();
        long perRow = described.tableRowsPerRow();
        long start = first.group().firstRow() + first.rows().ranges().get(0).start() / perRow;
        long end = last.group().firstRow() + (ranges.get(ranges.size() - 1).end() - 1) / perRow;
        return " in [" + start + ", " + (end + 1) + ")";
    }
}
