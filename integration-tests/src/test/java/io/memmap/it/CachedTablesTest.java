package io.memmap.it;

import static io.memmap.it.SavedFiles.npyLongs;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is cached of a path, by its name in SQL or by the path, is fresh after each statement and each save, and is what
 * Parquet gives for the same statements. Spark's Parquet tables have no UPDATE, MERGE and REPLACE, take no
 * {@code writeTo}, and cannot be read by an old DataFrame after a DROP: an INSERT, an INSERT OVERWRITE or a save of the
 * same rows replaces these there.
 */
class CachedTablesTest {

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    /** The answers over Parquet after each write, by kind of caching. */
    private static Map<Cached, List<List<Long>>> parquets;

    private SqlSession session;
    private SparkSession spark;
    private Path file;

    @BeforeAll
    static void askParquet() throws Exception {
        SqlSession session = new SqlSession(shared);
        Side parquet = new Side(session, "parquet", shared.resolve("x.parquet").toString());
        longs(session.spark(), 0, 3).write().parquet(parquet.file);
        session.sql("DROP TABLE IF EXISTS cached_parquet");
        session.sql("CREATE TABLE cached_parquet USING parquet LOCATION '@/x.parquet'");
        parquets = new EnumMap<>(Cached.class);
        for (Write write : Write.values()) {
            Map<Cached, Dataset<Row>> all = new EnumMap<>(Cached.class);
            for (Cached kind : Cached.values()) {
                all.put(kind, kind.cache(parquet));
            }
            all.values().forEach(CachedTablesTest::values);
            write.ofParquet.run(parquet);
            all.forEach((kind, cached) -> {
                List<Long> now = values(kind.query(parquet));
                assertThat(values(cached.select("value")))
                        .as("%s after %s", kind, write)
                        .isEqualTo(now);
                parquets.computeIfAbsent(kind, any -> new ArrayList<>()).add(now);
            });
        }
        session.sql("DROP TABLE cached_parquet");
        session.spark().catalog().clearCache();
    }

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

    /** An array or a Parquet file, with its names in SQL. Texts may say {@code #table}, {@code #format}, {@code #anyRow}. */
    private record Side(SqlSession session, String format, String file) {

        boolean isParquet() {
            return format.equals("parquet");
        }

        String text(String text) {
            return text.replace("#table", isParquet() ? "cached_parquet" : "memmap.`@/x.npy`")
                    .replace("#qualified", isParquet() ? "spark_catalog.default.cached_parquet" : "memmap.`@`.`x.npy`")
                    .replace(
                            "#anyRow",
                            isParquet() ? "_metadata.file_path IS NOT NULL" : "_row % 1 = 0 AND _file IS NOT NULL")
                    .replace("#file", file)
                    .replace("#format", format)
                    .replace("@", session.directory().toString());
        }

        Dataset<Row> query(String query) {
            return session.spark().sql(text(query));
        }

        Dataset<Row> longs(long from, long to) {
            return CachedTablesTest.longs(session.spark(), from, to);
        }

        DataFrameWriterV2<Row> writeTo(long from, long to) {
            return longs(from, to).writeTo(text("#table"));
        }

        void save(Dataset<Row> rows, String mode) {
            rows.write().format(format).mode(mode).save(file);
        }

        /** The rows are collected first: Spark overwrites no table of its own that it reads. */
        void rewrite(String query) {
            Dataset<Row> rows = query(query);
            Dataset<Row> collected = session.spark().createDataFrame(rows.collectAsList(), rows.schema());
            collected.coalesce(1).write().mode("overwrite").insertInto(text("#table"));
        }
    }

    /** A query with a column {@code value}, and how it is cached. */
    private enum Cached {
        PATH(null, null) {
            @Override
            Dataset<Row> query(Side side) {
                return side.session.spark().read().format(side.format).load(side.file);
            }
        },
        PATH_BY_ROW(null, null) {
            @Override
            Dataset<Row> query(Side side) {
                return PATH.query(side).filter(side.text("#anyRow")).select("value");
            }
        },
        TABLE(null, "SELECT value FROM #table"),
        TABLE_IN_NAMESPACE(null, "SELECT value FROM #qualified WHERE value > -1"),
        TABLE_BY_ROW(null, "SELECT value FROM #table WHERE #anyRow"),
        UNION(null, "SELECT value FROM #table WHERE value < 15 UNION ALL SELECT value FROM #table WHERE value >= 15"),
        CACHE_TABLE("CACHE TABLE #table", "SELECT value FROM #table"),
        CACHE_QUERY("CACHE TABLE cached AS SELECT value FROM #table", "SELECT value FROM cached"),
        CACHE_VIEW(
                "CREATE OR REPLACE TEMPORARY VIEW viewed USING #format OPTIONS (path '#file'); CACHE TABLE viewed",
                "SELECT value FROM viewed");

        private final String statements;
        private final String query;

        Cached(String statements, String query) {
            this.statements = statements;
            this.query = query;
        }

        Dataset<Row> query(Side side) {
            return side.query(query);
        }

        Dataset<Row> cache(Side side) {
            if (this == CACHE_QUERY) {
                side.query("DROP VIEW IF EXISTS cached");
            }
            if (statements == null) {
                return query(side).cache();
            }
            for (String statement : statements.split(";")) {
                side.query(statement);
            }
            return query(side);
        }
    }

