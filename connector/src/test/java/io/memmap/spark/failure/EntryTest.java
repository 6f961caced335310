package io.memmap.spark.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memmap.dtype.DType;
import io.memmap.dtype.ValueException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryTest {

    private static final class BadValue extends ValueException {
        private static final long serialVersionUID = 1L;

        BadValue() {
            super("value 300, expected 0 to 255");
        }
    }

    private static MemmapException thrownFor(Exception plain) {
        return catchThrowableOfType(
                MemmapException.class,
                () -> Entry.run(() -> {
                    throw plain;
                }));
    }

    private static Exception badDType() {
        return (Exception) catchThrowable(() -> DType.parse("|O"));
    }

    static Stream<Arguments> conditions() {
        IOException unwritable = new IOException("Cannot write row 7 of partition 1, column 'a'", new BadValue());
        return Stream.of(
                Arguments.of(new FileNotFoundException("Cannot read /x"), "MEMMAP_FILE_NOT_FOUND", "42K03"),
                Arguments.of(new NoSuchFileException("/x"), "MEMMAP_FILE_NOT_FOUND", "42K03"),
                Arguments.of(
                        new UncheckedIOException("Cannot read /x", new FileNotFoundException("/x")),
                        "MEMMAP_FILE_NOT_FOUND",
                        "42K03"),
                Arguments.of(new FileAlreadyExistsException("/x"), "MEMMAP_FILE_EXISTS", "42K04"),
                Arguments.of(new AccessDeniedException("/x"), "MEMMAP_ACCESS_DENIED", "42501"),
                Arguments.of(unwritable, "MEMMAP_BAD_VALUE", "22000"),
                Arguments.of(new ArithmeticException("Cannot count"), "MEMMAP_BAD_VALUE", "22000"),
                Arguments.of(new UnsupportedOperationException("Cannot alter"), "MEMMAP_UNSUPPORTED", "0A000"),
                Arguments.of(badDType(), "MEMMAP_BAD_ARGUMENT", "22023"),
                Arguments.of(
                        new IllegalArgumentException("Cannot read", new IOException("Cannot open")),
                        "MEMMAP_BAD_ARGUMENT",
                        "22023"),
                Arguments.of(new EOFException("Cannot read"), "MEMMAP_IO_ERROR", "58030"),
                Arguments.of(
                        new IOException("Cannot read", new IllegalArgumentException("Cannot parse")),
                        "MEMMAP_IO_ERROR",
                        "58030"),
                Arguments.of(new SocketTimeoutException("Cannot read"), "MEMMAP_IO_ERROR", "58030"),
                Arguments.of(new IllegalStateException("Already closed: reader"), "MEMMAP_INTERNAL", "XX000"),
                Arguments.of(new NullPointerException(), "MEMMAP_INTERNAL", "XX000"));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void theTypeOfAnExceptionIsItsCondition(Exception plain, String condition, String sqlState) {
        MemmapException thrown = thrownFor(plain);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).isInstanceOf(SparkThrowable.class);
        assertThat(thrown.getCondition()).isEqualTo(condition);
        assertThat(thrown.getErrorClass()).isEqualTo(condition);
        assertThat(thrown.getSqlState()).isEqualTo(sqlState);
        assertThat(thrown.isInternalError()).isFalse();
        assertThat(thrown.getMessageParameters()).isEmpty();
        assertThat(thrown.getQueryContext()).isEmpty();
    }

    @Test
    void aMessageOfOursStaysAsItIsAndAnyOtherSaysItsType() {
        assertThat(thrownFor(new IOException("Cannot read /x.npy: it is empty")))
                .hasMessage("Cannot read /x.npy: it is empty");
        assertThat(thrownFor(new IllegalStateException("Already closed: reader")))
                .hasMessage("Already closed: reader");
        assertThat(thrownFor(new NullPointerException())).hasMessage("java.lang.NullPointerException");
    }

    @Test
    void aRefusalOfTheSystemIsSaidInWords() {
        assertThat(thrownFor(new AccessDeniedException("/x.npy")))
                .hasMessage("Cannot access /x.npy: permission denied to user " + System.getProperty("user.name")
                        + "; change the permissions of the file or of a directory above it");
        assertThat(thrownFor(new FileSystemException("/l", null, "Too many levels of symbolic links or unable")))
                .hasMessage("Cannot access /l: Too many levels of symbolic links or unable; correct the link");
        assertThat(thrownFor(new FileSystemException("/m", null, "Too many open files")))
                .hasMessage(
                        "Cannot access /m: Too many open files; each task has the files of its rows open, of arrays side by"
                                + " side one for each column: raise the limit of open files (ulimit -n), or use fewer columns");
        assertThat(thrownFor(new FileSystemException("/m", null, "Too many open files in system")))
                .hasMessage("Cannot access /m: Too many open files in system; the machine has as many open as it allows"
                        + " (fs.file-max), try again when other programs have ended");
        FileSystemException immutable = new FileSystemException("/x", "/y", "Operation not permitted");
        String said = "Cannot access /x -> /y: Operation not permitted; it may be immutable, or its file system may not"
                + " support the operation";
        assertThat(thrownFor(immutable)).hasMessage(said);
        assertThat(thrownFor(new IOException(immutable.getMessage() + "; more", immutable)))
                .hasMessage(said + "; more");
        assertThat(thrownFor(new IOException("no copy", immutable))).hasMessage("java.io.IOException: no copy");
        assertThat(thrownFor(new NoSuchFileException("/x"))).hasMessage("Cannot access /x: no such file or directory");
        assertThat(thrownFor(new NotDirectoryException("/x"))).hasMessage("Cannot access /x: NotDirectoryException");
        assertThat(thrownFor(new NoSuchFileException(null))).hasMessage("java.nio.file.NoSuchFileException");
    }

    @Test
    void aMessageIsOneLine() {
        assertThat(thrownFor(new IOException("Cannot read /x: status 503\r\n  try\u2028again\n\n")))
                .hasMessage("Cannot read /x: status 503 try again");
    }

    @Test
    void thePlainExceptionIsTheCause() {
        IOException plain = new FileNotFoundException("Cannot read /x: no such file or directory");
        assertThat(thrownFor(plain)).cause().isSameAs(plain);
        UncheckedIOException unchecked = new UncheckedIOException("Cannot read /x; say more", plain);
        assertThat(thrownFor(unchecked))
                .hasMessage("Cannot read /x; say more")
                .cause()
                .isSameAs(plain);
    }

    /** As a cause the fault of a mapping would end the executor. */
    @Test
    void aFaultStaysSuppressed() {
        IOException plain = new IOException("Cannot read /x: it was truncated");
        plain.addSuppressed(new InternalError("a fault occurred in an unsafe memory access operation"));
        for (Throwable cause = thrownFor(plain); cause != null; cause = cause.getCause()) {
            assertThat(cause).isNotInstanceOf(Error.class);
        }
    }

    static Stream<Throwable> thoseOfSpark() {
        return Stream.of(
                new NoSuchTableException(Identifier.of(new String[0], "x")),
                new SparkException("Job aborted"),
                new TaskKilledException("another attempt succeeded"),
                new InterruptedException(),
                new ClosedByInterruptException(),
                new InterruptedIOException(),
                new UncheckedIOException(new ClosedByInterruptException()),
                new OutOfMemoryError("Java heap space"),
                MemmapException.of(new IOException("Cannot read"), "Cannot read"));
    }

    @ParameterizedTest
    @MethodSource("thoseOfSpark")
    void whatSparkKnowsByItsTypeLeavesAsItIs(Throwable known) {
        assertThatThrownBy(() -> Entry.call(() -> {
                    if (known instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) known;
                }))
                .isSameAs(known);
    }

    static Stream<IOException> thoseOfInterrupts() {
        return Stream.of(
                new IOException("Cannot flush /x: interrupted", new InterruptedIOException("Cannot flush /x")),
                new IOException("Cannot flush /x: interrupted", new IOException(new ClosedByInterruptException())));
    }

    /** Spark takes the interrupt of a query that is stopped for its end, and all else for a failure. */
    @ParameterizedTest
    @MethodSource("thoseOfInterrupts")
    void anInterruptThatWasPutIntoWordsLeavesAsOne(IOException plain) {
        assertThatThrownBy(() -> Entry.run(() -> {
                    throw plain;
                }))
                .isExactlyInstanceOf(InterruptedIOException.class)
                .hasMessage("Cannot flush /x: interrupted")
                .hasCause(plain);
    }

    /** A client of a store may have an exception of its own for an interrupt. A refusal is one all the same. */
    @Test
    void anIoErrorOfAnInterruptedThreadIsAnInterrupt() {
        IOException plain = new IOException("Cannot read /x: the request was aborted");
        try {
            assertThatThrownBy(() -> throwInterrupted(plain))
                    .isExactlyInstanceOf(InterruptedIOException.class)
                    .hasMessage("Cannot read /x: the request was aborted")
                    .hasCause(plain);
            assertThatThrownBy(() -> throwInterrupted(new FileNotFoundException("Cannot read /x")))
                    .isInstanceOf(MemmapException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void throwInterrupted(Exception plain) {
        Entry.run(() -> {
            Thread.currentThread().interrupt();
            throw plain;
        });
    }

    /** HTTP clients have time-outs whose class extends {@code InterruptedIOException}. */
    private static final class ConnectTimeout extends InterruptedIOException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aTimeOutIsNoInterrupt() {
        IOException timeOut = new SocketTimeoutException("Cannot connect");
        timeOut.initCause(new InterruptedIOException("timeout"));
        for (IOException plain : List.of(timeOut, new IOException("Cannot read /x", new ConnectTimeout()))) {
            assertThat(thrownFor(plain).getCondition()).isEqualTo("MEMMAP_IO_ERROR");
        }
    }

    @Test
    void itCrossesTheWireWithItsCondition() throws Exception {
        MemmapException thrown = thrownFor(new FileNotFoundException("Cannot read /x: no such file or directory"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat((MemmapException) in.readObject())
                    .hasMessage("Cannot read /x: no such file or directory")
                    .hasCauseInstanceOf(FileNotFoundException.class)
                    .extracting(MemmapException::getCondition)
                    .isEqualTo("MEMMAP_FILE_NOT_FOUND");
        }
    }

    @Test
    void whatWorkGivesBackIsGivenBack() {
        assertThat(Entry.<Integer>call(() -> 7)).isEqualTo(7);
    }
}
