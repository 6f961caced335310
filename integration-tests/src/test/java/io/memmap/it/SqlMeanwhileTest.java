package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody else puts at the target of a statement while its query runs. */
class SqlMeanwhileTest {
    private static final String ROWS = " SELECT pass_gate(id) FROM range(0, 20, 1, 2)";
    private static final String QUERY = " AS SELECT pass_gate(id) AS value FROM range(0, 20, 1, 2)";

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        Gate.register(session.spark());
    }

    /** A statement that has begun, and stands at a row of its query. */
    private CompletableFuture<List<Row>> held(Gate gate, String statement) throws InterruptedException {
        CompletableFuture<List<Row>> running = OwnThread.supply(() -> session.sql(statement));
        gate.awaitReached();
        return running;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.npy | it appeared since the write was planned, expected nothing there; run it again",
                "x.dat | it appeared since the write was planned, expected nothing there; run it again",
                "x | as one directory: it is a file, expected the same kind"
            })
    void aFileThatAppearedIsNotOverwritten(String name, String message) throws Exception {
        Path target = directory.resolve(name);
        Gate gate = Gate.of(15, -1);
        CompletableFuture<List<Row>> creation = held(gate, "CREATE TABLE memmap.`@/" + name + "`" + QUERY);
        byte[] others = "somebody's only copy".getBytes(StandardCharsets.UTF_8);
        Files.write(target, others);
        gate.open();
        assertThatThrownBy(() -> creation.get(1, TimeUnit.MINUTES)).hasStackTraceContaining(message);
        assertThat(Files.readAllBytes(target)).isEqualTo(others);
        assertThat(names(directory)).containsExactly(name);
    }

    @Test
    void aDirectoryThatAppearedStaysAsItIs() throws Exception {
        Gate gate = Gate.of(15, -1);
        CompletableFuture<List<Row>> creation = held(gate, "CREATE TABLE memmap.`@/x`" + QUERY);
        Path array = Npy.of("'<i8'", "(2,)").write(directory.resolve("x/1.npy"), Npy.i8(7, 8));
        gate.open();
        assertThatThrownBy(() -> creation.get(1, TimeUnit.MINUTES))
                .hasStackTraceContaining("it changed since the write was planned, from nothing to ExistingArray");
        assertThat(npyLongs(array)).containsExactly(7, 8);
        assertThat(names(directory)).containsExactly("x");
        assertThat(names(directory.resolve("x"))).containsExactly("1.npy");
    }

    @Test
    void aFileThatGrewIsNotAppendedTo() throws Exception {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        Gate gate = Gate.of(15, -1);
        CompletableFuture<List<Row>> insert = held(gate, "INSERT INTO memmap.`@/x.npy`" + ROWS);
        Npy.of("'<i8'", "(3,)").write(file, Npy.i8(10, 20, 30));
        gate.open();
        assertThatThrownBy(() -> insert.get(1, TimeUnit.MINUTES))
                .hasStackTraceContaining("it changed since the write was planned, from 144 to 152 bytes or in content,"
                        + " expected the planned file; run it again");
        assertThat(npyLongs(file)).containsExactly(10, 20, 30);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void aFileThatAManifestListsByNowIsNotAppendedTo() throws Exception {
        Path file = Npy.of("'<i8'", "(2,)").write(directory.resolve("d/x.npy"), Npy.i8(1, 2));
        Gate gate = Gate.of(15, -1);
        CompletableFuture<List<Row>> insert = held(gate, "INSERT INTO memmap.`@/d/x.npy`" + ROWS);
        session.sql("INSERT INTO memmap.`@/d` VALUES (3L)");
        gate.open();
        assertThatThrownBy(() -> insert.get(1, TimeUnit.MINUTES))
                .hasStackTraceContaining("Cannot append to " + file + ": " + directory + "/d lists it with its"
                        + " number of rows, expected a file of its own; append to the directory");
        assertThat(npyLongs(file)).containsExactly(1, 2);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/d`")).isEqualTo(6L);
    }

    @Test
    void createOrReplaceReplacesWhatAppeared() throws Exception {
        Path file = directory.resolve("x.npy");
        Gate gate = Gate.of(3, -1);
        CompletableFuture<List<Row>> creation = held(gate, "CREATE OR REPLACE TABLE memmap.`@/x.npy`" + QUERY);
        Files.writeString(file, "somebody's");
        gate.open();
        creation.get(1, TimeUnit.MINUTES);
        assertThat(npyLongs(file)).hasSize(20).startsWith(0, 1, 2).endsWith(19);
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
