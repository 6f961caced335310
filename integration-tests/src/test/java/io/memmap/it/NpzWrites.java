package io.memmap.it;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Saves to {@code x.npz}. */
abstract class NpzWrites extends Saves {
    static final String COLUMNS =
            """
            CAST(id AS INT) AS id,
            id * 0.5D AS x,
            array(CAST(id AS FLOAT), CAST(-id AS FLOAT), 0.25F) AS emb,
            concat('n', CAST(id % 100 AS STRING)) AS name,
            named_struct('a', CAST(id % 1000 AS SMALLINT), 'b', id % 2 = 0) AS s,
            DATE'2026-01-01' + CAST(id % 365 AS INT) AS day,
            id % 3 = 0 AS flag""";

    Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions).selectExpr(COLUMNS.split(",\n"));
    }
}
