package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DTypeException;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening and creating: modes, shapes from files, and what is refused. */
class RawMemmapTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void choosesAPath() throws IOException {
        path = directory.toRealPath().resolve("array.dat");
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void hasTheDefaultsOfNumPy() throws IOException {
        Files.write(path, bytes(1, 2, 250));
        try (MemmapArray a = MemmapArray.raw(path).open()) {
            assertThat(a.dtype()).hasToString("|u1");
            assertThat(a.mode()).isEqualTo(Mode.READ_WRITE);
            assertThat(a.offset()).isZero();
            assertThat(a.shape()).isEqualTo(Shape.of(3));
            assertThat(a.getInt(2)).isEqualTo(250);
            assertThat(a).hasToString("memmap(3,) of |u1, mode r+, " + path + "\n[  1,   2, 250]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "r, READ_ONLY", "readonly, READ_ONLY", "r+, READ_WRITE", "readwrite, READ_WRITE",
        "c, COPY_ON_WRITE", "copyonwrite, COPY_ON_WRITE", "w+, CREATE", "write, CREATE"
    })
    void knowsShortAndLongModes(String name, Mode mode) {
        assertThat(Mode.of(name)).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"w", "a", "q", "R", ""})
    void refusesAnyOtherMode(String name) {
        assertThatThrownBy(() -> MemmapArray.raw(path).mode(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot open a memmap: mode '" + name + "', expected one of r, c, r+, w+, readonly,"
                        + " copyonwrite, readwrite, write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "c", "r+"})
    void reportsAMissingFile(String mode) {
        assertThatThrownBy(() -> MemmapArray.raw(path).mode(mode).open())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining(path + ": no such file");
        assertThat(path).doesNotExist();
    }

    @Test
    void needsAShapeToCreate() {
        assertThatThrownBy(() -> MemmapArray.raw(path).mode("w+").open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot create " + path + ": no shape, expected one for mode w+");
    }

    @Test
    void emptiesAnExistingFileWhenItCreates() throws IOException {
        Files.write(path, bytes(1, 2, 3, 4, 5, 6, 7, 8, 9));
        try (MemmapArray a = MemmapArray.raw(path).mode("w+").offset(2).shape(3).open()) {
            assertThat(a.toBytes()).containsExactly(0, 0, 0);
            a.putInt(7, 0);
        }
        assertThat(path).hasBinaryContent(bytes(0, 0, 7, 0, 0));
    }

    @Test
    void takesTheShapeFromTheFile() throws IOException {
        Files.write(path, new byte[18]);
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("<i4").mode("r").offset(2).open()) {
            assertThat(a.shape()).isEqualTo(Shape.of(4));
        }
        try (MemmapArray a =
                MemmapArray.raw(path).dtype("<i4").mode("r").offset(18).open()) {
            assertThat(a.shape()).isEqualTo(Shape.of(0));
        }
    }

    @Test
    void refusesAFileThatIsNoWholeNumberOfElements() throws IOException {
        Files.write(path, new byte[13]);
        assertThatThrownBy(() -> MemmapArray.raw(path).dtype("<f8").mode("r").open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + path + ": the file has 13 bytes, 5 too many, expected a whole number of"
                        + " elements of 8 bytes from offset 0 on; check the dtype and the offset, or give a shape");
        assertThatThrownBy(() ->
                        MemmapArray.raw(path).dtype("<f8").mode("r").offset(14).open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + path + ": the file has 13 bytes, expected a whole number of elements of 8"
                        + " bytes from offset 14 on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "c", "r+"})
    void refusesAnEmptyFileAndLeavesItEmpty(String mode) throws IOException {
        Files.createFile(path);
        assertThatThrownBy(() -> MemmapArray.raw(path).mode(mode).open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + path + ": the file is empty, expected a whole number of elements of 1"
                        + " bytes from offset 0 on");
        assertThat(path).isEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "c", "r+"})
    void neverExtendsAFile(String mode) throws IOException {
        Files.write(path, new byte[10]);
        assertThatThrownBy(() -> MemmapArray.raw(path)
                        .dtype("<i4")
                        .mode(mode)
                        .offset(1)
                        .shape(2, 5)
                        .open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + path + ": shape (2, 5) of <i4 is 40 bytes from offset 1, but the file has"
                        + " 10 bytes, expected at least 41; it is truncated or still being written, and no mode but w+"
                        + " makes a file longer");
        assertThat(path).hasSize(10);
    }

    @Test
    void refusesNegativeLengthsAndOffsets() throws IOException {
        Files.write(path, new byte[10]);
        assertThatThrownBy(() -> MemmapArray.raw(path).shape(-1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(-1, 2) has the negative length -1");
        assertThatThrownBy(() -> MemmapArray.raw(path).offset(-1).shape(1).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset -1, expected 0 or more");
        assertThatThrownBy(() -> MemmapArray.raw(path).offset(-1).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset -1, expected 0 or more");
    }

    @Test
    void refusesObjects() {
        assertThatThrownBy(() -> MemmapArray.raw(path).dtype("O")).isInstanceOf(DTypeException.class);
    }

    @Test
    void refusesMoreThanTheDiskHolds() {
        assertThatThrownBy(
                        () -> MemmapArray.raw(path).mode("w+").shape(1L << 50).open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes left, expected room for 1125899906842624 bytes");
        assertThat(path).doesNotExist();
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        Path lost = directory.resolve("no/where.dat");
        assertThatThrownBy(() -> MemmapArray.raw(lost).mode("w+").shape(1).open())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(
                        "Cannot create " + lost + ": no directory " + lost.getParent() + ", expected an existing one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "r+", "c", "w+"})
    void refusesWhatIsNoRegularFileBeforeItOpensIt(String mode) throws Exception {
        assertThatThrownBy(() -> MemmapArray.raw(directory).mode(mode).shape(1).open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + directory.toRealPath() + ": a directory, expected a regular file");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo(1)");
        Path fifo = path.resolveSibling("fifo");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        assertThatThrownBy(() -> MemmapArray.raw(fifo).mode(mode).shape(1).open())
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open " + fifo + ": a device, FIFO or socket, expected a regular file");
    }

    @Test
    void followsALinkAndSaysWhatItReplaces() throws IOException {
        Files.write(path, bytes(1, 2, 3));
        Path link = Files.createSymbolicLink(directory.resolve("link"), path.getFileName());
        try (MemmapArray a = MemmapArray.raw(link).mode("w+").shape(2).open()) {
            assertThat(a.path()).isEqualTo(path);
        }
        assertThat(path).hasBinaryContent(bytes(0, 0));
        assertThat(link).isSymbolicLink();
    }

    @Test
    void createsWhereABrokenLinkLeads() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), path.getFileName());
        assertThatThrownBy(() -> MemmapArray.raw(link).mode("r").open())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("Cannot open " + link + ": a symbolic link to array.dat, which does not exist, expected an"
                        + " existing file for mode r; mode w+ creates one");
        try (MemmapArray a = MemmapArray.raw(link).mode("w+").shape(2).open()) {
            assertThat(a.path()).isEqualTo(path);
        }
        assertThat(path).hasSize(2);
    }
}
