package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memmap.memory.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut, replaced or deleted while they are mapped. */
class MemmapArrayFaultTest {
    private static final int COUNT = 1 << 20;
    private static final int WARM_UP_ROUNDS = 60;

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void choosesAPath() throws IOException {
        path = directory.toRealPath().resolve("ones.dat");
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private MemmapArray ones() throws IOException {
        MemmapArray a =
                MemmapArray.raw(path).dtype("<f8").mode("w+").shape(COUNT).open();
        a.fill(1);
        return a;
    }

    /** By another process, as it happens; this one would do as well. */
    private void cut(long nbytes) throws Exception {
        if (Files.isExecutable(Path.of("/usr/bin/truncate"))) {
            new ProcessBuilder("truncate", "-s", Long.toString(nbytes), path.toString())
                    .start()
                    .waitFor();
        } else {
            try (var channel = java.nio.channels.FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate(nbytes);
            }
        }
    }

    static Stream<Arguments> bulkOperations() {
        double[] doubles = new double[COUNT];
        float[] floats = new float[COUNT];
        return Stream.of(
                operation("sum", MemmapArray::sum),
                operation("strided sum", a -> a.slice("::3").sum()),
                operation("min", MemmapArray::min),
                operation("copyTo", a -> a.copyTo(doubles)),
                operation("converting copyTo", a -> a.copyTo(floats)),
                operation("toBytes", MemmapArray::toBytes));
    }

    private static Arguments operation(String name, Consumer<MemmapArray> operation) {
        return Arguments.of(name, operation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bulkOperations")
    void turnsAFaultIntoAnExceptionAndGivesNoResult(String name, Consumer<MemmapArray> operation) throws Exception {
        try (MemmapArray a = ones()) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                operation.accept(a);
            }
            cut(COUNT * 8 - 4096);
            assertIsTranslated(() -> operation.accept(a), "read", COUNT * 8 - 4096);
            assertIsTranslated(() -> operation.accept(a), "read", COUNT * 8 - 4096);
        }
    }

    private void assertIsTranslated(ThrowingCallable call, String verb, long size) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("Cannot " + verb + " " + path + ": the file has " + size
                        + " bytes; it was truncated while it was mapped, expected bytes 0 to " + COUNT * 8);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause).isNotInstanceOf(VirtualMachineError.class);
        }
        assertThat(thrown.getCause().getSuppressed()).hasSize(1).hasOnlyElementsOfType(InternalError.class);
    }

    @Test
    void noticesACutInsideTheLastPageWhichFaultsNothing() throws Exception {
        try (MemmapArray a = ones()) {
            cut(COUNT * 8 - 800);
            assertThatThrownBy(a::sum)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("Cannot read " + path + ": the file has " + (COUNT * 8 - 800)
                            + " bytes; it was truncated while it was mapped, expected bytes 0 to " + COUNT * 8);
            assertThatThrownBy(a::flush).isInstanceOf(IOException.class).hasMessageStartingWith("Cannot flush " + path);
        }
    }

    @Test
    void writesNothingMoreAfterAFailedWrite() throws Exception {
        try (MemmapArray a = ones()) {
            a.slice("5").putDouble(3);
            cut(4096);
            assertIsTranslated(() -> a.fill(2), "write", 4096);
            String message = "Cannot write " + path + ": an earlier write failed (Cannot write " + path
                    + ": the file has 4096 bytes; it was truncated while it was mapped, expected bytes 0 to "
                    + COUNT * 8
                    + "), and what the file holds is unknown; write it anew";
            assertThatThrownBy(() -> a.putDouble(1, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> a.slice("3:").copyFrom(new double[COUNT - 3]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(a::flush)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("Cannot flush " + path + ": an earlier write failed (Cannot write ");
            }
            assertThat(a.getDouble(0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void throwsAFaultOfSingleElementsAtTheLatestWhenItIsClosed(boolean write) throws Exception {
        MemmapArray a = ones();
        cut(4096);
        boolean thrown = false;
        try {
            if (write) {
                a.putDouble(1, -1);
            } else {
                a.getDouble(-1);
            }
        } catch (UncheckedIOException e) {
            thrown = true;
        }
        try {
            a.close();
        } catch (UncheckedIOException e) {
            thrown = true;
        }
        assertThat(thrown).isTrue();
        assertThatThrownBy(() -> a.getDouble(0)).hasMessage("Already closed: " + path);
    }

    @Test
    void readsOnFromAFileThatWasReplacedOrDeleted() throws Exception {
        try (MemmapArray a = ones()) {
            Path other = Files.write(path.resolveSibling("other"), new byte[8]);
            Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            assertThat(a.sum()).isEqualTo(COUNT);
            Files.delete(path);
            assertThat(a.sum()).isEqualTo(COUNT);
            a.flush();
        }
    }

    @Test
    void readsOnFromAFileThatGrew() throws Exception {
        try (MemmapArray a = ones()) {
            cut(COUNT * 8 + 4096);
            assertThat(a.sum()).isEqualTo(COUNT);
        }
    }
}
