package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of IDX, llm.c, Megatron, fairseq, datatrove, big-ann-benchmarks and faiss. Those of {@code simple-containers/} were written
 * by {@code make_simple_containers.py} there, with what Spark must show for each.
 */
class SimpleContainersTest {
    private static final Path ARRAYS = ResourceFile.of("simple-containers").resolve("arrays");

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @TestFactory
    Stream<DynamicTest> showsWhatNumpyReads() throws IOException {
        SparkSession session = GoldenCase.session();
        return GoldenCase.readAll(ResourceFile.of("simple-containers")).stream()
                .flatMap(golden -> golden.tests(session));
    }

    private Dataset<Row> read(Map<String, String> options, Object... paths) {
        String[] names = Stream.of(paths).map(Object::toString).toArray(String[]::new);
        return spark.read().format("memmap").options(options).load(names);
    }

    private List<String> rows(Object... paths) {
        return RowText.of(read(Map.of(), paths).collectAsList());
    }

    private void assertRefused(Map<String, String> options, Object path, String... parts) {
        assertThatThrownBy(() -> read(options, path).count())
                .message()
                .doesNotContain("\n")
                .contains(parts);
    }

    private void copy(String... names) throws IOException {
        for (String name : names) {
            Files.copy(ARRAYS.resolve(name), directory.resolve(name));
        }
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(directory.resolve(name), ARRAYS.resolve(target));
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    /** Either file, both, the common name and a link name one dataset. */
    @Test
    void aDatasetIsReadOnceByWhateverNamesIt() throws IOException {
        copy("megatron-8.bin", "megatron-8.idx");
        List<String> tokens = rows(directory.resolve("megatron-8.bin"));
        assertThat(tokens).hasSize(13);
        for (String name : List.of("megatron-8", "megatron-8.idx", "*.bin", "*.idx", "*", "mega*", "")) {
            assertThat(rows(directory.resolve(name))).as(name).isEqualTo(tokens);
        }
        assertThat(rows(directory.resolve("megatron-8.bin"), directory.resolve("megatron-8.idx")))
                .hasSize(26);
        assertThat(spark.read()
                        .format("memmap")
                        .option("pathGlobFilter", "*.bin")
                        .load(directory.toString())
                        .count())
                .isEqualTo(13);
        read(Map.of(), directory).createOrReplaceTempView("tokens");
        assertThat(spark.sql("EXPLAIN SELECT * FROM tokens").first().getString(0))
                .doesNotContain("ignored");
        link("again.bin", "megatron-8.bin");
        link("again.idx", "megatron-8.idx");
        assertThat(rows(directory.resolve("again"))).isEqualTo(tokens);
        assertThat(rows(directory)).hasSize(26);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base.fbin", "base.fvecs", "00000_u4_shuffled.ds", "images-8-idx3-ubyte", "llmc-u2"})
    void directoriesAndPatternsAreEndToEnd(String name) throws IOException {
        List<Path> files = List.of(ARRAYS.resolve(name));
        if (Files.isDirectory(files.get(0))) {
            files = List.of(
                    files.get(0).resolve("fineweb_train_000000.bin"),
                    files.get(0).resolve("fineweb_train_000001.bin"));
        }
        for (Path file : files) {
            for (String suffix : List.of("", ".metadata", ".index", ".loss")) {
                Path source = Path.of(file + suffix);
                if (Files.exists(source)) {
                    Files.copy(source, directory.resolve("a-" + source.getFileName()));
                    Files.copy(source, directory.resolve("b-" + source.getFileName()));
                }
            }
        }
        Files.writeString(directory.resolve("README.md"), "not an array");
        List<String> expected = Stream.concat(rows(files.toArray()).stream(), rows(files.toArray()).stream())
                .toList();
        assertThat(rows(directory)).isEqualTo(expected);
        assertThat(rows(directory + "/[ab]-*")).isEqualTo(expected);
    }

    @Test
    void aDirectoryKeepsItsMeaningAndMixturesAreRefused() throws IOException {
        copy("base.fbin", "base.fvecs");
        assertRefused(
                Map.of(),
                directory,
                "Cannot read file:" + directory
                        + ": its files base.fbin and base.fvecs are of two formats, expected one;"
                        + " set container=xvecs or another one, or pathGlobFilter");
        assertThat(read(Map.of("container", "xvecs"), directory).columns()).containsExactly("dim", "vector");
        assertThat(read(Map.of("pathGlobFilter", "*.fbin"), directory).count()).isEqualTo(4);
        Files.write(directory.resolve("y.dat"), ints(1, 2, 3, 4, 5));
        Files.writeString(directory.resolve("y.dat.memmap.json"), "{\"dtype\": \"<i4\"}");
        assertThat(read(Map.of(), directory).count()).isEqualTo(5);
        Npy.doubles(directory.resolve("z.npy"), 1, 2, 3);
        assertThat(read(Map.of(), directory).count()).isEqualTo(3);
    }

    @Test
    void containerNamesTheFormatOfAnyName() throws IOException {
        Files.copy(ARRAYS.resolve("query.bin"), directory.resolve("a.bin"));
        Files.copy(ARRAYS.resolve("query.bin"), directory.resolve("b.bin"));
        assertThat(read(Map.of("container", "xbin", "dtype", "<f4"), directory).count())
                .isEqualTo(4);
        assertRefused(
                Map.of("container", "idx"), directory, "a.bin: it starts with the bytes 02 00 00 00, expected 00 00");
        assertRefused(Map.of("container", "parquet"), directory, "idx, llmc, megatron, datatrove, xbin, xvecs");
        assertRefused(Map.of("dtype", "<f4", "container", "npy"), directory, "a.bin");
    }

    @Test
    void filesThatAreCutShortAreRefused() throws IOException {
        for (String name :
                List.of("base.fbin", "base.fvecs", "images-8-idx3-ubyte", "megatron-4.bin", "00000_u2_shuffled.ds")) {
            byte[] whole = Files.readAllBytes(ARRAYS.resolve(name));
            Path file = Files.write(directory.resolve(name), java.util.Arrays.copyOf(whole, whole.length - 1));
            if (name.startsWith("megatron")) {
                copy("megatron-4.idx");
            }
            if (name.endsWith(".ds")) {
                copy(name + ".metadata");
            }
            assertRefused(Map.of(), file, "Cannot read file:" + file + ": ", "truncated");
        }
    }

    @Test
    void writesToTheirNamesAreRefused() throws IOException {
        Dataset<Row> numbers = spark.range(3).selectExpr("id AS value");
        for (String name : List.of("x.fbin", "x.fvecs", "x.idx", "x.ds", "X.IBIN")) {
            Path target = directory.resolve(name);
            assertThatThrownBy(() -> numbers.write().format("memmap").save(target.toString()))
                    .hasMessageContaining("Cannot write " + target + ": its name ends in ."
                            + name.toLowerCase(java.util.Locale.ROOT).substring(2))
                    .hasMessageContaining("choose another name, such as one that ends in .npy");
            assertThat(target).doesNotExist();
        }
        for (String name :
                List.of("base.fbin", "base.fvecs", "00000_u2_shuffled.ds", "images-8-idx1-ubyte", "megatron-4.bin")) {
            copy(name);
            if (name.endsWith(".ds")) {
                copy(name + ".metadata");
            }
            if (name.endsWith(".bin")) {
                copy("megatron-4.idx");
            }
            Path target = directory.resolve(name);
            byte[] before = Files.readAllBytes(target);
            assertThatThrownBy(() -> numbers.write()
                            .format("memmap")
                            .mode("append")
                            .option("output", "file")
                            .save(target.toString()))
                    .hasMessageContaining("Cannot write to ")
                    .hasMessageContaining(name)
                    .hasMessageContaining("files of container=")
                    .hasMessageContaining("are only read");
            assertThat(Files.readAllBytes(target)).isEqualTo(before);
        }
        Path tokens = directory.resolve("megatron-4.bin");
        numbers.write().format("memmap").mode("overwrite").save(tokens.toString());
        assertThat(rows(tokens)).containsExactly("[0]", "[1]", "[2]");
    }

    @Test
    void sqlReadsThemAndRefusesToChangeThem() throws IOException {
        copy("base.u8bin", "megatron-4.bin", "megatron-4.idx");
        Files.createDirectory(directory.resolve("sub"));
        Npy.doubles(directory.resolve("x.npy"), 1, 2, 3);
        SparkSession session = new SqlSession(directory).spark();
        assertThat(session.sql("SELECT count(*) FROM memmap.`" + directory + "/megatron-4`")
                        .first()
                        .getLong(0))
                .isEqualTo(13);
        assertThat(session.sql("SHOW TABLES IN memmap.`" + directory + "`").collectAsList().stream()
                        .map(row -> row.getString(1)))
                .containsExactly("base.u8bin", "megatron-4.idx", "x.npy");
        assertThat(session.sql("DESCRIBE TABLE EXTENDED memmap.`" + directory + "/megatron-4.bin`")
                        .collectAsList()
                        .toString())
                .contains("container=megatron", "dtype=<i4", "/megatron-4.bin");
        assertThat(session.sql("EXPLAIN SELECT * FROM memmap.`" + directory + "/base.u8bin`")
                        .first()
                        .getString(0))
                .contains("/base.u8bin: container xbin, dtype |u1, shape (4, 3), order C, 4 rows selected");
        assertThat(session.sql("EXPLAIN SELECT * FROM memmap.`" + directory + "/megatron-4`")
                        .first()
                        .getString(0))
                .contains("/megatron-4.bin: container megatron, member tokens, dtype <i4, shape (13,)");
        String vectors = "memmap.`" + directory + "/base.u8bin`";
        for (String statement : List.of(
                "INSERT INTO " + vectors + " VALUES (1, 2, 3)",
                "INSERT OVERWRITE " + vectors + " VALUES (1, 2, 3)",
                "UPDATE " + vectors + " SET c0 = 1",
                "DROP TABLE " + vectors + " PURGE")) {
            assertThatThrownBy(() -> session.sql(statement).collect())
                    .as(statement)
                    .message()
                    .doesNotContain("\n")
                    .contains("base.u8bin")
                    .containsAnyOf("files of container=xbin are only read", "its name ends in .u8bin");
        }
        assertThat(Files.readAllBytes(directory.resolve("base.u8bin")))
                .isEqualTo(Files.readAllBytes(ARRAYS.resolve("base.u8bin")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void aChangedIndexFailsTheQuery(String access) throws IOException {
        copy("megatron-4.bin", "megatron-4.idx");
        Path index = directory.resolve("megatron-4.idx");
        Dataset<Row> strict = read(Map.of("access", access), directory.resolve("megatron-4.bin"));
        Dataset<Row> allowing =
                read(Map.of("access", access, "concurrentWrites", "allow"), directory.resolve("megatron-4.bin"));
        strict.queryExecution().executedPlan();
        allowing.queryExecution().executedPlan();
        Files.setLastModifiedTime(index, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        assertThatThrownBy(strict::collectAsList)
                .hasMessageContaining("Cannot read file:" + directory + "/megatron-4.bin: file:" + index
                        + ", which says what it holds, changed since the query was planned, expected the planned file; run"
                        + " the query again, or set concurrentWrites=allow to read whatever is there");
        assertThat(allowing.collectAsList()).hasSize(13);
    }

    @Test
    void rowsOfAnotherLengthAreRefusedInFilesOfAnySize() throws IOException {
        byte[] rows = ints(3, 1, 2, 3, 2, 4, 5, 6, 3, 7, 8, 9);
        assertRefused(
                Map.of(),
                Files.write(directory.resolve("x.ivecs"), rows),
                "row 1 declares 2 items, expected 3 as in row 0");
    }

    /** A large file is not read when it is described: tasks check the rows that they read. */
    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void rowsOfAnotherLengthAreRefusedWhereTheyAreRead(String access) throws IOException {
        int[] items = new int[4 * 100_000];
        for (int i = 0; i < items.length; i++) {
            items[i] = i % 4 == 0 ? 3 : i;
        }
        items[4 * 77_777] = 2;
        Path file = Files.write(directory.resolve("x.ivecs"), ints(items));
        Dataset<Row> rows = read(Map.of("access", access), file);
        assertThat(rows.count()).isEqualTo(100_000);
        assertThat(rows.limit(5).collectAsList()).hasSize(5);
        assertThat(rows.where("_row BETWEEN 77770 AND 77776 OR _row > 77777")
                        .selectExpr("max(vector[0])", "count(*)")
                        .first()
                        .toString())
                .isEqualTo("[399997,22229]");
        for (Dataset<Row> query : List.of(
                rows,
                rows.select("vector"),
                rows.where("vector[0] < 0"),
                rows.where("dim = 7"),
                rows.selectExpr("sum(dim)"),
                rows.where("dim > 3").selectExpr("count(*)"),
                rows.groupBy("dim").count(),
                read(Map.of("access", access, "layout", "elements"), file).select("vector"))) {
            assertThatThrownBy(query::collectAsList)
                    .hasMessageContaining(
                            "Cannot read row 77777 of file:" + file + ", column 'dim': it is 2, expected 3"
                                    + " as in row 0; rows of several lengths are no array");
        }
        assertThat(read(Map.of("container", "raw", "dtype", "<i4"), file).count())
                .isEqualTo(400_000);
    }

    @Test
    void otherFileSystemsHaveCompanionsToo() throws IOException {
        copy("megatron-4.bin", "megatron-4.idx");
        Map<String, String> plain = Map.of("fs.plain.impl", FileSystemsTest.PlainFileSystem.class.getName());
        for (String name : List.of("megatron-4.bin", "megatron-4.idx", "megatron-4", "*")) {
            assertThat(RowText.of(
                            read(plain, "plain://" + directory + "/" + name).collectAsList()))
                    .as(name)
                    .isEqualTo(rows(directory.resolve("megatron-4.bin")));
        }
    }

    @Test
    void anOffsetOrASidecarOrTheOptionStillReadsTheirBytes() throws IOException {
        Path file = ARRAYS.resolve("images-8-idx3-ubyte");
        assertThat(read(Map.of("dtype", "u1", "offset", "16"), file).count()).isEqualTo(24);
        assertThat(read(Map.of("dtype", "u1", "container", "raw"), file).count())
                .isEqualTo(40);
        assertRefused(Map.of("dtype", "<f4"), file, "the option dtype=<f4 was given, but its header says dtype |u1");
        Path zipped = Files.write(
                directory.resolve("images-idx3-ubyte"), "\37\213\10\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(Map.of(), zipped, "starts with the bytes 1f 8b 08 00");
    }
}
