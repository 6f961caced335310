package io.memmap.it;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A second process appends while Spark reads. The file starts with the rows 0, 1, 2, …, and every appended value is -1,
 * so a row too many, too few or half written shows.
 */
class GrowthTest {
    private static final int ROWS = 400_000;
    private static final int CHUNK_ROWS = 1000;
    private static final int SCANS = 12;
    private static final long SUM = (long) ROWS * (ROWS - 1) / 2;
    private static final String APPEND =
            "i=0; while [ ! -e \"$2\" ] && [ $i -lt 20000 ]; do cat \"$1\" >> \"$0\"; i=$((i+1)); done";

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeAll
    static void needsAShell() {
        OtherProcess.assume();
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void readsThePlannedRowsOfARawFileThatGrows(String access) throws Exception {
        Path file = Files.write(directory.resolve("grows.dat"), rows());
        Process appender = append(file);
        List<Long> counts = new ArrayList<>();
        try {
            for (int i = 0; i < SCANS; i++) {
                long before = Files.size(file) / Long.BYTES;
                Dataset<Row> query = summary(file, Map.of("dtype", "<i8", "access", access));
                query.queryExecution().executedPlan();
                long after = Files.size(file) / Long.BYTES;

                Row first = query.collectAsList().get(0);
                awaitLongerThan(file, after);
                Row second = query.collectAsList().get(0);

                long count = first.getLong(0);
                assertThat(count).isBetween(before, after);
                assertThat(first.getLong(1)).as("rows before the growth").isEqualTo(ROWS);
                assertThat(first.getLong(2)).isEqualTo(SUM - (count - ROWS));
                assertThat(second).as("the same plan again").isEqualTo(first);
                counts.add(count);
            }
        } finally {
            stop(appender);
        }
        assertThat(counts).as("each new plan sees more rows").isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void readsTheClaimedRowsOfANpyFileWithBytesAppearingBehindThem(String access) throws Exception {
        Path file = Npy.of("'<i8'", "(" + ROWS + ",)").write(directory.resolve("grows.npy"), rows());
        Process appender = append(file);
        try {
            for (int i = 0; i < SCANS; i++) {
                Row found =
                        summary(file, Map.of("access", access)).collectAsList().get(0);
                assertThat(found.getLong(0)).isEqualTo(ROWS);
                assertThat(found.getLong(2)).isEqualTo(SUM);
            }
            assertThat(Files.size(file)).isGreaterThan(ROWS * Long.BYTES + (long) CHUNK_ROWS * Long.BYTES);
        } finally {
            stop(appender);
        }
    }

    private static byte[] rows() {
        return Npy.i8(IntStream.range(0, ROWS).asLongStream().toArray());
    }

    private Dataset<Row> summary(Path file, Map<String, String> options) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(file.toString())
                .agg(expr("count(value)"), expr("count_if(value >= 0)"), expr("sum(value)"));
    }

    private Process append(Path file) throws IOException {
        long[] chunk = new long[CHUNK_ROWS];
        Arrays.fill(chunk, -1);
        Path chunkFile = Files.write(directory.resolve("chunk"), Npy.i8(chunk));
        long rows = Files.size(file) / Long.BYTES;
        Process appender = OtherProcess.start(APPEND, file, chunkFile, directory.resolve("stop"));
        awaitLongerThan(file, rows);
        return appender;
    }

    private static void awaitLongerThan(Path file, long rows) throws IOException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (Files.size(file) / Long.BYTES <= rows) {
            assertThat(System.nanoTime()).as("nothing was appended").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void stop(Process appender) throws IOException, InterruptedException {
        Files.createFile(directory.resolve("stop"));
        assertThat(appender.waitFor()).isZero();
    }
}
