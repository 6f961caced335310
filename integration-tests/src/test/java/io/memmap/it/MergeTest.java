package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MERGE with many source rows. In which order it appends those without a match is nobody's promise. */
class MergeTest {
    private static final String GROUP_FILTER = "spark.sql.optimizer.runtime.rowLevelOperationGroupFilter.enabled";

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        // So that the few rows of a test come from several tasks.
        session.spark().conf().set("spark.sql.adaptive.enabled", "false");
        session.spark().conf().set("spark.sql.shuffle.partitions", "3");
        file = Npy.of("'<i8'", "(3,)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3));
    }

    private void merge(String source, String rest) {
        session.sql("MERGE INTO memmap.`@/x.npy` t USING (SELECT " + source + ") s ON " + rest);
    }

    /** With an update beside it, and without one, where Spark makes an INSERT of it. */
    @ParameterizedTest
    @ValueSource(strings = {"WHEN MATCHED THEN UPDATE SET value = -k", ""})
    void everyRowWithoutAMatchIsAppendedOnce(String update) throws IOException {
        merge(
                "id DIV 2 AS k FROM range(4, 10000, 1, 5)",
                "t.value = s.k + 1000000 " + update + " WHEN NOT MATCHED AND k <> 9 THEN INSERT (value) VALUES (k)");
        long[] values = npyLongs(file);
        assertThat(values).startsWith(1, 2, 3);
        assertThat(LongStream.of(values).skip(3).sorted().toArray())
                .isEqualTo(LongStream.range(4, 10_000)
                        .map(id -> id / 2)
                        .filter(k -> k != 9)
                        .toArray());
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void matchedRowsChangeInPlaceAndTheOthersFollow() throws IOException {
        merge(
                "id AS k FROM range(2, 8, 1, 3)",
                "t.value = s.k WHEN MATCHED THEN UPDATE SET value = k * 10"
                        + " WHEN NOT MATCHED THEN INSERT (value) VALUES (k)");
        long[] values = npyLongs(file);
        assertThat(values).startsWith(1, 20, 30).hasSize(7);
        assertThat(LongStream.of(values).skip(3)).containsExactlyInAnyOrder(4L, 5L, 6L, 7L);
    }

    @Test
    void refusalsNameTheStatement() throws IOException {
        for (String path : new String[] {"shards/a.npy", "shards/b.npy", "parts/k=1/a.npy"}) {
            Npy.of("'<i8'", "(1,)").write(directory.resolve(path), Npy.i8(1));
        }
        String rest = " t USING (SELECT 1L AS k) s ON t.value = s.k WHEN MATCHED THEN UPDATE SET value = 3";
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`@/shards`" + rest))
                .hasMessageContaining("Cannot merge into memmap.`" + directory
                        + "/shards`: it is 2 files, which do not change in one step, expected one");
        assertThatThrownBy(() -> session.sql("MERGE INTO memmap.`@/parts`" + rest))
                .hasMessageContaining("Cannot merge into memmap.`" + directory
                        + "/parts`: it has partition columns, expected a file");
    }

    @Test
    void rowsThatTheSourceDoesNotNameCanChangeToo() throws IOException {
        merge(
                "* FROM VALUES (2L), (9L) AS v(k)",
                "t.value = s.k WHEN MATCHED THEN UPDATE SET value = 20"
                        + " WHEN NOT MATCHED THEN INSERT (value) VALUES (k)"
                        + " WHEN NOT MATCHED BY SOURCE AND t.value > 2 THEN UPDATE SET value = 0");
        assertThat(npyLongs(file)).containsExactly(1, 20, 0, 9);
    }

    @Test
    void twoSourceRowsForOneRowAreAnError() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> merge(
                        "* FROM VALUES (2L, 20L), (2L, 21L), (8L, 80L) AS v(k, v)",
                        "t.value = s.k WHEN MATCHED THEN UPDATE SET value = v"
                                + " WHEN NOT MATCHED THEN INSERT (value) VALUES (v)"))
                .hasStackTraceContaining("MERGE_CARDINALITY_VIOLATION");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    /** Spark 4.2 makes a filter of ON in which it has lost the hidden columns, unless it is told not to. */
    @Test
    void onCanNameTheRow() throws IOException {
        String byRow = "t._row = s.r WHEN MATCHED THEN UPDATE SET value = v";
        String source = "id AS r, id * 10 AS v FROM range(1, 5)";
        if (session.spark().version().startsWith("4.2.")) {
            byte[] before = Files.readAllBytes(file);
            assertThatThrownBy(() -> merge(source, byRow)).hasMessageContaining("MISSING_ATTRIBUTES");
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
            session.spark().conf().set(GROUP_FILTER, "false");
        }
        merge(source, byRow);
        assertThat(npyLongs(file)).containsExactly(1, 10, 20);
    }

    /** Where an INSERT stands beside it, Spark asks for a value for {@code _row}. */
    @Test
    void aConditionCanNameTheRow() throws IOException {
        String byRow = "t.value = s.r WHEN MATCHED AND t._row >= 1 THEN UPDATE SET value = v";
        String source = "id AS r, id * 10 AS v FROM range(1, 3)";
        assertThatThrownBy(() -> merge(source, byRow + " WHEN NOT MATCHED THEN INSERT (value) VALUES (v)"))
                .hasMessageContaining("No assignment for '_row'");
        if (session.spark().version().startsWith("4.2.")) {
            assertThatThrownBy(() -> merge(source, byRow)).hasStackTraceContaining("MergeRowsExec");
            session.spark().conf().set("spark.sql.codegen.wholeStage", "false");
        }
        assertThat(npyLongs(file)).containsExactly(1, 2, 3);
        merge(source, byRow);
        assertThat(npyLongs(file)).containsExactly(1, 20, 3);
    }

    @Test
    void onNamesTheRowBesideAnInsertFromSpark41On() throws IOException {
        String byRow = "t._row = s.r WHEN MATCHED THEN UPDATE SET value = v"
                + " WHEN NOT MATCHED THEN INSERT (value) VALUES (v)";
        String source = "id AS r, id * 10 AS v FROM range(2, 4)";
        session.spark().conf().set(GROUP_FILTER, "false");
        String version = session.spark().version();
        if (version.startsWith("3.") || version.startsWith("4.0.")) {
            assertThatThrownBy(() -> merge(source, byRow)).hasMessageContaining("No assignment for '_row'");
            assertThat(npyLongs(file)).containsExactly(1, 2, 3);
        } else {
            merge(source, byRow);
            assertThat(npyLongs(file)).containsExactly(1, 2, 20, 30);
        }
    }
}
