package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Options, sidecar, manifest and header describe one shard. Each field of each pair is compared, when the directory is read
 * and when rows are appended to it.
 */
class ClaimsTest {
    private static final byte[] DATA = Npy.i4(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    private static final int HEADER_NBYTES = 128;

    /** Something that describes the shard, and how an error names it. */
    private enum Source {
        OPTIONS("the option "),
        SIDECAR("its sidecar file:"),
        MANIFEST("the manifest file:"),
        HEADER("its header says ");

        private final String text;

        Source(String text) {
            this.text = text;
        }
    }

    /** What is described, as an error names it, the key of it here, and a wrong value. */
    private record Field(String name, String key, String wrong, List<Source> sources) {}

    private static final List<Source> ALL = List.of(Source.values());
    private static final List<Source> RECORDED = List.of(Source.SIDECAR, Source.MANIFEST);
    private static final List<Field> FIELDS = List.of(
            new Field("dtype", "dtype", "<f4", ALL),
            new Field("dtype", "dtype", ">i4", ALL),
            new Field("shape", "trailing", "2", ALL),
            new Field("shape", "trailing", "3, 1", ALL),
            new Field("shape", "rows", "5", ALL),
            new Field("shape", "rows", "3", ALL),
            new Field("order", "order", "F", ALL),
            new Field("offset", "offset", "64", List.of(Source.OPTIONS, Source.SIDECAR, Source.HEADER)),
            new Field("columnNames", "columnNames", "\"z\", \"y\", \"x\"", List.of(Source.OPTIONS, Source.SIDECAR)),
            new Field("columnNames", "columnNames", "\"z\", \"y\", \"x\"", List.of(Source.OPTIONS, Source.MANIFEST)),
            new Field("columnNames", "columnNames", "\"z\", \"y\", \"x\"", RECORDED),
            new Field("columnNames", "columnNames", "\"x\", \"y\", \"t\"", RECORDED),
            new Field("layout", "layout", "array", RECORDED),
            new Field("container", "container", "raw", List.of(Source.OPTIONS, Source.HEADER)));

    /** Only two sources are there, and agree but for one field. */
    private record Pair(Field field, Source wrong, Source right) {
        boolean has(Source source) {
            return source == wrong || source == right;
        }

        Map<String, String> said(Source source) {
            Map<String, String> said = new HashMap<>(Map.of(
                    "dtype", "<i4",
                    "rows", "4",
                    "trailing", "3",
                    "order", "C",
                    "offset", has(Source.HEADER) ? "" + HEADER_NBYTES : "0",
                    "columnNames", "\"x\", \"y\", \"z\"",
                    "layout", "columns",
                    "container", has(Source.HEADER) ? "npy" : "raw"));
            if (source == wrong) {
                said.put(field.key, field.wrong);
            }
            if (source == wrong && field.key.equals("container")) {
                said.put("offset", "0");
            }
            return said;
        }
    }

    @TempDir
    private Path temporary;

    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temporary.resolve("d"));
    }

    static Stream<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Field field : FIELDS) {
            for (Source wrong : field.sources) {
                for (Source right : field.sources) {
                    boolean possible = wrong == Source.OPTIONS || !field.key.equals("container");
                    // What a header says is where its data begins.
                    possible &= wrong != Source.HEADER || !field.key.equals("offset");
                    if (wrong != right && possible) {
                        pairs.add(new Pair(field, wrong, right));
                    }
                }
            }
        }
        return pairs.stream();
    }

    /** Writes the shard, and what describes it in files; returns the options. */
    private Map<String, String> write(Pair pair) throws IOException {
        Path shard = directory.resolve(pair.has(Source.HEADER) ? "1.npy" : "1.dat");
        if (pair.has(Source.HEADER)) {
            Map<String, String> said = pair.said(Source.HEADER);
            Npy header =
                    Npy.of("'" + said.get("dtype") + "'", "(" + said.get("rows") + ", " + said.get("trailing") + ")");
            (said.get("order").equals("F") ? header.inFortranOrder() : header)
                    .write(shard, Arrays.copyOf(DATA, 5 * 3 * 4));
        } else {
            Files.write(shard, DATA);
        }
        if (pair.has(Source.SIDECAR)) {
            Map<String, String> said = pair.said(Source.SIDECAR);
            Files.writeString(
                    directory.resolve(shard.getFileName() + ".memmap.json"),
                    "{\"dtype\": \"" + said.get("dtype") + "\", \"shape\": [" + said.get("rows") + ", "
                            + said.get("trailing") + "], \"order\": \"" + said.get("order") + "\", \"offset\": "
                            + said.get("offset") + ", \"columnNames\": [" + said.get("columnNames")
                            + "], \"layout\": \"" + said.get("layout") + "\"}");
        }
        if (pair.has(Source.MANIFEST)) {
            Map<String, String> said = pair.said(Source.MANIFEST);
            Files.writeString(
                    directory.resolve("_memmap.json"),
                    "{\"version\": 1, \"dtype\": \"" + said.get("dtype") + "\", \"trailingShape\": ["
                            + said.get("trailing") + "], \"order\": \"" + said.get("order") + "\", \"columnNames\": ["
                            + said.get("columnNames") + "], \"layout\": \"" + said.get("layout")
                            + "\", \"shards\": [{\"name\": \"" + shard.getFileName() + "\", \"rows\": "
                            + said.get("rows") + "}]}");
        }
        if (!pair.has(Source.OPTIONS)) {
            return Map.of();
        }
        Map<String, String> said = pair.said(Source.OPTIONS);
        Map<String, String> options = new HashMap<>(Map.of(
                "dtype", said.get("dtype"),
                "shape", said.get("rows") + ", " + said.get("trailing"),
                "order", said.get("order"),
                "offset", said.get("offset"),
                "container", said.get("container")));
        if (pair.field.key.equals("columnNames")) {
            options.put("columnNames", "[" + said.get("columnNames") + "]");
        }
        return options;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aReadComparesThem(Pair pair) throws IOException {
        Map<String, String> options = write(pair);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .options(options)
                        .load(directory.toString())
                        .collectAsList())
                .message()
                .startsWith("Cannot read ")
                .contains("file:" + directory, pair.wrong.text, pair.right.text, pair.field.name, ", but ");
    }

    /** The names of a DataFrame's columns, and how many rows it has, are no claims about the array that is there. */
    static Stream<Pair> pairsOfAnAppend() {
        return pairs().filter(pair -> pair.right != Source.OPTIONS)
                .filter(pair -> pair.wrong != Source.OPTIONS
                        || !(pair.field.key.equals("columnNames") || pair.field.key.equals("rows")));
    }

    @ParameterizedTest
    @MethodSource("pairsOfAnAppend")
    void anAppendComparesThem(Pair pair) throws IOException {
        Map<String, String> options = write(pair);
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> spark.sql("SELECT 1 AS x, 2 AS y, 3 AS z")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .options(options)
                        .save(directory.toString()))
                .message()
                .contains(directory.toString(), pair.field.name, ", but ")
                .contains(
                        pair.has(Source.OPTIONS)
                                ? List.of(Source.OPTIONS.text)
                                : List.of(pair.wrong.text, pair.right.text));
        assertThat(everything(directory)).isEqualTo(before);
    }

    static Stream<Pair> agreeing() {
        return pairs().map(pair -> new Pair(new Field("", "none", "", ALL), pair.wrong, pair.right))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("agreeing")
    void thoseThatAgreeAreReadAndAppendedTo(Pair pair) throws IOException {
        Map<String, String> options = new HashMap<>(write(pair));
        assertThat(rows(options))
                .containsExactly(
                        RowFactory.create(1, 2, 3),
                        RowFactory.create(4, 5, 6),
                        RowFactory.create(7, 8, 9),
                        RowFactory.create(10, 11, 12));
        options.remove("shape");
        boolean described = pair.has(Source.HEADER) || pair.has(Source.MANIFEST) || pair.has(Source.SIDECAR);
        assertThat(described).isTrue();
        spark.sql("SELECT 13 AS x, 14 AS y, 15 AS z")
                .write()
                .format("memmap")
                .mode("append")
                .options(options)
                .save(directory.toString());
        assertThat(rows(Map.of())).hasSize(5).endsWith(RowFactory.create(13, 14, 15));
    }

    private List<Row> rows(Map<String, String> options) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(directory.toString())
                .orderBy("_row")
                .collectAsList();
    }
}
