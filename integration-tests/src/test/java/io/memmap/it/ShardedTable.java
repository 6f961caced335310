package io.memmap.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A table of three shards with 10, 5 and 12 rows, of which {@code id} is ten times the row, and a grid of 4 by 3 elements. */
abstract class ShardedTable {
    static final int[] SHARD_ROWS = {10, 5, 12};
    static final int ROWS = 27;
    static final String DESCR = "[('id', '<i4'), ('v', '<f8'), ('p', [('x', '<i2'), ('y', '<i2')])]";

    @TempDir
    static Path directory;

    static Path shards;
    static Path grid;

    final SparkSession spark = SharedSpark.session();

    @BeforeAll
    static void writeFiles() throws IOException {
        shards = directory.resolve("shards");
        int row = 0;
        for (int i = 0; i < SHARD_ROWS.length; i++) {
            byte[] data = {};
            for (int k = 0; k < SHARD_ROWS[i]; k++, row++) {
                data = Npy.join(data, Npy.i4(10 * row), Npy.f8(row / 2.0), Npy.i2(row, -row));
            }
            Npy.of(DESCR, "(" + SHARD_ROWS[i] + ",)").write(shards.resolve(i + ".npy"), data);
        }
        grid = Npy.of("'<i4'", "(4, 3)")
                .write(
                        directory.resolve("grid.npy"),
                        Npy.i4(IntStream.range(0, 12).toArray()));
    }

    DataFrameReader reader() {
        return spark.read().format("memmap").option("minPartitions", "7");
    }

    Dataset<Row> table() {
        return reader().load(shards.toString());
    }

    Dataset<Row> elements() {
        return reader().option("layout", "elements").load(grid.toString());
    }

    static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString();
    }

    /** The rows that a query gives, each a tenth of its id. */
    static List<Integer> rows(Dataset<Row> query) {
        return query.select("id").collectAsList().stream()
                .map(row -> row.getInt(0) / 10)
                .toList();
    }

    static List<Integer> range(int start, int end) {
        return IntStream.range(start, end).boxed().toList();
    }
}
