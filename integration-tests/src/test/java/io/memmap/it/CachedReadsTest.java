package io.memmap.it;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is cached over a path is fresh after each write of this source to that path, as it is with Parquet. */
class CachedReadsTest {
    private static final String VIEW = "cached_reads";

    private final SparkSession spark = SharedSpark.session().newSession();

    @TempDir
    private Path directory;

    @AfterEach
    void uncache() {
        spark.catalog().clearCache();
    }

    /** The columns of the directories are no part of what the user declared. */
    @Test
    void aReadWithASchemaOverPartitionsIsRefreshed() throws IOException {
        for (int p = 0; p < 2; p++) {
            Npy.of("'<i8'", "(1,)").write(directory.resolve("d/p=" + p + "/x.npy"), Npy.i8(p));
        }
        String path = directory.resolve("d").toString();
        Dataset<Row> cached =
                spark.read().format("memmap").schema("value BIGINT").load(path).cache();
        assertThat(cached.count()).isEqualTo(2);
        spark.range(7, 8)
                .selectExpr("id AS value", "CAST(1 AS INT) AS p")
                .write()
                .format("memmap")
                .partitionBy("p")
                .mode("append")
                .save(path);
        assertThat(cached.selectExpr("sum(value)", "count(*)").head()).hasToString("[8,3]");
    }

