package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the array of a file without header begins and ends, and what may stand behind it. */
class RawFilesTest {

    private static final String IGNORE = "ignore";

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Path file, String... options) {
        return spark.read().format("memmap").options(pairs(options)).load(file.toString());
    }

    private static Map<String, String> pairs(String... options) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            pairs.put(options[i], options[i + 1]);
        }
        return pairs;
    }

    private void assertRefused(Path file, String message, String... options) {
        assertThatThrownBy(() -> read(file, options).collectAsList())
                .hasMessageContaining("Cannot read file:" + file)
                .hasMessageContaining(message);
    }

    private Path raw(byte[]... parts) throws IOException {
        return Files.write(directory.resolve("x.dat"), Npy.join(parts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3,2", "(3, 2)", "[3, 2]", "-1,2", "(-1, 2)"})
    void takesShapesAsPeopleWriteThem(String shape) throws IOException {
        Path file = raw(Npy.i2(1, 2, 3, 4, 5, 6));
        assertThat(read(file, "dtype", "<i2", "shape", shape).collectAsList())
                .containsExactly(
                        RowFactory.create((short) 1, (short) 2),
                        RowFactory.create((short) 3, (short) 4),
                        RowFactory.create((short) 5, (short) 6));
    }

    @Test
    void takesTheRowsFromTheSizeOfTheFile() throws IOException {
        Path file = raw(new byte[1], Npy.i4(1, 2, 3));
        assertThat(read(file, "dtype", "<i4", "offset", "1").collectAsList())
                .containsExactly(RowFactory.create(1), RowFactory.create(2), RowFactory.create(3));
        assertThat(read(file, "dtype", "u1").count()).isEqualTo(13);
        assertThat(read(file, "dtype", "<i4", "offset", "13").count()).isZero();
        assertRefused(
                file,
                ": offset 14 lies after the end of the file, expected at most its length of 13 bytes",
                "dtype",
                "<i4",
                "offset",
                "14");
    }

    @Test
    void refusesAPartialLastRow() throws IOException {
        Path file = raw(Npy.i4(1, 2, 3), new byte[2]);
        assertRefused(
                file,
                ": 14 bytes from offset 0 are no whole number of rows of 4 bytes, expected 12 or 16; "
                        + "check dtype and shape, or set trailingBytes=ignore to drop the partial row",
                "dtype",
                "<i4");
        assertRefused(
                file,
                ": 14 bytes from offset 0 are no whole number of rows of 8 bytes, expected 8 or 16",
                "dtype",
                "<i4",
                "shape",
                "-1,2");
        assertThat(read(file, "dtype", "<i4", "trailingBytes", IGNORE).count()).isEqualTo(3);
        Dataset<Row> pairs = read(file, "dtype", "<i4", "shape", "-1,2", "trailingBytes", IGNORE);
        assertThat(pairs.collectAsList()).containsExactly(RowFactory.create(1, 2));
        assertThat(pairs.queryExecution().executedPlan().toString()).contains("6 trailing bytes ignored");
    }

    @Test
    void makesAnExplicitShapeEndAtTheEndOfTheFile() throws IOException {
        Path file = raw(Npy.i4(1, 2, 3, 4));
        assertThat(read(file, "dtype", "<i4", "shape", "4").count()).isEqualTo(4);
        assertRefused(
                file,
                ": shape (3,) of <i4 from offset 0 ends at byte 12, expected the end of the file at 16; "
                        + "check dtype and shape, or set trailingBytes=ignore to read a section of the file",
                "dtype",
                "<i4",
                "shape",
                "3");
        assertRefused(
                file,
                ": shape (4,) of <i8 is 32 bytes from offset 0, but the file ends after 16, expected at least 32; "
                        + "it is truncated, or dtype or shape are not its own",
                "dtype",
                "<i8",
                "shape",
                "4");
        assertRefused(
                file,
                ": shape (4,) of <i8 is 32 bytes from offset 0, but the file ends after 16",
                "dtype",
                "<i8",
                "shape",
                "4",
                "trailingBytes",
                IGNORE);
    }

    @Test
    void readsASectionOfALargerFile() throws IOException {
        Path file = raw(new byte[7], Npy.f4(1, 2, 3, 4, 5, 6), new byte[100]);
        assertThat(read(file, "dtype", "<f4", "shape", "2,3", "offset", "7", "order", "F", "trailingBytes", IGNORE)
                        .collectAsList())
                .containsExactly(RowFactory.create(1f, 3f, 5f), RowFactory.create(2f, 4f, 6f));
    }

    @Test
    void ignoresBytesBehindANpyArrayAndCountsThem() throws IOException {
        Path file = Npy.doubles(directory.resolve("x.npy"), 1, 2);
        Files.write(file, Npy.f8(3), StandardOpenOption.APPEND);
        Dataset<Row> rows = read(file);
        assertThat(rows.collectAsList()).containsExactly(RowFactory.create(1.0), RowFactory.create(2.0));
        assertThat(rows.queryExecution().executedPlan().toString()).contains("8 trailing bytes ignored");
        assertRefused(
                file,
                ": 8 bytes follow the array of shape (2,) that its header declares, expected none under "
                        + "trailingBytes=error",
                "trailingBytes",
                "error");
    }

    @Test
    void warnsOfIgnoredBytesUnlessTheyWereToBeIgnored() throws IOException {
        Path file = Npy.doubles(directory.resolve("x.npy"), 1, 2);
        Files.write(file, Npy.f8(3), StandardOpenOption.APPEND);
        assertThat(LogLines.of(() -> read(file).collectAsList()))
                .containsExactly(
                        "file:" + file + ": 8 bytes after the arrays' ends are ignored; an append may be under way");
        assertThat(LogLines.of(() -> read(file, "trailingBytes", IGNORE).collectAsList()))
                .isEmpty();
        Path section = raw(Npy.f4(1, 2, 3));
        assertThat(LogLines.of(() -> read(section, "dtype", "<f4", "shape", "2", "trailingBytes", IGNORE)
                        .collectAsList()))
                .isEmpty();
    }

    @Test
    void refusesANpyFileThatIsTooShort() throws IOException {
        Path file = Npy.of("'<f8'", "(3,)").write(directory.resolve("x.npy"), Npy.f8(1, 2));
        assertRefused(
                file,
                ": header declares shape (3,) of <f8, 24 bytes from offset 128, but the file ends after 144; it is"
                        + " truncated or still being written");
    }

    @Test
    void addsTheAxesOfASubArrayToTheShape() throws IOException {
        Path file = raw(Npy.i2(1, 2, 3, 4, 5, 6));
        assertThat(read(file, "dtype", "('<i2', (2,))").collectAsList())
                .containsExactly(
                        RowFactory.create((short) 1, (short) 2),
                        RowFactory.create((short) 3, (short) 4),
                        RowFactory.create((short) 5, (short) 6));
    }

    @Test
    void plansATerabyteAtOnce() throws IOException {
        Path file = directory.resolve("sparse.dat");
        long rows = 1L << 37;
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8 * rows);
        }
        Dataset<Row> table = read(file, "dtype", "<f8");
        assertThat(table.queryExecution()
                        .optimizedPlan()
                        .stats()
                        .rowCount()
                        .get()
                        .toString())
                .isEqualTo("137438953472");
        assertThat(table.where("_row = " + (rows - 1)).collectAsList()).isEqualTo(List.of(RowFactory.create(0.0)));
        assertThat(table.limit(3).collectAsList()).hasSize(3);
    }

    /** As OLMo's token files are named. */
    @Test
    void readsNpyNamesWithoutAHeaderAsRawOnlyIfAsked() throws IOException {
        Path tokens = Files.createDirectory(directory.resolve("tokens"));
        Path first = Files.write(tokens.resolve("part-0-00000.npy"), Npy.i2(7, 8, 9));
        Files.write(tokens.resolve("part-0-00001.npy"), Npy.i2(10));
        String[] raw = {"dtype", "<u2", "container", "raw"};
        assertThat(read(first, raw).collectAsList()).containsExactly(rows(7, 8, 9));
        assertThat(read(tokens, raw).collectAsList()).containsExactly(rows(7, 8, 9, 10));
        assertThat(read(tokens.resolve("*.npy"), raw).collectAsList()).containsExactly(rows(7, 8, 9, 10));

        String advice = "it starts with the bytes 07 00 08 00 09 00, expected 93 4e 55 4d 50 59 as every .npy file;"
                + " to read a file without a header, set container=raw and dtype";
        assertRefused(first, advice);
        assertRefused(first, advice, "dtype", "<u2");
        for (Path all : new Path[] {tokens, tokens.resolve("*.npy")}) {
            assertThatThrownBy(() -> read(all, "dtype", "<u2").collectAsList())
                    .hasMessageStartingWith("Cannot read file:" + first + ": " + advice);
        }
    }

    /** A header that this source refuses is a header all the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '"',
            value = {
                "'<f16' # (1,) # 128 # <f16",
                "'|O' # (1,) # 128 # object",
                "[('a', '<f8')], 'more': 1 # (1,) # 128 # more",
                "'<f8' # (1000,) # 128 # (1000,)"
            })
    void noPartOfAHeaderIsData(String descr, String shape, int nbytes, String cause) throws IOException {
        Path file = Npy.of(descr, shape).write(directory.resolve("x.dat"), Npy.i8(7, 8));
        assertRefused(file, "its .npy header ends at byte " + nbytes, "container", "raw", "dtype", "<i8");
        assertRefused(file, cause, "container", "raw", "dtype", "<i8", "offset", "120");
        assertThat(read(file, "container", "raw", "dtype", "<i8", "offset", Integer.toString(nbytes))
                        .collectAsList())
                .containsExactly(RowFactory.create(7L), RowFactory.create(8L));
    }

    @Test
    void aHeaderThatIsTooLongOrCutOffIsNoData() throws IOException {
        Path wide = Npy.of("[('" + "n".repeat(11_000) + "', '<i8')]", "(1,)")
                .write(directory.resolve("wide.dat"), Npy.i8(7));
        assertRefused(wide, "its .npy header ends at byte 11", "container", "raw", "dtype", "u1");
        byte[] whole = Files.readAllBytes(Npy.doubles(directory.resolve("x.npy"), 1));
        assertRefused(
                Files.write(directory.resolve("cut.dat"), Arrays.copyOf(whole, 96)),
                "its .npy header ends at byte 128",
                "container",
                "raw",
                "dtype",
                "u1");
        byte[] magic = Npy.join(Arrays.copyOf(whole, 6), new byte[] {9, 9, 9, 9});
        assertThat(read(Files.write(directory.resolve("bytes.dat"), magic), "container", "raw", "dtype", "u1")
                        .count())
                .isEqualTo(10);
    }

    private static Row[] rows(int... values) {
        return Arrays.stream(values).mapToObj(RowFactory::create).toArray(Row[]::new);
    }
}
