package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file on a store where files appear when they are closed, which another one replaces; something goes wrong. */
class ReplacedObjectTest {
    private static Fault fault = Fault.NONE;

    private enum Fault {
        NONE,
        REFUSED,
        /** The program itself fails. */
        DEFECT,
        /** A failure after which no driver goes on. */
        DEATH,
        /** The store has the new file, and its answer is lost. */
        NO_ANSWER
    }

    /** Local files as those of such a store. */
    public static final class Store extends ClosedFileSystem {
        @Override
        public URI getUri() {
            return URI.create("replaced:///");
        }

        private static Fault faultOf(org.apache.hadoop.fs.Path path) {
            return path.getName().startsWith("x.") && !path.getName().endsWith(".json") ? fault : Fault.NONE;
        }

        @Override
        void beforeCreation(org.apache.hadoop.fs.Path path) throws IOException {
            switch (faultOf(path)) {
                case REFUSED -> throw new IOException("planted: refused");
                case DEFECT -> throw new IllegalStateException("planted: a defect");
                case DEATH -> throw new AssertionError("planted: death");
                default -> {}
            }
        }

        @Override
        FSDataOutputStream created(org.apache.hadoop.fs.Path path, FSDataOutputStream stream) throws IOException {
            return faultOf(path) == Fault.NO_ANSWER ? new FSDataOutputStream(new Unanswered(stream), null) : stream;
        }
    }

    private static final class Unanswered extends OutputStream {
        private final OutputStream output;

        Unanswered(OutputStream output) {
            this.output = output;
        }

        @Override
        public void write(int value) throws IOException {
            output.write(value);
        }

        @Override
        public void close() throws IOException {
            output.close();
            throw new IOException("planted: no answer");
        }
    }

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();
    private final Map<String, String> settings = Map.of("fs.replaced.impl", Store.class.getName());

    private void save(String name, String values) {
        spark.sql("SELECT * FROM VALUES " + values + " AS t(value)")
                .coalesce(1)
                .write()
                .format("memmap")
                .options(settings)
                .mode("overwrite")
                .save("replaced:" + directory.resolve(name));
    }

    private void assertRows(String name, String rows) throws IOException {
        assertThat(spark.read()
                        .format("memmap")
                        .options(settings)
                        .load("replaced:" + directory.resolve(name))
                        .orderBy("value")
                        .collectAsList())
                .hasToString(rows);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "DEFECT", "DEATH"})
    void aRawFileThatIsNotReplacedKeepsItsDescription(Fault planted) throws IOException {
        save("x.dat", "(1L), (2L)");
        fault = planted;
        try {
            assertThatThrownBy(() -> save("x.dat", "(0.5F), (1.5F), (2.5F), (3.5F)"))
                    .hasStackTraceContaining("planted: ");
        } finally {
            fault = Fault.NONE;
        }
        assertRows("x.dat", "[[1], [2]]");
        save("x.dat", "(0.5F)");
        assertRows("x.dat", "[[0.5]]");
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.dat", "x.npy"})
    void aFileThatIsReplacedThoughTheStoreDoesNotSaySoIsWritten(String name) throws IOException {
        save(name, "(1L), (2L)");
        fault = Fault.NO_ANSWER;
        try {
            save(name, "(0.5D), (1.5D), (2.5D)");
        } finally {
            fault = Fault.NONE;
        }
        assertRows(name, "[[0.5], [1.5], [2.5]]");
    }

    /** A sidecar beside a .npy file says the names of its columns. */
    @Test
    void aFileWithoutASidecarRemovesThatOfTheOldOne() throws IOException {
        save("x.npy", "(1L), (2L)");
        Files.writeString(directory.resolve("x.npy.memmap.json"), "{\"dtype\": \"<i8\", \"columnNames\": [\"value\"]}");
        save("x.npy", "(0.5D)");
        assertRows("x.npy", "[[0.5]]");
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
