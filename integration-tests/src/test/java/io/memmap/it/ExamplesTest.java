package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.examples.FlightDelays;
import io.memmap.examples.NormaliseEmbeddings;
import io.memmap.examples.NpyToParquet;
import io.memmap.examples.ParquetToNpy;
import io.memmap.examples.PatchBlock;
import io.memmap.examples.Quickstart;
import io.memmap.examples.SqlStatements;
import io.memmap.examples.TokenHistogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples print what their page shows. Each starts and stops a Spark of its own, as it does for a user. */
class ExamplesTest {

    @TempDir
    private Path directory;

    @BeforeAll
    static void leaveTheJvmToTheExamples() {
        SharedSpark.stop();
    }

    @Test
    void quickstartSumsOneFileInJavaAndThroughSpark() throws IOException {
        assertThat(output(Quickstart::main, directory.toString()).lines())
                .containsSubsequence(
                        "sum:      0.0",
                        "sum:      137.5",
                        "[12, 12]: 5.5",
                        "sum:      137.5",
                        "|   10000|137.5|",
                        "| 12|  9|  0.0|",
                        "| 12| 10|  5.5|");
        assertThat(directory.resolve("quickstart.dat")).hasSize(100 * 100 * Double.BYTES);
    }

    @Test
    void sqlStatementsCreateUpdateAndMerge() throws IOException {
        assertThat(output(SqlStatements::main, directory.toString()).lines())
                .containsSubsequence(
                        "|       0.0|",
                        "|     137.5|",
                        "|     5.5|     137.5|",
                        "|   2|     2|    3.0|",
                        "|   3|     3|    9.5|",
                        "|   4|     4|    6.0|",
                        "|   5|     7|   10.5|");
        assertThat(directory.resolve("grid.dat")).hasSize(100 * 100 * Double.BYTES);
        assertThat(directory.resolve("sensors.npy")).doesNotExist();
    }

