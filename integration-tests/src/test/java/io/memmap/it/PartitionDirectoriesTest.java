package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partition directories as columns: the same statements on Spark's own Parquet source and on this one. */
class PartitionDirectoriesTest {
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
    private static final int FILES = 6;

    @TempDir
    static Path parquetFiles;

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    /**
     * What is read.
     *
     * @param directories of one file each; file {@code i} holds the value {@code i}
     * @param read the directory to read, below the table
     */
    record Case(
            String name,
            List<String> directories,
            Map<String, String> settings,
            Map<String, String> options,
            String schema,
            String read,
            List<String> conditions) {

        static Case of(String name, String... directories) {
            return new Case(name, List.of(directories), Map.of(), Map.of(), null, "", List.of());
        }

        Case with(String setting, String value) {
            return new Case(name, directories, Map.of(setting, value), options, schema, read, conditions);
        }

        Case option(String option, String value) {
            return new Case(name, directories, settings, Map.of(option, value), schema, read, conditions);
        }

        Case schema(String ddl) {
            return new Case(name, directories, settings, options, ddl, read, conditions);
        }

        Case read(String below) {
            return new Case(name, directories, settings, options, schema, below, conditions);
        }

        Case where(String... where) {
            return new Case(name, directories, settings, options, schema, read, List.of(where));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String inference = "spark.sql.sources.partitionColumnTypeInference.enabled";
        return Stream.of(
                Case.of("int", "p=1", "p=-20", "p=+3", "p=007")
                        .where(
                                "p = 1",
                                "p > 1",
                                "p <= 3",
                                "p IN (1, 7, 9)",
                                "p BETWEEN -30 AND 1",
                                "NOT p = 1",
                                "p <> 7"),
                Case.of("long", "p=1", "p=3000000000").where("p = 3000000000", "p < 2", "p = 1"),
                Case.of("decimal", "p=1", "p=12345678901234567890").where("p > 5", "p = 12345678901234567890"),
                Case.of("long and decimal", "p=3000000000", "p=123456789012345678901234567890"),
                Case.of("too long for a decimal", "p=123456789012345678901234567890123456789012"),
                Case.of("double", "p=1.5", "p=2", "p=NaN", "p=-0.0", "p=0.0", "p=1.5e-3")
                        .where("p > 1.5", "p = 0", "p = double('NaN')", "p < double('NaN')", "p >= 0", "p IN (2, 1.5)"),
                Case.of("exponents", "p=1e3", "p=2", "p=1e37"),
                Case.of("double and long", "p=1.5", "p=3000000000").where("p = '1.5'"),
                Case.of("double and decimal", "p=1.5", "p=12345678901234567890"),
                Case.of("date", "p=2026-01-01", "p=2026-02-28", "p=" + NULL)
                        .where(
                                "p = '2026-01-01'",
                                "p >= DATE'2026-02-01'",
                                "p IS NULL",
                                "p IS NOT NULL",
                                "NOT (p = '2026-01-01')",
                                "p <=> NULL",
                                "NOT p <=> DATE'2026-01-01'",
                                "year(p) = 2026 AND month(p) = 2",
                                "p NOT IN ('2026-01-01')",
                                "p LIKE '2026-01%'"),
                Case.of("no date", "p=2026-02-30", "p=2026-1-1"),
                Case.of("timestamp", "p=2026-01-01 10%3A00%3A00", "p=2026-01-01 10%3A00%3A00.5")
                        .where("p > '2026-01-01 10:00:00'", "p = TIMESTAMP'2026-01-01 10:00:00'"),
                Case.of("timestamp in another zone", "p=2026-03-29 02%3A30%3A00")
                        .with("spark.sql.session.timeZone", "Europe/Warsaw"),
                Case.of("timestamp without a zone", "p=2026-01-01 10%3A00%3A00")
                        .with("spark.sql.timestampType", "TIMESTAMP_NTZ"),
                Case.of("micros are no timestamp", "p=2026-01-01 10%3A00%3A00.123456"),
                Case.of("date and timestamp", "p=2026-01-01", "p=2026-01-01 10%3A00%3A00"),
                Case.of("date and int", "p=2026-01-01", "p=20260102"),
                Case.of("int and string", "p=1", "p=x").where("p = '1'", "p LIKE 'x%'"),
                Case.of("int and NULL", "p=1", "p=" + NULL).where("p = 1", "NOT p = 1", "p IS NULL OR p = 1"),
                Case.of("string and NULL", "p=a", "p=" + NULL)
                        .where("p = 'a'", "NOT p = 'a'", "p <> 'b'", "p > 'A'", "NOT (p = 'a' AND value = 0)"),
                Case.of("only NULL", "p=" + NULL),
                Case.of("special characters", "p=a%2Fb%3Dc", "p=x y", "p=100%", "p=é", "p=it's", "p=%C3%A9")
                        .where("p = 'a/b=c'", "p LIKE 'x%'", "p LIKE '%y'", "p LIKE '%=%'", "p = 'é'", "p = 'it''s'"),
                Case.of("special characters in a name", "a b%3D=1", "a b%3D=2").where("`a b=` = 2"),
                Case.of("equals sign in a value", "p=a=b", "p=c"),
                Case.of("boolean is a string", "p=true", "p=false").where("p = 'true'"),
                Case.of("suffixes of Java", "p=1d", "p=0x1p3", "p=1f"),
                Case.of("no inference", "p=1", "p=2026-01-01")
                        .with(inference, "false")
                        .where("p = '1'", "p < '2'"),
                Case.of("no inference, NULL", "p=1", "p=" + NULL)
                        .with(inference, "false")
                        .where("p IS NULL"),
                Case.of("two columns", "a=1/b=x", "a=1/b=y", "a=2/b=x")
                        .where("a = 1 AND b = 'x'", "a = 2 OR b = 'y'", "a + 1 = 2", "NOT (a = 1 OR b = 'y')"),
                Case.of("hidden names with a value", "_p=1", "_p=2").where("_p = 1"),
                Case.of("names in another case", "P=1", "P=2").where("p = 1"),
                Case.of("case-sensitive", "P=1", "P=2")
                        .with("spark.sql.caseSensitive", "true")
                        .where("P = 1"),
                Case.of("below a partition", "a=1/x", "a=2/y/z").where("a = 1"),
                Case.of("a partition is read", "a=1/b=1", "a=1/b=2").read("a=1"),
                Case.of("column of the data", "value=1", "value=2").where("value = 2"),
                Case.of("schema", "p=1", "p=2").schema("value DOUBLE, p STRING").where("p = '1'"),
                Case.of("schema in another order", "p=1", "p=2")
                        .schema("p LONG, value DOUBLE")
                        .where("p = 1"),
                Case.of("schema without the column", "p=1", "p=2").schema("value DOUBLE"),
                Case.of("schema in another case", "p=1", "p=2")
                        .schema("value DOUBLE, P INT")
                        .where("p = 1"),
                Case.of("schema of numbers", "a=1/b=2/c=3", "a=4/b=5/c=6.5")
                        .schema("value DOUBLE, a TINYINT, b SMALLINT, c FLOAT")
                        .where("c > 3", "a = 1", "b = 5"),
                Case.of("schema of booleans", "p=true", "p=FALSE")
                        .schema("value DOUBLE, p BOOLEAN")
                        .where("p", "NOT p"),
                Case.of("schema of dates", "p=2026-1-2", "p=2026", "p=2026-05").schema("value DOUBLE, p DATE"),
                Case.of("schema of timestamps", "p=2026-01-02T10", "p=2026-01-02", "p=2026-01-02 10%3A00%3A00.123456Z")
                        .schema("value DOUBLE, p TIMESTAMP"),
                Case.of("schema of bytes", "p=a%2Fb").schema("value DOUBLE, p BINARY"),
                Case.of("recursive", "p=1", "q/r=2").option("recursiveFileLookup", "true"),
                Case.of("glob filter", "p=1", "p=2").option("pathGlobFilter", "0.*"));
    }

    @BeforeAll
    static void writeParquetFiles() throws IOException {
        SharedSpark.session()
                .range(0, FILES, 1, 1)
                .selectExpr("id AS file", "double(id) AS value")
                .write()
                .mode("overwrite")
                .partitionBy("file")
                .parquet(parquetFiles.toString());
        for (int i = 0; i < FILES; i++) {
            try (Stream<Path> parts = Files.list(parquetFiles.resolve("file=" + i))) {
                Path part = parts.filter(file -> file.getFileName().toString().startsWith("part-"))
                        .findFirst()
                        .orElseThrow();
                Files.move(part, parquetFiles.resolve(i + ".parquet"));
            }
        }
    }

    /** Spark 3.5 tells a source nothing of the session of {@code load} but that it is the active one. */
    @BeforeEach
    void activate() {
        SparkSession.setActiveSession(spark);
    }

    @AfterEach
    void deactivate() {
        SparkSession.clearActiveSession();
    }

    private void write(List<String> directories) throws IOException {
        for (int i = 0; i < directories.size(); i++) {
            Npy.doubles(directory.resolve("npy").resolve(directories.get(i)).resolve(i + ".npy"), i);
            Path parquet = directory.resolve("parquet").resolve(directories.get(i));
            Files.createDirectories(parquet);
            Files.copy(parquetFiles.resolve(i + ".parquet"), parquet.resolve(i + ".parquet"));
        }
    }

    private Dataset<Row> read(String format, Case given) {
        DataFrameReader reader = spark.read().options(given.options);
        if (given.schema != null) {
            reader.schema(given.schema);
        }
        return reader.format(format.equals("npy") ? "memmap" : format)
                .load(directory.resolve(format).resolve(given.read).toString());
    }

    private static List<String> rows(Dataset<Row> data) {
        List<Row> rows = new ArrayList<>(data.collectAsList());
        return rows.stream().map(PartitionDirectoriesTest::text).sorted().toList();
    }

    private static String text(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.length(); i++) {
            values.add(row.get(i) instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(row.get(i)));
        }
        return values.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void readsAsParquet(Case given) throws IOException {
        write(given.directories);
        given.settings.forEach((name, value) -> spark.conf().set(name, value));
        Dataset<Row> parquet = read("parquet", given);
        Dataset<Row> npy = read("npy", given);
        assertThat(npy.dtypes()).isEqualTo(parquet.dtypes());
        assertThat(rows(npy)).isEqualTo(rows(parquet));
        String last = "`" + parquet.columns()[parquet.columns().length - 1] + "`";
        assertThat(rows(npy.selectExpr(last))).isEqualTo(rows(parquet.selectExpr(last)));
        assertThat(rows(npy.groupBy(npy.col(last)).count()))
                .isEqualTo(rows(parquet.groupBy(parquet.col(last)).count()));
        Dataset<Row> rows = spark.createDataFrame(parquet.collectAsList(), parquet.schema());
        for (String condition : given.conditions) {
            List<String> expected = rows(parquet.where(condition));
            assertThat(rows(npy.where(condition))).as(condition).isEqualTo(expected);
            assertThat(npy.where(condition).count()).as(condition).isEqualTo(expected.size());
            for (String other : List.of("NOT (" + condition + ")", "(" + condition + ") OR value > 0")) {
                assertThat(rows(npy.where(other))).as(other).isEqualTo(rows(rows.where(other)));
            }
        }
    }

    /** Spark's own sources take the name of any of the directories, in the order of a hash table. */
    @Test
    void aNameInMixedCaseIsThatOfTheFirstDirectory() throws IOException {
        write(List.of("P=1", "p=2"));
        Dataset<Row> npy = read("npy", Case.of(""));
        assertThat(npy.columns()).containsExactly("value", "P");
        assertThat(rows(npy)).containsExactly("[0.0, 1]", "[1.0, 2]");
        assertThat(rows(npy.where("p = 2"))).containsExactly("[1.0, 2]");
    }

    /** Directories that Spark's own source refuses too, and parts of the message here. */
    @ParameterizedTest
    @MethodSource
    void refusesDirectoriesThatAreNoTable(List<String> directories, String... message) throws IOException {
        write(directories);
        assertThatThrownBy(() -> read("parquet", Case.of("")).count()).isNotNull();
        assertThatThrownBy(() -> read("npy", Case.of("")).count())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(message);
    }

    static Stream<Object[]> refusesDirectoriesThatAreNoTable() {
        return Stream.of(
                refused(
                        List.of("a=1", "a=2/b=1"),
                        "/npy/a=1 together with",
                        "/npy/a=2/b=1: ",
                        "/a=1 has the partition columns [a], and ",
                        "/a=2/b=1 has the partition columns [a, b]"),
                refused(List.of("a=1", "b=1"), "/npy/a=1 together with", "/npy/b=1: ", "[a]", "[b]"),
                refused(List.of("a=1", "x/a=1"), "/npy/a=1 together with", "/npy/x/a=1: ", "set basePath"),
                refused(List.of("a=1", "x"), "/npy/a=1 together with", "/npy/x: ", "/npy/x has no partition columns"),
                refused(List.of("a=", "a=1"), "/npy/a= as a partition: 'a=' has an empty value"),
                refused(List.of("=1"), "'=1' has an empty name"),
                refused(
                        List.of("a=1/A=2"),
                        "two of its directories name the partition column 'a', expected distinct names; rename one"));
    }

    private static Object[] refused(List<String> directories, String... message) {
        return new Object[] {directories, message};
    }

    @Test
    void refusesFilesBesidePartitionDirectories() throws IOException {
        write(List.of("a=1", ""));
        assertThatThrownBy(() -> read("npy", Case.of("")).count())
                .hasMessageContainingAll("/npy together with", "/npy/a=1: ", "/npy has no partition columns");
    }
}
