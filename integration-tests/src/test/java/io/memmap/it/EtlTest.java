package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From Parquet to memmaps and back to Parquet: equal rows, and equal types. The table of eight columns has a tenth of its
 * ten million rows in the ordinary run, and all of them by {@code -Dmemmap.etl.rows=10000000}.
 */
class EtlTest {

    private static final long FLIGHTS = 200_000;
    private static final long ROWS = Long.getLong("memmap.etl.rows", 1_000_000);

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> parquet(Dataset<Row> rows, String name) {
        String path = directory.resolve(name).toString();
        rows.write().parquet(path);
        return spark.read().parquet(path);
    }

    private Dataset<Row> memmap(Dataset<Row> rows, String name) {
        Path path = directory.resolve(name);
        rows.write().format("memmap").save(path.toString());
        return SavedFiles.read(spark, path);
    }

    private static void assertSame(Dataset<Row> found, Dataset<Row> expected, long rows) {
        assertThat(found.schema().catalogString()).isEqualTo(expected.schema().catalogString());
        assertThat(found.count()).isEqualTo(rows);
        assertThat(expected.count()).isEqualTo(rows);
        assertThat(found.exceptAll(expected).count()).isZero();
    }

    /** By the sum of their hashes, which needs no shuffle. */
    private static void assertSameHashes(Dataset<Row> found, Dataset<Row> expected) {
        assertThat(found.schema().catalogString()).isEqualTo(expected.schema().catalogString());
        assertThat(hashes(found)).isEqualTo(hashes(expected)).startsWith("[" + ROWS + ",");
    }

    private static String hashes(Dataset<Row> rows) {
        return rows.selectExpr("count(*)", "sum(CAST(xxhash64(*) AS DECIMAL(20, 0)))")
                .first()
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flights.npy", "flights.dat", "flights"})
    void takesFlightsThereAndBack(String name) {
        Dataset<Row> numpy = SavedFiles.read(spark, ResourceFile.of("data/flights-200k.npy"));
        Dataset<Row> before = parquet(numpy, "before.parquet");
        Dataset<Row> memmap = memmap(before, name);
        assertSame(memmap, numpy, FLIGHTS);
        assertSame(parquet(memmap, "after.parquet"), before, FLIGHTS);
    }

    @Test
    void keepsEveryTypeThatIsOneToOne() {
        Dataset<Row> before = parquet(
                spark.range(0, ROWS, 1, 4)
                        .selectExpr(
                                "id",
                                "CAST(id AS INT) AS i",
                                "CAST(id % 32768 AS SMALLINT) AS s",
                                "id / 3 AS d",
                                "CAST(id / 7 AS FLOAT) AS f",
                                "id % 3 = 0 AS b",
                                "date_add(DATE'1900-01-01', CAST(id % 100000 AS INT)) AS day",
                                "CAST(timestamp_micros(id * 1000003) AS TIMESTAMP_NTZ) AS at"),
                "before.parquet");
        Dataset<Row> memmap = memmap(before, "table");
        assertSameHashes(memmap, before);
        assertSameHashes(parquet(memmap, "after.parquet"), before);
        assertSameHashes(memmap(before, "table.npy"), before);
    }
}
