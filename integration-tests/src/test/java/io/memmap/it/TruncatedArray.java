package io.memmap.it;

import io.memmap.it.TruncationRuns.Action;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The file that {@link TruncationRuns} changes: 32 MiB, records of 512 bytes, so few batches that a change between two
 * of them often is in the last one. And what queries over it give.
 */
final class TruncatedArray {
    static final String DTYPE = "[('a', '<i8'), ('b', '<f8'), ('pad', 'V496')]";
    static final int ROWS = 1 << 16;
    private static final int ROW_NBYTES = 512;
    private static final int ROWS_OF_LAST_PAGE = 4096 / ROW_NBYTES;

    /** What the file holds. */
    enum Version {
        PLANNED,
        /** The last page was cut off, and is zeros again. */
        RESTORED,
        REPLACED
    }

    private final Path directory;
    private final Map<Version, Map<Action, String>> expected = new EnumMap<>(Version.class);

    private TruncatedArray(Path directory) {
        this.directory = directory;
    }

    static TruncatedArray create(Path parent) throws IOException {
        TruncatedArray array = new TruncatedArray(Files.createDirectories(parent.resolve("arrays")));
        Files.write(array.original(), array.bytes(Version.PLANNED));
        Files.write(array.replacement(), array.bytes(Version.REPLACED));
        for (Version version : Version.values()) {
            Map<Action, String> texts = new EnumMap<>(Action.class);
            for (Action action : Action.values()) {
                texts.put(action, text(version, action));
            }
            array.expected.put(version, texts);
        }
        return array;
    }

    Path file() {
        return directory.resolve("array.dat");
    }

    /** A file of equal length that stands beside, ready to replace it. */
    Path other() {
        return directory.resolve("other.dat");
    }

    private Path original() {
        return directory.resolve("original");
    }

    private Path replacement() {
        return directory.resolve("replacement");
    }

    /** Makes both files anew. */
    void restore() throws IOException {
        Files.copy(original(), file(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(replacement(), other(), StandardCopyOption.REPLACE_EXISTING);
    }

    String expected(Action action, Version version) {
        return expected.get(version).get(action);
    }

    private byte[] bytes(Version version) {
        ByteBuffer bytes = ByteBuffer.allocate(ROWS * ROW_NBYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < ROWS; row++) {
            bytes.putLong(row * ROW_NBYTES, row).putDouble(row * ROW_NBYTES + 8, b(version, row));
        }
        return bytes.array();
    }

    private static long a(Version version, int row) {
        return version == Version.RESTORED && row >= ROWS - ROWS_OF_LAST_PAGE ? 0 : row;
    }

    private static double b(Version version, int row) {
        if (version == Version.RESTORED && row >= ROWS - ROWS_OF_LAST_PAGE) {
            return 0;
        }
        return row * 2_654_435_761L % 1_000_003 + (version == Version.REPLACED ? 1 : 0);
    }

    private static String text(Version version, Action action) {
        List<Row> rows = new ArrayList<>();
        long[] counts = new long[8];
        double[] sums = new double[8];
        for (int row = 0; row < ROWS; row++) {
            long a = a(version, row);
            counts[(int) (a % 8)]++;
            sums[(int) (a % 8)] += b(version, row);
            if (a % 16 == 0) {
                rows.add(RowFactory.create(a, b(version, row)));
            }
        }
        if (action == Action.GROUP_BY) {
            rows.clear();
            for (int k = 0; k < 8; k++) {
                rows.add(RowFactory.create((long) k, counts[k], sums[k]));
            }
        }
        return text(rows, action);
    }

    /** Rows as a text of fixed length; in their order where the query keeps it. */
    static String text(List<Row> rows, Action action) {
        List<Row> ordered = new ArrayList<>(rows);
        if (action != Action.COLLECT) {
            ordered.sort(Comparator.comparingLong((Row row) -> row.getLong(0)).thenComparing(Row::toString));
        }
        long hash = 1;
        for (Row row : ordered) {
            hash = hash * 31 + row.toString().hashCode();
        }
        Row last = ordered.isEmpty() ? null : ordered.get(ordered.size() - 1);
        return ordered.size() + " rows, hash " + hash + ", last " + last;
    }
}