    /** The plan that is refreshed has the very types: SQL has no name for an ARRAY without nulls. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "columns, \"array(id, id)\"",
                "columns, \"named_struct('x', array(array(id)))\"",
                "columns, \"array(named_struct('x', id, 'y', DATE'2026-01-01'))\"",
                "columns, \"make_dt_interval(CAST(id AS INT))\"",
                "sideBySide, \"array(id, id)\"",
                "sideBySide, \"make_dt_interval(CAST(id AS INT))\"",
            })
    void rowsWithTheirNumberAreFreshWhateverTheirTypes(String layout, String column) throws IOException {
        Path path = directory.resolve("d");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
        Dataset<Row> rows = spark.range(1, 3).coalesce(1).selectExpr("id", column + " AS v");
        rows.write().format("memmap").option("layout", layout).mode("append").save(path.toString());
        Dataset<Row> loaded = spark.read()
                .format("memmap")
                .load(path.toString())
                .select("id", "v", "_row")
                .cache();
        Dataset<Row> table =
                spark.table("memmap.`" + link + "`").select("id", "v", "_row").cache();
        assertThat(loaded.count() + table.count()).isEqualTo(4);
        rows.write().format("memmap").mode("append").save(path.toString());
        for (Dataset<Row> cached : List.of(loaded, table)) {
            assertThat(cached.storageLevel()).isNotEqualTo(StorageLevel.NONE());
            assertThat(cached.selectExpr("sum(id)", "max(_row)").head()).hasToString("[6,3]");
        }
    }

    /** How rows are cached; each query gives rows with a column {@code value}. */
    private enum Caching {
        DATAFRAME {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                return read.cache();
            }
        },
        FILTERED {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                return read.filter("value >= 2").cache();
            }
        },
        AGGREGATED {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                return read.groupBy().sum("value").toDF("value").cache();
            }
        },
        /** Spark looks for what it refreshes in no subquery, so this one stays as it was, with Parquet too. */
        IN_SUBQUERY {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                read.createOrReplaceTempView(VIEW + "_source");
                return spark.sql("SELECT * FROM range(100) AS r(value) WHERE value IN (SELECT value FROM " + VIEW
                                + "_source)")
                        .cache();
            }
        },
        JOINED {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                return read.join(read.toDF("other"), expr("value = other"))
                        .select("value")
                        .cache();
            }
        },
        VIEW_OF_DATAFRAME {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                read.createOrReplaceTempView(VIEW);
                spark.catalog().cacheTable(VIEW);
                return spark.table(VIEW);
            }
        },
        CACHE_TABLE {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                read.createOrReplaceTempView(VIEW + "_source");
                spark.sql("DROP VIEW IF EXISTS " + VIEW);
                spark.sql("CACHE TABLE " + VIEW + " AS SELECT value FROM " + VIEW + "_source WHERE value >= 1");
                return spark.table(VIEW);
            }
        },
        LAZILY {
            @Override
            Dataset<Row> cache(SparkSession spark, Dataset<Row> read) {
                read.createOrReplaceTempView(VIEW);
                spark.sql("CACHE LAZY TABLE " + VIEW);
                return spark.table(VIEW);
            }
        };

        abstract Dataset<Row> cache(SparkSession spark, Dataset<Row> read);
    }

    private Dataset<Row> longs(long from, long to) {
        return spark.range(from, to).toDF("value");
    }

    private static List<Long> sorted(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(row -> row.getLong(0)).sorted().toList();
    }

    /** A query that is planned anew. */
    private static List<Long> now(Dataset<Row> cached) {
        return sorted(cached.select("value"));
    }

    private List<Long> cachedThenWritten(String format, String target, Caching caching) {
        longs(0, 3).write().format(format).mode("overwrite").save(target);
        Dataset<Row> cached = caching.cache(spark, spark.read().format(format).load(target));
        List<Long> before = now(cached);
        assertThat(cached.storageLevel()).isNotEqualTo(StorageLevel.NONE());
        longs(10, 20).write().format(format).mode("overwrite").save(target);
        List<Long> overwritten = now(cached);
        longs(20, 22).write().format(format).mode("append").save(target);
        assertThat(cached.storageLevel()).isNotEqualTo(StorageLevel.NONE());
        return Stream.of(before, overwritten, now(cached)).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @EnumSource
    void areFreshAfterOverwriteAndAppendAsParquetsAre(Caching caching) {
        List<Long> parquets = cachedThenWritten("parquet", directory + "/parquet", caching);
        assertThat(cachedThenWritten("memmap", directory + "/x.npy", caching)).isEqualTo(parquets);
        assertThat(cachedThenWritten("memmap", directory + "/shards", caching)).isEqualTo(parquets);
    }

    /** Below the directory are a/x.npy, the links a.npy and linked/a.npy to it, and the link to_a to a. */
    @ParameterizedTest
    @CsvSource({
        "a/x.npy, a.npy",
        "a.npy, a/x.npy",
        "linked, a/x.npy",
        "a, to_a/x.npy",
        "to_a, a/x.npy",
        "a/*.npy, a/x.npy",
        "*/x.npy, a.npy",
    })
    void areFreshWhicheverWayThePathIsReached(String read, String written) throws IOException {
        Path file = Files.createDirectories(directory.resolve("a")).resolve("x.npy");
        longs(0, 3).write().format("memmap").save(file.toString());
        Files.createSymbolicLink(directory.resolve("a.npy"), file);
        Files.createSymbolicLink(directory.resolve("to_a"), directory.resolve("a"));
        Files.createSymbolicLink(
                Files.createDirectories(directory.resolve("linked")).resolve("a.npy"), file);
        Dataset<Row> cached = SavedFiles.read(spark, directory.resolve(read)).cache();
        assertThat(now(cached)).containsOnly(0L, 1L, 2L);
        longs(5, 7).write().format("memmap").mode("overwrite").save(directory + "/" + written);
        assertThat(now(cached)).containsOnly(5L, 6L);
    }

    @Test
    void areFreshUnderOptionsThatSayWhatARawFileHolds() {
        String file = directory + "/x.dat";
        longs(0, 6).write().format("memmap").save(file);
        Dataset<Row> cached = spark.read()
                .format("memmap")
                .option("dtype", "<i8")
                .option("shape", "-1,2")
                .option("sidecar", "ignore")
                .load(file)
                .filter("c1 > 1")
                .select("c0", "c1")
                .cache();
        assertThat(cached.collectAsList())
                .containsExactlyInAnyOrder(RowFactory.create(2L, 3L), RowFactory.create(4L, 5L));
        longs(6, 8).write().format("memmap").mode("append").save(file);
        assertThat(cached.select("c0", "c1").collectAsList())
                .containsExactlyInAnyOrder(
                        RowFactory.create(2L, 3L), RowFactory.create(4L, 5L), RowFactory.create(6L, 7L));
        longs(8, 10).write().format("memmap").mode("overwrite").save(file);
        assertThat(cached.select("c0", "c1").collectAsList()).containsExactly(RowFactory.create(8L, 9L));
    }

    @Test
    void areKeptWhenAnotherPathIsWritten() throws IOException {
        longs(0, 3).write().format("memmap").save(directory + "/x.npy");
        Dataset<Row> cached = SavedFiles.read(spark, directory.resolve("x.npy")).cache();
        assertThat(now(cached)).containsExactly(0L, 1L, 2L);
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(7, 8));
        longs(0, 9).write().format("memmap").save(directory + "/y.npy");
        assertThat(now(cached)).containsExactly(0L, 1L, 2L);
    }
}