    @FunctionalInterface
    private interface Action {
        void run(Side side) throws Exception;
    }

    /** Each write of ours to a file of {@code value} 0, 1, 2, in an order in which each finds what it needs. */
    private enum Write {
        OVERWRITE(side -> side.save(side.longs(10, 15), "overwrite")),
        APPEND(side -> side.save(side.longs(20, 22), "append")),
        UPDATE_BY_ROW(
                side -> side.query("SELECT 1L AS at, 30L AS value")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .option("rowColumn", "at")
                        .option("update", "true")
                        .save(side.file),
                side -> side.rewrite("SELECT IF(value = 11, 30, value) FROM #table")),
        INSERT(side -> side.query("INSERT INTO #table VALUES (31L), (32L)")),
        INSERT_OF_AGGREGATE(side -> side.query("INSERT INTO #table SELECT count(*) + 60 FROM #table")),
        UPDATE(
                side -> side.query("UPDATE #table SET value = value + 1 WHERE _row = 0"),
                side -> side.rewrite("SELECT IF(value = 10, 11, value) FROM #table")),
        MERGE(
                side -> side.query("MERGE INTO #table AS t USING"
                        + " (SELECT * FROM VALUES (31L, 33L), (41L, 42L) AS given(k, v)) AS s"
                        + " ON t.value = s.k WHEN MATCHED THEN UPDATE SET value = s.v"
                        + " WHEN NOT MATCHED THEN INSERT (value) VALUES (s.v)"),
                side -> side.rewrite("SELECT IF(value = 31, 33, value) FROM #table UNION ALL VALUES (42L)")),
        INSERT_OVERWRITE(side -> side.query("INSERT OVERWRITE #table SELECT id FROM range(50, 54)")),
        APPEND_TO_TABLE(side -> side.writeTo(54, 55).append(), side -> side.query("INSERT INTO #table VALUES (54L)")),
        OVERWRITE_TABLE(
                side -> side.writeTo(56, 58).overwrite(lit(true)),
                side -> side.query("INSERT OVERWRITE #table VALUES (56L), (57L)")),
        CREATE_OR_REPLACE(
                side -> side.query("CREATE OR REPLACE TABLE #table AS SELECT id AS value FROM range(60, 63)"),
                side -> side.rewrite("SELECT id FROM range(60, 63)")),
        CREATE_OR_REPLACE_BY_WRITER(
                side -> side.writeTo(63, 68).createOrReplace(), side -> side.save(side.longs(63, 68), "overwrite")),
        REPLACE_BY_WRITER(side -> side.writeTo(68, 70).replace(), side -> side.rewrite("SELECT id FROM range(68, 70)")),
        REPLACE_WITHOUT_ROWS(
                side -> side.query("REPLACE TABLE #table (value BIGINT) TBLPROPERTIES ('shape'='3', 'fillValue'='71')"),
                side -> side.query("INSERT OVERWRITE #table VALUES (71L), (71L), (71L)")),
        DROP_AND_CREATE(
                side -> {
                    side.query("DROP TABLE #table PURGE");
                    side.query("CREATE TABLE #table AS SELECT id AS value FROM range(80, 84)");
                },
                side -> side.save(side.longs(80, 84), "overwrite"));

        private final Action ofArray;
        private final Action ofParquet;

        Write(Action ofBoth) {
            this(ofBoth, ofBoth);
        }

        Write(Action ofArray, Action ofParquet) {
            this.ofArray = ofArray;
            this.ofParquet = ofParquet;
        }
    }

    private static Dataset<Row> longs(SparkSession spark, long from, long to) {
        return spark.range(from, to).toDF("value").coalesce(1);
    }

    private static List<Long> values(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(row -> row.getLong(0)).sorted().toList();
    }

    private List<Long> stored() throws IOException {
        return Arrays.stream(npyLongs(file)).sorted().boxed().toList();
    }

    @ParameterizedTest
    @EnumSource
    void isWhatParquetGivesAfterEachKindOfWrite(Cached kind) throws Exception {
        longs(spark, 0, 3).write().format("memmap").save(file.toString());
        Side array = new Side(session, "memmap", file.toString());
        for (Write write : Write.values()) {
            Dataset<Row> cached = kind.cache(array);
            assertThat(values(cached)).as("before %s", write).isEqualTo(stored());
            assertThat(kind.query(array).queryExecution().withCachedData().toString())
                    .as("before %s", write)
                    .contains("InMemoryRelation");
            if (write.ordinal() == kind.ordinal()) {
                // What is remembered of a cached read must live as long as Spark's cache has it; a collection takes
                // long.
                System.gc();
            }
            write.ofArray.run(array);
            List<Long> parquet = parquets.get(kind).get(write.ordinal());
            assertThat(parquet).as("of Parquet, after %s", write).isEqualTo(stored());
            assertThat(values(kind.query(array))).as("after %s", write).isEqualTo(parquet);
            assertThat(values(cached.select("value")))
                    .as("of the old DataFrame, after %s", write)
                    .isEqualTo(parquet);
        }
    }
}
