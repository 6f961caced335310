package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;

/** Saves with {@code layout=sideBySide}. */
abstract class SideBySideWrites extends Saves {
    Path run;

    @BeforeEach
    void open() {
        run = directory.resolve("run");
    }

    Dataset<Row> rows(long from, long to, int partitions) {
        return spark.range(from, to, 1, partitions)
                .selectExpr(
                        "id",
                        "array(CAST(id AS FLOAT), 0.5F) AS emb",
                        "concat('n', CAST(id % 10 AS STRING)) AS name",
                        "named_struct('a', CAST(id AS INT), 'b', id % 2 = 0) AS s");
    }

    static DataFrameWriter<Row> sideBySide(Dataset<Row> rows, String... options) {
        return writer(
                rows,
                Stream.concat(Stream.of("layout=sideBySide"), Stream.of(options))
                        .toArray(String[]::new));
    }

    void assertRows(long count) {
        assertThat(read(run).count()).isEqualTo(count);
        assertThat(read(run)
                        .where("id = _row AND emb[0] = id AND s.a = id AND name = concat('n', CAST(id % 10 AS STRING))")
                        .count())
                .isEqualTo(count);
    }
}
