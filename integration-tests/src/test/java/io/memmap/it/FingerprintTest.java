package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that changes after its query was planned: an error that says how, unless concurrent writes are allowed. */
class FingerprintTest {
    private static final double[] VALUES = {1, 2, 3, 4};
    private static final String OTHERWISE =
            " since the query was planned, expected the planned file; run the query again";
    private static final String ALLOW = ", or set concurrentWrites=allow to read whatever is there";

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    /** Something that happens to a file. */
    private enum Change {
        REWRITTEN {
            @Override
            void apply(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                System.arraycopy(Npy.f8(9), 0, bytes, bytes.length - Double.BYTES, Double.BYTES);
                Files.write(file, bytes, StandardOpenOption.WRITE);
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
            }
        },
        REPLACED {
            @Override
            void apply(Path file) throws IOException {
                FileTime time = Files.getLastModifiedTime(file);
                Path other = Npy.doubles(file.resolveSibling("other"), 1, 2, 3, 9);
                Files.setLastModifiedTime(other, time);
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        GROWN {
            @Override
            void apply(Path file) throws IOException {
                Files.write(file, Npy.f8(9), StandardOpenOption.APPEND);
            }
        },
        SHORTENED {
            @Override
            void apply(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length - Double.BYTES));
            }
        },
        WITH_ANOTHER_HEADER {
            @Override
            void apply(Path file) throws IOException {
                byte[] longer = Files.readAllBytes(Npy.doubles(file.resolveSibling("other"), 1, 2, 3, 4, 9));
                Files.write(file, longer, StandardOpenOption.WRITE);
            }
        },
        REMOVED {
            @Override
            void apply(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void apply(Path file) throws IOException;
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    private Dataset<Row> planned(Path file, String access, String concurrentWrites) {
        Dataset<Row> query = spark.read()
                .format("memmap")
                .option("access", access)
                .option("concurrentWrites", concurrentWrites)
                .load(file.toString());
        query.queryExecution().executedPlan();
        return query;
    }

    private static List<Double> values(Dataset<Row> query) {
        return query.collectAsList().stream().map(row -> row.getDouble(0)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void saysHowTheFileChanged(String access) throws IOException {
        assertFails(access, Change.REWRITTEN, "it was modified at the same length of 160 bytes" + OTHERWISE + ALLOW);
        assertFails(access, Change.REPLACED, "it was replaced by another file" + OTHERWISE + ALLOW);
        assertFails(access, Change.SHORTENED, "its length went from 160 to 152 bytes" + OTHERWISE);
        assertFails(
                access,
                Change.WITH_ANOTHER_HEADER,
                "its header changed since the query was planned, expected the planned one; run the query again"
                        + ALLOW);
        assertFails(
                access,
                Change.REMOVED,
                "it is not there on this host, expected the file that the query was planned on; it was removed, or is "
                        + "not visible from here");
    }

    private void assertFails(String access, Change change, String message) throws IOException {
        Path file = Npy.doubles(directory.resolve(change + ".npy"), VALUES);
        Dataset<Row> query = planned(file, access, "error");
        change.apply(file);
        assertThat(ours(catchThrowable(query::collectAsList)))
                .as("%s", change)
                .hasMessage("Cannot read file:" + file + ": " + message);
    }

    /** The outermost IOException, which is ours. */
    private static Throwable ours(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void readsThePlannedRowsOfAFileThatGrew(String access) throws IOException {
        Path file = Npy.doubles(directory.resolve("grown.npy"), VALUES);
        Dataset<Row> query = planned(file, access, "error");
        Change.GROWN.apply(file);
        assertThat(values(query)).containsExactly(1.0, 2.0, 3.0, 4.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void readsWhateverIsThereWhenConcurrentWritesAreAllowed(String access) throws IOException {
        for (Change change : List.of(Change.REWRITTEN, Change.REPLACED)) {
            Path file = Npy.doubles(directory.resolve(change + ".npy"), VALUES);
            Dataset<Row> query = planned(file, access, "allow");
            change.apply(file);
            assertThat(values(query)).as("%s", change).containsExactly(1.0, 2.0, 3.0, 9.0);
        }
        Path file = Npy.doubles(directory.resolve("header.npy"), VALUES);
        Dataset<Row> query = planned(file, access, "allow");
        Change.WITH_ANOTHER_HEADER.apply(file);
        assertThat(values(query)).containsExactly(1.0, 2.0, 3.0, 4.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void readsNoRowsThatAreGoneEvenWhenConcurrentWritesAreAllowed(String access) throws IOException {
        Path file = Npy.doubles(directory.resolve("shortened.npy"), VALUES);
        Dataset<Row> query = planned(file, access, "allow");
        Change.SHORTENED.apply(file);
        assertThat(ours(catchThrowable(query::collectAsList)))
                .isNotInstanceOf(FileNotFoundException.class)
                .hasMessage("Cannot read file:" + file + ": its length went from 160 to 152 bytes" + OTHERWISE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void plansAnewForANewQuery(String access) throws IOException {
        Path file = Npy.doubles(directory.resolve("again.npy"), VALUES);
        assertThat(values(planned(file, access, "error"))).containsExactly(1.0, 2.0, 3.0, 4.0);
        Change.REPLACED.apply(file);
        assertThat(values(planned(file, access, "error"))).containsExactly(1.0, 2.0, 3.0, 9.0);
    }
}
