package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.storage.LocalConcat.Source;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTransposeTest {
    private static final byte[] HEAD = {1, 2, 3};

    @TempDir
    Path directory;

    private static DType bytes(int itemsize) {
        return new ScalarDType(Kind.VOID, itemsize, ByteOrder.NONE, null, 1);
    }

    private static Layout layout(DType dtype, long... dims) {
        return new Layout(dtype, Shape.of(dims), Order.F, HEAD.length);
    }

    /** Cuts rows into sources of any number of them. */
    private List<Source> sources(byte[] rows, Layout layout, Random random) throws IOException {
        List<Source> sources = new ArrayList<>();
        int rowNbytes = (int) layout.rowNbytes();
        for (int from = 0; from < rows.length; ) {
            int left = (rows.length - from) / rowNbytes;
            int nbytes = random.nextInt(left + 1) * rowNbytes;
            Path path = directory.resolve("source" + sources.size());
            Files.write(path, java.util.Arrays.copyOfRange(rows, from, from + nbytes));
            sources.add(new Source(path, nbytes, 0));
            from += nbytes;
        }
        return sources;
    }

    private void check(Layout layout, int blockNbytes, Random random) throws IOException {
        byte[] rows = new byte[(int) layout.nbytes()];
        random.nextBytes(rows);
        byte[] expected = java.util.Arrays.copyOf(HEAD, HEAD.length + rows.length);
        int itemsize = layout.dtype().itemsize();
        int from = 0;
        for (long row = 0; row < layout.rowCount(); row++) {
            for (long element = 0; element < layout.rowSize(); element++, from += itemsize) {
                System.arraycopy(rows, from, expected, (int) layout.elementPosition(row, element), itemsize);
            }
        }
        Path target = directory.resolve("target");
        LocalTranspose.concat(target, HEAD, layout, sources(rows, layout, random), blockNbytes);
        assertThat(Files.readAllBytes(target))
                .as("%s in blocks of %s", layout, blockNbytes)
                .isEqualTo(expected);
        Files.delete(target);
    }

    @Test
    void eachElementGetsItsPlace() throws IOException {
        Random random = new Random(3);
        long[][] shapes = {
            {1, 1},
            {1, 997},
            {997, 1},
            {2, 499},
            {499, 2},
            {31, 37},
            {64, 64},
            {3, 1, 5},
            {1, 7, 11},
            {7, 11, 1},
            {13, 5, 3},
            {3, 5, 13},
            {2, 3, 5, 7},
            {1, 1, 6, 5, 1, 4},
        };
        for (long[] shape : shapes) {
            for (int itemsize = 1; itemsize <= 16; itemsize++) {
                int[] blockNbytes = {1, 50 + random.nextInt(1000), 2000 + random.nextInt(3000), 16 << 20};
                check(layout(bytes(itemsize), shape), blockNbytes[random.nextInt(4)], random);
            }
        }
    }

    @Test
    void anyShapeIsTransposed() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            long[] dims = random.longs(2 + random.nextInt(3), 1, 20).toArray();
            try {
                check(layout(bytes(1 + random.nextInt(20)), dims), 1 + random.nextInt(4000), random);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void recordsAreElements() throws IOException {
        RecordDType record = new RecordDType(
                List.of(new RecordDType.Field("a", null, bytes(4), 0), new RecordDType.Field("b", null, bytes(5), 6)),
                11);
        check(layout(record, 101, 53), 5000, new Random(1));
    }

    /** Pieces of a plane that are longer than what is written at once. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 700_001})
    void longPlanesAreWrittenInParts(int itemsize) throws IOException {
        check(layout(bytes(itemsize), Math.max(3, 3_000_000 / itemsize), 2), 16 << 20, new Random(itemsize));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void longRowsAreFewWrites(int rows) throws IOException {
        Path counters = Path.of("/proc/self/io");
        assumeThat(counters).exists();
        Layout layout = layout(bytes(4), rows, 1_000_000);
        Path source = Files.write(directory.resolve("source"), new byte[(int) layout.nbytes()]);
        long before = calls(counters);
        LocalTranspose.concat(
                directory.resolve("target"), HEAD, layout, List.of(new Source(source, layout.nbytes(), 0)));
        assertThat(calls(counters) - before).isLessThan(1000);
    }

    private static long calls(Path counters) throws IOException {
        return Files.readAllLines(counters).stream()
                .filter(line -> line.startsWith("syscr:") || line.startsWith("syscw:"))
                .mapToLong(line -> Long.parseLong(line.substring("syscr: ".length())))
                .sum();
    }

    @Test
    void aSourceCutShortIsRefused() throws IOException {
        Layout layout = layout(bytes(2), 3, 5);
        Path path = Files.write(directory.resolve("source"), new byte[29]);
        assertThatThrownBy(() -> LocalTranspose.concat(
                        directory.resolve("target"), HEAD, layout, List.of(new Source(path, 30, 0))))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot read file:" + path + ": it ends after 29 bytes, expected the 30 that its task wrote");
    }

    @Test
    void rowsThatAreMissingAreAnError() throws IOException {
        Layout layout = layout(bytes(2), 3, 5);
        Path path = Files.write(directory.resolve("source"), new byte[20]);
        Path target = directory.resolve("target");
        assertThatThrownBy(() -> LocalTranspose.concat(target, HEAD, layout, List.of(new Source(path, 20, 0))))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot assemble file:" + target + ": its parts have 20 bytes, expected 30");
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        Layout layout = layout(bytes(2), 3, 5);
        Path path = Files.write(directory.resolve("source"), new byte[30]);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> LocalTranspose.concat(
                        directory.resolve("target"), HEAD, layout, List.of(new Source(path, 30, 0))))
                .isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void rowsWithoutElementsAreAFile() throws IOException {
        Path path = Files.write(directory.resolve("source"), new byte[0]);
        Path target = directory.resolve("target");
        LocalTranspose.concat(target, HEAD, layout(bytes(2), 3, 0), List.of(new Source(path, 0, 0)));
        assertThat(target).hasBinaryContent(HEAD);
    }
}
