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

/** Saves to {@code x.npz}, after which nothing hidden or open is left. */
abstract class NpzWrites {
    static final String COLUMNS =
            """
            CAST(id AS INT) AS id,
            id * 0.5D AS x,
            array(CAST(id AS FLOAT), CAST(-id AS FLOAT), 0.25F) AS emb,
            concat('n', CAST(id % 100 AS STRING)) AS name,
            named_struct('a', CAST(id % 1000 AS SMALLINT), 'b', id % 2 = 0) AS s,
            DATE'2026-01-01' + CAST(id % 365 AS INT) AS day,
            id % 3 = 0 AS flag""";

    @TempDir
    Path directory;

    SqlSession session;
    final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void open() {
        session = new SqlSession(directory);
    }

    @AfterEach
    void nothingIsLeftOver() throws IOException {
        OpenFiles.assertNoneBelow(directory);
        assertThat(SavedFiles.names(directory)).noneMatch(name -> name.startsWith("."));
    }

    Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions).selectExpr(COLUMNS.split(",\n"));
    }

    static DataFrameWriter<Row> writer(Dataset<Row> rows, String... options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap");
        for (String option : options) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    Dataset<Row> read(Path file) {
        return spark.read().format("memmap").load(file.toString());
    }
}
