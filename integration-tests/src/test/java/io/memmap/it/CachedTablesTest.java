package io.memmap.it;

import static io.memmap.it.SavedFiles.npyLongs;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is cached of a path, by its name in SQL or by the path, is fresh after each statement and each save. */
class CachedTablesTest {

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
    }

    @AfterEach
    void uncache() {
        spark.catalog().clearCache();
    }

    /** A query with a column {@code value}, and how it is cached; {@code @} is a directory with an array x.npy. */
    private enum Cached {
        PATH(null, null) {
            @Override
            Dataset<Row> query(SqlSession session, Path file) {
                return SavedFiles.read(session.spark(), file);
            }
        },
        PATH_BY_ROW(null, null) {
            @Override
            Dataset<Row> query(SqlSession session, Path file) {
                return SavedFiles.read(session.spark(), file)
                        .filter("_row >= 0")
                        .select("value");
            }
        },
        TABLE(null, "SELECT value FROM memmap.`@/x.npy`"),
        TABLE_IN_NAMESPACE(null, "SELECT value FROM memmap.`@`.`x.npy` WHERE value > -1"),
        TABLE_BY_ROW(null, "SELECT value FROM memmap.`@/x.npy` WHERE _row % 1 = 0 AND _file IS NOT NULL"),
        UNION(
                null,
                "SELECT value FROM memmap.`@/x.npy` WHERE value < 15 UNION ALL"
                        + " SELECT value FROM memmap.`@/x.npy` WHERE value >= 15"),
        CACHE_TABLE("CACHE TABLE memmap.`@/x.npy`", "SELECT value FROM memmap.`@/x.npy`"),
        CACHE_QUERY("CACHE TABLE cached AS SELECT value FROM memmap.`@/x.npy`", "SELECT value FROM cached"),
        CACHE_VIEW(
                "CREATE OR REPLACE TEMPORARY VIEW cached USING memmap OPTIONS (path '@/x.npy'); CACHE TABLE cached",
                "SELECT value FROM cached");

        private final String statements;
        private final String query;

        Cached(String statements, String query) {
            this.statements = statements;
            this.query = query;
        }

        Dataset<Row> query(SqlSession session, Path file) {
            return session.spark().sql(query.replace("@", file.getParent().toString()));
        }

        Dataset<Row> cache(SqlSession session, Path file) {
            session.sql("DROP VIEW IF EXISTS cached");
            if (statements == null) {
                return query(session, file).cache();
            }
            for (String statement : statements.split(";")) {
                session.sql(statement);
            }
            return query(session, file);
        }
    }

    @FunctionalInterface
    private interface Write {
        void run() throws Exception;
    }

    private Dataset<Row> longs(long from, long to) {
        return spark.range(from, to).toDF("value").coalesce(1);
    }

    private Dataset<Row> patch(long row, long value) {
        return spark.sql("SELECT " + row + "L AS at, " + value + "L AS value");
    }

    private String table() {
        return "memmap.`" + file + "`";
    }

    /** Each write of ours to the file, in an order in which each finds what it needs. */
    private List<Write> writes() {
        return List.of(
                () -> longs(10, 15).write().format("memmap").mode("overwrite").save(file.toString()),
                () -> longs(20, 22).write().format("memmap").mode("append").save(file.toString()),
                () -> patch(1, 30)
                        .write()
                        .format("memmap")
                        .mode("append")
                        .option("rowColumn", "at")
                        .option("update", "true")
                        .save(file.toString()),
                () -> session.sql("INSERT INTO memmap.`@/x.npy` VALUES (31L), (32L)"),
                () -> session.sql("INSERT INTO memmap.`@/x.npy` SELECT count(*) + 60 FROM memmap.`@/x.npy`"),
                () -> session.sql("UPDATE memmap.`@/x.npy` SET value = value + 1 WHERE _row = 0"),
                () -> session.sql("MERGE INTO memmap.`@/x.npy` AS t USING"
                        + " (SELECT * FROM VALUES (31L, 33L), (41L, 42L) AS given(k, v)) AS s"
                        + " ON t.value = s.k WHEN MATCHED THEN UPDATE SET value = s.v"
                        + " WHEN NOT MATCHED THEN INSERT (value) VALUES (s.v)"),
                () -> session.sql("INSERT OVERWRITE memmap.`@/x.npy` SELECT id FROM range(50, 54)"),
                () -> longs(54, 55).writeTo(table()).append(),
                () -> longs(56, 58).writeTo(table()).overwrite(lit(true)),
                () -> session.sql("CREATE OR REPLACE TABLE memmap.`@/x.npy` AS SELECT id AS value FROM range(60, 63)"),
                () -> longs(63, 68).writeTo(table()).createOrReplace(),
                () -> longs(68, 70).writeTo(table()).replace(),
                () -> session.sql("REPLACE TABLE memmap.`@/x.npy` (value BIGINT)"
                        + " TBLPROPERTIES ('shape'='3', 'fillValue'='71')"),
                () -> {
                    session.sql("DROP TABLE memmap.`@/x.npy` PURGE");
                    session.sql("CREATE TABLE memmap.`@/x.npy` AS SELECT id AS value FROM range(80, 84)");
                });
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

    @ParameterizedTest
    @EnumSource
    void isFreshAfterEachKindOfWrite(Cached kind) throws Exception {
        longs(0, 3).write().format("memmap").save(file.toString());
        List<Write> writes = writes();
        for (int i = 0; i < writes.size(); i++) {
            Dataset<Row> cached = kind.cache(session, file);
            assertThat(values(cached)).as("before write %d", i).isEqualTo(stored());
            assertThat(kind.query(session, file)
                            .queryExecution()
                            .withCachedData()
                            .toString())
                    .as("before write %d", i)
                    .contains("InMemoryRelation");
            if (i % 4 == 1) {
                // What is remembered of a cached read must live as long as Spark's cache has it.
                System.gc();
            }
            writes.get(i).run();
            assertThat(values(kind.query(session, file)))
                    .as("after write %d", i)
                    .isEqualTo(stored());
            assertThat(values(cached.select("value")))
                    .as("of the old DataFrame, after write %d", i)
                    .isEqualTo(stored());
        }
    }

    static List<Boolean> extensions() {
        return SharedSpark.session().version().startsWith("3.") ? List.of(true) : List.of(false, true);
    }

    /** A table of Spark's own catalog, a path and a name of the path catalog are three ways to one array. */
    @ParameterizedTest
    @MethodSource("extensions")
    void isFreshWhateverNameTheWriteUses(boolean extended) throws Exception {
        if (extended) {
            spark.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        longs(0, 3).write().format("memmap").save(file.toString());
        session.sql("DROP TABLE IF EXISTS cached_owned");
        session.sql("CREATE TABLE cached_owned USING memmap OPTIONS (path '@/x.npy')");
        try {
            List<String> queries = List.of(
                    "SELECT value FROM cached_owned WHERE value >= 0",
                    "SELECT value FROM cached_owned WHERE _row >= 0",
                    "SELECT value FROM memmap.`@/x.npy` WHERE value < 100");
            List<Write> writes = List.of(
                    () -> longs(4, 6).write().format("memmap").mode("overwrite").save(file.toString()),
                    () -> session.sql("INSERT INTO memmap.`@/x.npy` VALUES (7L)"),
                    () -> session.sql("INSERT INTO cached_owned VALUES (8L)"),
                    () -> session.sql("UPDATE cached_owned SET value = 9 WHERE value = 8"));
            for (int i = 0; i < writes.size(); i++) {
                for (String query : queries) {
                    Dataset<Row> cached =
                            spark.sql(query.replace("@", directory.toString())).cache();
                    assertThat(values(cached))
                            .as("%s, before write %d", query, i)
                            .isEqualTo(stored());
                }
                writes.get(i).run();
                for (String query : queries) {
                    assertThat(values(spark.sql(query.replace("@", directory.toString()))))
                            .as("%s, after write %d", query, i)
                            .isEqualTo(stored());
                }
            }
        } finally {
            session.sql("DROP TABLE cached_owned");
        }
    }
}
