package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Column names that need escapes in a header, and headers that could not be read again, which no write leaves. */
class UnreadableNamesTest {
    private static final List<String> ODD = List.of(
            "tab\there",
            "line\nend",
            "re\rturn",
            "nul\0",
            "bell\7",
            "escape\33",
            "delete\177",
            "next\u0085line",
            "no\u00a0break",
            "soft\u00adhyphen",
            "zero\u200bwidth",
            "\u2028separator",
            "wide\u3000blank",
            "\ufeffmark",
            "private\ue000",
            "none\uffff",
            "back\\slash",
            "q'uote",
            "q\"uote",
            "q'u\"ote",
            "\u65e5\u672c",
            "\ud83d\ude00",
            "#('a', '<f8')]");

    private static final String NAMES_IN_NUMPY =
            """
            import json, pathlib, sys
            import numpy as np

            def names(dtype):
                dtype = dtype.base
                return [[name, names(dtype[name])] for name in dtype.names] if dtype.names else None

            def with_tuples(descr):
                if not isinstance(descr, list):
                    return descr
                return [(name, with_tuples(base), *map(tuple, shape)) for name, base, *shape in descr]

            for path in map(pathlib.Path, sys.argv[1:]):
                files = sorted(path.glob("part*")) if path.is_dir() else [path]
                file = [file for file in files if not file.name.endswith(".json")][0]
                if file.read_bytes()[:6] == b"\\x93NUMPY":
                    array = np.load(file)
                else:
                    side = json.loads(pathlib.Path(f"{file}.memmap.json").read_text(encoding="utf-8"))
                    array = np.memmap(file, np.lib.format.descr_to_dtype(with_tuples(side["dtype"])), "r")
                print(json.dumps([names(array.dtype), array.tolist()], default=np.ndarray.tolist))
            """;

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** One row: a column of each name, and a struct of fields of these names. */
    private Dataset<Row> odd() {
        List<String> columns = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < ODD.size(); i++) {
            columns.add("id + " + i + " AS " + quoted(ODD.get(i)));
            fields.add(i + "L AS " + quoted(ODD.get(i)));
        }
        columns.add("struct(" + String.join(", ", fields) + ") AS s");
        columns.add("array(struct(" + String.join(", ", fields) + ")) AS a");
        return spark.range(0, 1, 1, 1).selectExpr(columns.toArray(String[]::new));
    }

    private Dataset<Row> read(Path path, String... option) {
        return spark.read()
                .format("memmap")
                .options(option.length == 0 ? Map.of() : Map.of(option[0], option[1]))
                .load(path.toString());
    }

    private void write(Dataset<Row> rows, Path path, String... option) {
        rows.write()
                .format("memmap")
                .mode("overwrite")
                .options(option.length == 0 ? Map.of() : Map.of(option[0], option[1]))
                .save(path.toString());
    }

    @Test
    void writesAnyNameAsNumPyReadsIt() throws IOException, InterruptedException {
        List<Path> paths = List.of(
                directory.resolve("x.npy"),
                directory.resolve("shards"),
                directory.resolve("x.dat"),
                directory.resolve("raw"));
        Dataset<Row> rows = odd();
        for (Path path : paths) {
            write(rows, path, "container", path.endsWith("raw") ? "raw" : "auto");
            assertThat(read(path).schema().fieldNames())
                    .as(path.toString())
                    .isEqualTo(rows.schema().fieldNames());
            assertThat(read(path).schema().catalogString())
                    .isEqualTo(rows.schema().catalogString());
            assertThat(read(path).collectAsList()).isEqualTo(rows.collectAsList());
        }
        SqlSession sql = new SqlSession(directory);
        rows.createOrReplaceGlobalTempView("odd_names");
        sql.spark().sql("CREATE TABLE memmap.`" + directory + "/ctas.npy` AS SELECT * FROM global_temp.odd_names");
        sql.spark().sql("CREATE TABLE memmap.`" + directory + "/ctas` AS SELECT * FROM global_temp.odd_names");

        Python.assumeNumpy(directory);
        List<String> arguments = new ArrayList<>(List.of("-c", NAMES_IN_NUMPY));
        paths.forEach(path -> arguments.add(path.toString()));
        arguments.add(directory.resolve("ctas.npy").toString());
        arguments.add(directory.resolve("ctas").toString());
        Python.Outcome names = Python.run(directory, arguments.toArray(String[]::new));
        assertThat(names.succeeded()).as(names.output()).isTrue();
        ObjectMapper json = new ObjectMapper();
        List<Object> fields = new ArrayList<>();
        ODD.forEach(name -> {
            List<Object> field = new ArrayList<>(List.of(name));
            field.add(null);
            fields.add(field);
        });
        List<Object> all = new ArrayList<>(fields);
        all.add(List.of("s", fields));
        all.add(List.of("a", fields));
        List<Long> values =
                IntStream.range(0, ODD.size()).mapToObj(Long::valueOf).toList();
        List<Object> row = new ArrayList<>(values);
        row.add(values);
        row.add(List.of(values));
        String expected = json.writeValueAsString(List.of(all, List.of(row)));
        assertThat(names.output().lines().toList()).hasSize(6).allSatisfy(line -> assertThat(json.readTree(line))
                .isEqualTo(json.readTree(expected)));
    }

    @Test
    void createsAndAppendsUnderAnyName() {
        SqlSession sql = new SqlSession(directory);
        String columns = ODD.stream().map(name -> quoted(name) + " INT").collect(Collectors.joining(", "));
        for (String name : List.of("t.npy", "t.dat", "t")) {
            String table = "memmap.`" + directory + "/" + name + "`";
            sql.spark().sql("CREATE TABLE " + table + " (" + columns + ")");
            String values =
                    IntStream.range(0, ODD.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
            sql.spark().sql("INSERT INTO " + table + " VALUES (" + values + "), (" + values + ")");
            Dataset<Row> read = sql.spark().table(table);
            assertThat(read.schema().fieldNames()).as(name).containsExactlyElementsOf(ODD);
            assertThat(read.where(quoted(ODD.get(3)) + " = 3").count()).as(name).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x", "raw"})
    void refusesWhatCouldNotBeReadAgain(String name) throws IOException {
        Path path = directory.resolve(name);
        String[] container = {"container", name.equals("raw") ? "raw" : "auto"};
        write(spark.range(3).toDF("good"), path, container);
        Map<Path, String> before = contents();

        Dataset<Row> one = spark.range(1).toDF();
        refuse(one.selectExpr("id", "id + 0.5D AS `half\ud800`"), path, container, "surrogate pair");
        refuse(one.selectExpr("id", "named_struct('', 1, 'b', 2) AS s"), path, container, "could not be read again");
        refuse(one.selectExpr("id", "named_struct('a', 1, 'a', 2) AS s"), path, container, "'a' again");
        String deep = "id";
        for (int i = 0; i < 20; i++) {
            deep = "named_struct('a', " + deep + ")";
        }
        refuse(one.selectExpr("id", deep + " AS s"), path, container, "bracket 33 inside others");
        assertThat(contents()).isEqualTo(before);
    }

    private void refuse(Dataset<Row> rows, Path path, String[] option, String problem) {
        assertThatThrownBy(() -> write(rows, path, option))
                .hasMessageContaining("Cannot write ")
                .hasMessageContaining(path.toString())
                .hasMessageContaining(problem);
    }

    /** What each file holds, a character for a byte. */
    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private Dataset<Row> wide(int columns) {
        return spark.range(2)
                .selectExpr(IntStream.range(0, columns)
                        .mapToObj(i -> "id + " + i + " AS column" + i)
                        .toArray(String[]::new));
    }

    /** 12 000 bytes, 4000 characters. */
    @Test
    void theLimitOfAHeaderCountsCharacters() throws IOException, InterruptedException {
        Path file = directory.resolve("wide.npy");
        write(spark.range(3).selectExpr("id AS `" + "\u65e5".repeat(4000) + "`", "id AS b"), file);
        assertThat(read(file).selectExpr("sum(b)").head().getLong(0)).isEqualTo(3);
        assertThatThrownBy(() -> read(file, "maxHeaderNbytes", "4000").count())
                .hasMessageContaining(" characters, expected at most 4000");
        Python.assumeNumpy(directory);
        assertThat(Python.run(directory, "-c", "import numpy as np; print(np.load('wide.npy')['b'].sum())")
                        .output())
                .contains("3");
    }

    @Test
    void refusesAHeaderThatNumPyWouldNotReadUnlessTold() throws IOException, InterruptedException {
        Path file = directory.resolve("x.npy");
        write(spark.range(3).toDF("good"), file);
        byte[] before = Files.readAllBytes(file);
        String refused =
                file + ": its header would have 10998 bytes, expected at most 10000, as np.load reads no longer"
                        + " one by default; write a raw file, whose name ends in .dat, or set container=raw for a directory, or"
                        + " make a 2-D array of columns of one dtype with layout=array, or set maxHeaderNbytes=10998 to write it"
                        + " and to read it, in NumPy by np.load(max_header_size=10998)";
        assertThatThrownBy(() -> write(wide(500), file)).hasMessageContaining(refused);
        assertThatThrownBy(() -> write(wide(500), directory.resolve("shards")))
                .hasMessageContaining("set maxHeaderNbytes=10998");
        SqlSession sql = new SqlSession(directory);
        wide(500).createOrReplaceGlobalTempView("wide_columns");
        assertThatThrownBy(() ->
                        sql.sql("CREATE OR REPLACE TABLE memmap.`@/x.npy` AS SELECT * FROM global_temp.wide_columns"))
                .hasMessageContaining("set maxHeaderNbytes=10998");
        String columns =
                IntStream.range(0, 500).mapToObj(i -> "column" + i + " BIGINT").collect(Collectors.joining(", "));
        assertThatThrownBy(() -> sql.sql("CREATE OR REPLACE TABLE memmap.`@/x.npy` (" + columns + ")"))
                .hasMessageContaining("set maxHeaderNbytes=10998");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(directory.resolve("shards")).doesNotExist();

        for (String name : List.of("x.npy", "shards", "raw.dat")) {
            Path path = directory.resolve(name);
            String[] told = {"maxHeaderNbytes", "10998"};
            write(wide(500), path, name.equals("raw.dat") ? new String[0] : told);
            assertThat(read(path, told)
                            .selectExpr("sum(column499)")
                            .collectAsList()
                            .get(0)
                            .getLong(0))
                    .isEqualTo(999);
            wide(500)
                    .write()
                    .format("memmap")
                    .mode("append")
                    .option("maxHeaderNbytes", "10998")
                    .save(path.toString());
            assertThat(read(path, told).count()).isEqualTo(4);
        }
        assertThatThrownBy(() -> read(file, "maxHeaderNbytes", "10997").count())
                .hasMessageContaining("its header has 10998 bytes, expected at most 10997; if you trust the file, set"
                        + " maxHeaderNbytes=10998, as np.load(max_header_size=10998) would need");
        assertThatThrownBy(() -> read(directory.resolve("shards")).count())
                .hasMessageContaining("set maxHeaderNbytes=10998");
        Python.assumeNumpy(directory);
        Python.Outcome loaded = Python.run(
                directory,
                "-c",
                "import sys, numpy as np; print(np.load(sys.argv[1], max_header_size=10998)['column499'].sum())",
                file.toString());
        assertThat(loaded.output().strip()).isEqualTo("1998");
    }

    /** The lengths of these ARRAYs are in the rows, so that the header's length is known only behind the first of them. */
    @Test
    void refusesALongHeaderWhoseLengthIsInTheRows() throws IOException {
        Path file = directory.resolve("x.npy");
        write(spark.range(3).toDF("good"), file);
        byte[] before = Files.readAllBytes(file);
        Dataset<Row> rows = spark.range(2)
                .selectExpr(IntStream.range(0, 380)
                        .mapToObj(i -> "array_repeat(id, 1000) AS col" + i)
                        .toArray(String[]::new));
        assertThatThrownBy(() -> write(rows, file)).hasMessageContaining("set maxHeaderNbytes=10");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void readsLongHeadersOfOneTableByTheCatalogsOption() {
        SqlSession sql = new SqlSession(directory);
        write(wide(500), directory.resolve("x.npy"), "maxHeaderNbytes", "20000");
        assertThatThrownBy(() -> sql.sql("SELECT * FROM memmap.`@/x.npy`"))
                .hasMessageContaining("set maxHeaderNbytes=");
        SparkSession other = sql.spark().newSession();
        other.conf().set("spark.sql.catalog.wide", "io.memmap.spark.MemmapCatalog");
        other.conf().set("spark.sql.catalog.wide.maxHeaderNbytes", "20000");
        other.sql("UPDATE wide.`" + directory + "/x.npy` SET column7 = -1 WHERE column0 = 1");
        other.sql("INSERT INTO wide.`" + directory + "/x.npy` SELECT * FROM wide.`" + directory + "/x.npy`");
        assertThat(other.sql("SELECT sum(column7), count(*) FROM wide.`" + directory + "/x.npy`")
                        .collectAsList()
                        .get(0)
                        .mkString(" "))
                .isEqualTo("12 4");
    }
}
