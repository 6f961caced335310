package io.memmap.replay;

import io.memmap.replay.Found.State;
import io.memmap.spark.MemmapDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Reads arrays as Spark has this source do it, without a job around it. Needs a session. */
final class SparkReader {
    private static final int DETAIL_LENGTH = 600;
    private static final int COLUMNS = 2;

    private static final String NOTHING = "no such file or directory";
    private static final List<String> NO_ARRAY = List.of(
            "the array was dropped, but", "the directory holds no array", "none of its 1 files, such as notes.txt,");

    private SparkReader() {}

    static Found read(WriteKind kind, Path target) {
        try {
            long[] rows = rows(target);
            State state = kind.state(rows);
            return new Found(state, state == State.OTHER ? text(rows) : "");
        } catch (Exception e) {
            String message = String.valueOf(e.getMessage());
            if (Files.exists(target) ? NO_ARRAY.stream().anyMatch(message::contains) : message.contains(NOTHING)) {
                return new Found(kind.state(null), "nothing there");
            }
            return new Found(State.ERROR, abbreviated(e.toString()));
        }
    }

    /** The two columns of all rows, one row behind the other, without those of partitions. */
    private static long[] rows(Path target) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("path", target.toString()));
        CaseInsensitiveStringMap map = new CaseInsensitiveStringMap(options);
        MemmapDataSource source = new MemmapDataSource();
        SupportsRead table = (SupportsRead) source.getTable(source.inferSchema(map), new Transform[0], options);
        Batch batch = table.newScanBuilder(map).build().toBatch();
        LongStream.Builder rows = LongStream.builder();
        for (InputPartition partition : batch.planInputPartitions()) {
            try (PartitionReader<ColumnarBatch> reader =
                    batch.createReaderFactory().createColumnarReader(partition)) {
                while (reader.next()) {
                    add(reader.get(), rows);
                }
            }
        }
        return rows.build().toArray();
    }

    private static void add(ColumnarBatch batch, LongStream.Builder rows) {
        for (int row = 0; row < batch.numRows(); row++) {
            for (int column = 0; column < COLUMNS; column++) {
                rows.add(batch.column(column).getLong(row));
            }
        }
    }

    static String text(long[] rows) {
        StringBuilder text = new StringBuilder(rows.length / 2 + " rows:");
        for (int i = 0; i < rows.length; i++) {
            if (i < 2 || rows[i] != rows[i - 2] + 1) {
                text.append(i % 2 == 0 ? " " : "/").append(rows[i]).append("..");
            }
        }
        return abbreviated(text.toString());
    }

    private static String abbreviated(String text) {
        return text.length() <= DETAIL_LENGTH ? text : text.substring(0, DETAIL_LENGTH) + "...";
    }
}
