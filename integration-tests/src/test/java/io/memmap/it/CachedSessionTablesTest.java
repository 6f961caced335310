package io.memmap.it;

import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each write to an array refreshes the cached tables of Spark's own catalog over it, whatever name the write uses. */
class CachedSessionTablesTest {

    @TempDir
    private Path directory;

    private SqlSession session;
    private SparkSession spark;
    private Path file;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        spark = session.spark();
        file = directory.resolve("x.npy");
        save(0, 3);
        session.sql("CREATE DATABASE IF NOT EXISTS cached_arrays");
    }

    @AfterEach
    void uncache() {
        spark.catalog().clearCache();
        session.sql("DROP DATABASE cached_arrays CASCADE");
    }

    private void save(long from, long to) {
        Dataset<Row> longs = spark.range(from, to).toDF("value").coalesce(1);
        longs.write().format("memmap").mode("overwrite").save(file.toString());
    }

    private static long[] values(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .mapToLong(row -> row.getLong(0))
                .sorted()
                .toArray();
    }

    private long[] stored() throws IOException {
        long[] longs = npyLongs(file);
        Arrays.sort(longs);
        return longs;
    }

    static List<String> catalogs() {
        return SharedSpark.session().version().startsWith("3.")
                ? List.of("io.memmap.spark.MemmapSessionCatalog")
                : List.of("", "io.memmap.spark.MemmapSessionCatalog");
    }

    static Stream<Arguments> tables() {
        return catalogs().stream().flatMap(catalog -> Stream.of(
                        "memmap OPTIONS (path '@/x.npy')",
                        "memmap LOCATION '@/x.npy'",
                        "io.memmap.spark.MemmapDataSource OPTIONS (path '@/x.npy')",
                        "memmap OPTIONS (paths '[\"@/x.npy\"]')")
                .map(definition -> Arguments.of(catalog, definition)));
    }

    private void useCatalog(String name) {
        if (!name.isEmpty()) {
            spark.conf().set("spark.sql.catalog.spark_catalog", name);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void isFreshHoweverTheTableWasDefined(String catalog, String definition) throws IOException {
        useCatalog(catalog);
        session.sql("CREATE TABLE cached_arrays.t USING " + definition);
        List<String> queries = List.of(
                "SELECT value FROM cached_arrays.t WHERE value >= 0",
                "SELECT value FROM cached_arrays.t WHERE _row >= 0",
                "SELECT value FROM memmap.`@/x.npy` WHERE value < 100");
        List<Runnable> writes = List.of(
                () -> save(4, 6),
                () -> session.sql("INSERT INTO memmap.`@/x.npy` VALUES (7L)"),
                () -> session.sql("UPDATE memmap.`@/x.npy` SET value = 9 WHERE value = 7"));
        assertFresh(queries, writes);
    }

    /** A table of Spark's own catalog, a path and a name of the path catalog are three ways to one array. */
    @ParameterizedTest
    @MethodSource("catalogs")
    void isFreshWhenTheTableItselfIsWritten(String catalog) throws IOException {
        useCatalog(catalog);
        session.sql("CREATE TABLE cached_arrays.t USING memmap OPTIONS (path '@/x.npy')");
        List<String> queries = List.of(
                "SELECT value FROM cached_arrays.t WHERE value >= 0",
                "SELECT value FROM cached_arrays.t WHERE _row >= 0",
                "SELECT value FROM memmap.`@/x.npy` WHERE value < 100");
        List<Runnable> writes = List.of(
                () -> session.sql("INSERT INTO cached_arrays.t VALUES (8L)"),
                () -> session.sql("UPDATE cached_arrays.t SET value = 9 WHERE value = 8"));
        assertFresh(queries, writes);
    }

    @Test
    void isFreshBesideADatabaseThatCannotBeListed() throws IOException {
        useCatalog("io.memmap.it.OddSessionCatalog");
        session.sql("CREATE TABLE cached_arrays.t (value BIGINT) USING memmap OPTIONS (path '@/x.npy')");
        assertFresh(List.of("SELECT value FROM cached_arrays.t"), List.of(() -> save(4, 6), () -> save(6, 9)));
    }

    private void assertFresh(List<String> queries, List<Runnable> writes) throws IOException {
        for (int i = 0; i < writes.size(); i++) {
            for (String query : queries) {
                Dataset<Row> cached =
                        spark.sql(query.replace("@", directory.toString())).cache();
                assertThat(values(cached)).as("%s, before write %d", query, i).isEqualTo(stored());
            }
            writes.get(i).run();
            for (String query : queries) {
                assertThat(values(spark.sql(query.replace("@", directory.toString()))))
                        .as("%s, after write %d", query, i)
                        .isEqualTo(stored());
            }
        }
    }
}
