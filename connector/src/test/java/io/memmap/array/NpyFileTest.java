package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.NpyFormatException;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void choosesAPath() throws IOException {
        path = directory.toRealPath().resolve("a.npy");
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void readsWhatItCreated(Order order) throws IOException {
        try (MemmapArray a = NpyFile.createMemmap(path, DType.parse(">i2"), Shape.of(3, 4), order)) {
            assertThat(a.mode()).isEqualTo(Mode.CREATE);
            assertThat(a.sum()).isZero();
            a.putInt(-5, 1, 2);
            a.flush();
        }
        try (MemmapArray a = NpyFile.openMemmap(path, "r+")) {
            assertThat(a.shape()).isEqualTo(Shape.of(3, 4));
            assertThat(a.dtype()).hasToString(">i2");
            assertThat(a.offset()).isEqualTo(128);
            assertThat(a.strides()).isEqualTo(order == Order.C ? new long[] {8, 2} : new long[] {2, 6});
            assertThat(a.getInt(1, 2)).isEqualTo(-5);
            a.fill(1);
        }
        try (MemmapArray a = NpyFile.openMemmap(path, Mode.COPY_ON_WRITE)) {
            a.fill(7);
            assertThat(a.sumLong()).isEqualTo(84);
        }
        try (MemmapArray a = NpyFile.openMemmap(path, "readonly")) {
            assertThat(a.sumLong()).isEqualTo(12);
        }
    }

    @Test
    void holdsAnArrayWithoutElements() throws IOException {
        NpyFile.createMemmap(path, "<f8", 0, 3).close();
        try (MemmapArray a = NpyFile.openMemmap(path, "r+")) {
            assertThat(a.shape()).isEqualTo(Shape.of(0, 3));
            assertThat(a.sum()).isZero();
        }
        assertThat(path).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r", "r+", "c"})
    void neverExtendsAFileThatIsShorterThanItsHeaderSays(String mode) throws IOException {
        NpyFile.createMemmap(path, "<f8", 1000).close();
        Files.write(path, Arrays.copyOf(Files.readAllBytes(path), 8127));
        assertThatThrownBy(() -> NpyFile.openMemmap(path, mode))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("(1000,)");
        assertThat(path).hasSize(8127);
    }

    @Test
    void refusesWhatIsNoNpyFile() throws IOException {
        Files.write(path, new byte[200]);
        assertThatThrownBy(() -> NpyFile.openMemmap(path, "r"))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read " + path + ": it starts with the bytes 00 00 00 00 00 00, expected 93 4e 55 4d 50"
                                + " 59 as every .npy file; MemmapArray.raw(path) opens a file without a header");
        Files.write(path, new byte[0]);
        assertThatThrownBy(() -> NpyFile.openMemmap(path, "r")).isInstanceOf(IOException.class);
    }

    @Test
    void advisesWhatPlainJavaHasAboutALongHeader() throws IOException {
        String fields = IntStream.range(0, 900)
                .mapToObj(i -> "('f" + i + "', '<f8')")
                .collect(Collectors.joining(", ", "[", "]"));
        DType dtype = DType.parse(fields);
        Shape shape = Shape.of(2);
        assertThatThrownBy(() -> NpyFile.createMemmap(path, fields, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot write " + path + ": its header would have 15286 bytes, expected at most 10000, as"
                        + " np.load reads no longer one by default; make a raw file with MemmapArray.raw(path), or give"
                        + " createMemmap and openMemmap maxHeaderNbytes 15286, in NumPy by"
                        + " np.load(max_header_size=15286)");
        NpyFile.createMemmap(path, dtype, shape, Order.C, 15286).close();
        assertThatThrownBy(() -> NpyFile.openMemmap(path, "r"))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read " + path + ": its header has 15286 bytes, expected at most 10000; if you trust"
                        + " the file, open it with openMemmap(path, mode, 15286), as np.load(max_header_size=15286) would"
                        + " need");
        try (MemmapArray a = NpyFile.openMemmap(path, Mode.READ_ONLY, 15286)) {
            assertThat(a.field("f899").sum()).isZero();
        }
    }

    @Test
    void reportsAMissingFileAndADirectory() {
        Path missing = directory.resolve("missing.npy");
        assertThatThrownBy(() -> NpyFile.openMemmap(missing, "r+"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageStartingWith("Cannot open " + missing + ": no such file");
        assertThatThrownBy(() -> NpyFile.openMemmap(directory, "r"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(": a directory, expected a regular file");
    }

    @Test
    void needsDtypeAndShapeToCreate() {
        assertThatThrownBy(() -> NpyFile.openMemmap(path, "w+"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot open " + path + ": mode w+ without dtype and shape, expected r, r+ or c;"
                        + " createMemmap() takes them");
        assertThat(path).doesNotExist();
    }

    @Test
    void refusesObjectsBeforeItTouchesAFile() {
        assertThatThrownBy(() -> NpyFile.createMemmap(path, "O", 3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(path).doesNotExist();
    }
}