    @Test
    void flightDelaysFindsWhatNumPyFinds() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(ResourceFile.of("data/expected.json").toFile())
                .path("flights-200k.npy");
        String totals = String.format(
                Locale.ROOT,
                "|%7d|%7d|%12d|%7d|",
                expected.path("rows").asLong(),
                expected.path("sum_delay").asLong(),
                expected.path("count_delay_gt_60").asLong(),
                expected.path("max_distance").asLong());
        assertThat(output(FlightDelays::main, directory.toString()).lines())
                .containsSubsequence("partitions: 4", totals, "|         0|  90828|      7.53|      817|");
        assertThat(SharedSpark.session()
                        .read()
                        .parquet(directory.resolve("delays.parquet").toString())
                        .selectExpr("count(*)", "sum(flights)", "max(max_delay)")
                        .collectAsList())
                .containsExactly(RowFactory.create(10L, expected.path("rows").asLong(), (short) 1444));
    }

    @Test
    void tokenHistogramCountsAFile() throws IOException {
        Path file = directory.resolve("train.bin");
        Files.write(file, littleEndian(7, 50_256, 7, 65_535, 50_256, 7));
        assertThat(output(TokenHistogram::main, file.toString()).lines())
                .containsSubsequence(
                        "6 tokens in " + file + ", the first of them:",
                        "|   1|50256|",
                        "|    7|    3|        0|",
                        "|50256|    2|        1|",
                        "|65535|    1|        3|");
    }

    @Test
    void tokenHistogramMakesAFileWhenThereIsNone() throws IOException {
        String output = output(TokenHistogram::main);
        Matcher made =
                Pattern.compile("1000000 tokens in (.*), the first of them:").matcher(output);
        assertThat(made.find()).as(output).isTrue();
        Path file = Path.of(made.group(1));
        assertThat(file).hasSize(2_000_000);
        Files.delete(file);
        Files.delete(file.getParent());
        assertThat(output.lines()).containsSubsequence("|   0|12822|", "|    0| 1309|      355|");
    }

    @Test
    void npyToParquetTakesOptionsAndOverwritesNothing() throws IOException {
        String[] args = {
            ResourceFile.of("data/annual-precip.dat").toString(),
            directory.resolve("precipitation").toString(),
            "dtype=>i2",
            "shape=168,360"
        };
        assertThat(output(NpyToParquet::main, args).lines())
                .containsSubsequence(" |    |-- element: short (containsNull = false)", "168 rows in " + args[1]);
        assertThatThrownBy(() -> output(NpyToParquet::main, args))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining("already exists");
    }

    @Test
    void npyToParquetSaysWhatItTakes() {
        assertThatThrownBy(() -> NpyToParquet.main(new String[] {"in.npy"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot convert an array: found arguments [in.npy], expected an input, an output and any "
                        + "number of name=value");
        assertThatThrownBy(() -> NpyToParquet.main(new String[] {"in.npy", "out", "C"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read an option: found C, expected name=value");
    }

    @Test
    void parquetToNpyWritesOneFileThatNumpyMaps() throws IOException, InterruptedException {
        String parquet = directory.resolve("flights.parquet").toString();
        output(NpyToParquet::main, ResourceFile.of("data/flights-200k.npy").toString(), parquet);
        Path npy = directory.resolve("flights.npy");
        String[] args = {parquet, npy.toString(), "columnDtypes=time >f8"};
        assertThat(output(ParquetToNpy::main, args).lines())
                .containsSubsequence(
                        " |-- time: float (nullable = true)",
                        "200000 rows in " + npy,
                        "in Python: np.load('" + npy + "', mmap_mode='r')");
        assertThatThrownBy(() -> output(ParquetToNpy::main, args)).hasMessageContaining("Cannot write " + npy);
        assertThat(numpy("np.load(r'" + npy + "', mmap_mode='r')", "a.dtype, a.shape, a['delay'].sum(dtype='i8')"))
                .isEqualTo("[('delay', '<i2'), ('distance', '<i2'), ('time', '>f8')] (200000,) 1500159");
    }

    @Test
    void parquetToNpySaysWhatItTakes() {
        assertThatThrownBy(() -> ParquetToNpy.main(new String[] {"in.parquet"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot convert a table: found arguments [in.parquet], expected an input, an output and any"
                        + " number of name=value");
    }

    @Test
    void normaliseEmbeddingsHalvesTheBytesAndKeepsTheOrder() throws IOException, InterruptedException {
        String printed = output(NormaliseEmbeddings::main);
        assertThat(printed.lines()).containsSubsequence("|10000| 64|   3.476|  5.537|", "|10000| 64|     1.0|    1.0|");
        Matcher made = Pattern.compile("(.*)/unit\\.npy, 1280128 bytes").matcher(printed);
        assertThat(made.find()).as(printed).isTrue();
        Path unit = Path.of(made.group(1));
        assertThat(numpy(
                        "np.load(r'" + unit + "/unit.npy', mmap_mode='r'), np.load(r'" + unit + "/embeddings.npy')",
                        "a[0].dtype, a[0].shape,"
                                + " abs(a[0] - a[1] / np.linalg.norm(a[1], axis=1, keepdims=True)).max() < 5e-4"))
                .isEqualTo("float16 (10000, 64) True");
        Files.delete(unit.resolve("unit.npy"));
        Files.delete(unit.resolve("embeddings.npy"));
        Files.delete(unit);
    }

    @Test
    void patchBlockSetsWhatNumpySets() throws IOException, InterruptedException {
        Path made = Path.of(output(PatchBlock::main).lines().findFirst().orElseThrow());
        Path given = directory.resolve("grid.npy");
        try (MemmapArray grid = NpyFile.createMemmap(given, "float64", 100, 100)) {
            grid.fill(1.25);
        }
        assertThat(output(PatchBlock::main, given.toString()).lines())
                .containsSubsequence(
                        "|   9|1.25|1.25|1.25|1.25|",
                        "|  10|1.25| 5.5| 5.5|1.25|",
                        "|  14|1.25| 5.5| 5.5|1.25|",
                        "|  15|1.25|1.25|1.25|1.25|");
        String block = "b[10:15, 10:15] = 5.5";
        assertThat(numpy(
                        "np.load(r'" + made + "'); b = np.zeros((100, 100)); " + block + "; c = np.load(r'" + given
                                + "'); d = b; b = np.full((100, 100), 1.25); " + block,
                        "(a == d).all(), (c == b).all(), a.sum()"))
                .isEqualTo("True True 137.5");
        Files.delete(made);
        Files.delete(made.getParent());
    }

    /** Arguments that are wrong before Spark starts, and to Spark. */
    @Test
    void wrongArgumentsArePrintedAsOneLine() throws IOException, InterruptedException {
        String file = Files.createFile(directory.resolve("file")).toString();
        String missing = directory.resolve("missing.npy").toString();
        assertThat(errors(NpyToParquet::main, "in.npy"))
                .startsWith("Cannot convert an array: found arguments [in.npy]");
        assertThat(errors(NpyToParquet::main, "in.npy", "out", "C")).startsWith("Cannot read an option: found C");
        assertThat(errors(ParquetToNpy::main)).startsWith("Cannot convert a table: found arguments []");
        assertThat(errors(ParquetToNpy::main, "in", "out.npy", "=F")).startsWith("Cannot read an option: found =F");
        assertThat(errors(NormaliseEmbeddings::main, "in.npy"))
                .startsWith("Cannot scale the rows of in.npy: no output");
        assertThat(errors(Quickstart::main, file)).contains("FileAlreadyExistsException: " + file);
        assertThat(errors(FlightDelays::main, file)).contains("FileAlreadyExistsException: " + file);
        assertThat(errors(SqlStatements::main, file)).contains("FileAlreadyExistsException: " + file);
        assertThat(errors(TokenHistogram::main, missing)).contains("Cannot read " + missing + ": no such file");
        assertThat(errors(NpyToParquet::main, missing, "out", "dtpye=f4")).contains("did you mean 'dtype'?");
    }

    /** What a main that fails prints in the end, which is one line. */
    private static String errors(Main main, String... args) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Thread thread = new Thread(() -> {
                try {
                    main.run(args);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            System.setErr(captured);
            thread.start();
            thread.join();
        } finally {
            System.setErr(before);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).hasLineCount(1);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What NumPy prints about {@code a}. */
    private String numpy(String a, String values) throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
        return Python.run(directory, "-c", "import numpy as np; a = " + a + "; print(" + values + ")")
                .output()
                .strip();
    }

    private static byte[] littleEndian(int... tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(tokens.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int token : tokens) {
            bytes.putShort((short) token);
        }
        return bytes.array();
    }

    private interface Main {
        void run(String[] args) throws IOException;
    }

    private static String output(Main main, String... args) {
        return PrintedOutput.of(() -> main.run(args));
    }
}
