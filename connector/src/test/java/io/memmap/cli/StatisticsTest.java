package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.format.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of more bytes than one block has. */
class StatisticsTest {
    private static final int ROWS = 300_000;

    @TempDir
    private Path directory;

    private Path npy;

    @BeforeEach
    void setUp() throws IOException {
        npy = directory.resolve("x.npy");
        long[] integers = new long[ROWS];
        double[] doubles = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            integers[i] = i;
            doubles[i] = i / 4.0;
        }
        String dtype = "[('a', '<i8'), ('s', 'S84'), ('b', '<f8'), ('c', '|u1')]";
        try (MemmapArray a = NpyFile.createMemmap(npy, dtype, ROWS)) {
            a.field("a").copyFrom(integers);
            a.field("b").copyFrom(doubles);
            a.field("c").fill(7);
        }
    }

    private static LocalTable table(Path file) throws IOException {
        return LocalTable.of(file.toString(), Reading.of(null));
    }

    /** A file is not there while its fields are read but the first, so it cannot be opened for each of them. */
    private record Hidden(Path file, Path aside, long[] left) implements LongConsumer {
        Hidden(Path file) {
            this(file, file.resolveSibling("aside"), new long[1]);
        }

        @Override
        public void accept(long nbytes) {
            left[0] = (left[0] == 0 ? ROWS * 17L : left[0]) - nbytes;
            try {
                if (left[0] == 0) {
                    Files.move(aside, file);
                } else if (Files.exists(file)) {
                    Files.move(file, aside);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void allFieldsOfRecordsAreReadInOnePass() throws IOException {
        Path npz = directory.resolve("x.npz");
        try (OutputStream out = Files.newOutputStream(npz);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            Files.copy(npy, zip);
        }
        for (Path file : new Path[] {npy, npz}) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            Statistics.print(table(file), new PrintStream(printed, true, StandardCharsets.UTF_8), new Hidden(file));
            assertThat(printed.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll(" +", " ")))
                    .containsExactly(
                            "column count nan min max mean",
                            "a 300000 0 0 299999 149999.5",
                            "b 300000 0 0.0 74999.75 37499.875",
                            "c 300000 0 7 7 7.0");
        }
    }

    @Test
    void profilesOfRecordsTakeTwoPasses() throws IOException {
        Path report = directory.resolve("x.html");
        new Profile(table(npy), report).write(new Hidden(npy));
        assertThat(report).content().contains("\"bins\": [6000, 6000, ", "\"bins\": [300000]", "\"mean\": 37499.875,");
    }
}
