package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Saves with {@code layout=sideBySide}, after which nothing hidden or open is left. */
abstract class SideBySideWrites {
    @TempDir
    Path directory;

    SqlSession session;
    Path run;
    final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void open() {
        session = new SqlSession(directory);
        run = directory.resolve("run");
    }

    @AfterEach
    void nothingIsLeftOver() throws IOException {
        OpenFiles.assertNoneBelow(directory);
        assertThat(SavedFiles.names(directory)).noneMatch(name -> name.startsWith("."));
    }

    Dataset<Row> rows(long from, long to, int partitions) {
        return spark.range(from, to, 1, partitions)
                .selectExpr(
                        "id",
                        "array(CAST(id AS FLOAT), 0.5F) AS emb",
                        "concat('n', CAST(id % 10 AS STRING)) AS name",
                        "named_struct('a', CAST(id AS INT), 'b', id % 2 = 0) AS s");
    }

    static DataFrameWriter<Row> writer(Dataset<Row> rows, String... options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").option("layout", "sideBySide");
        for (String option : options) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    Dataset<Row> read(Path path) {
        return spark.read().format("memmap").load(path.toString());
    }

    void assertRows(long count) {
        assertThat(read(run).count()).isEqualTo(count);
        assertThat(read(run)
                        .where("id = _row AND emb[0] = id AND s.a = id AND name = concat('n', CAST(id % 10 AS STRING))")
                        .count())
                .isEqualTo(count);
    }
}
