package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** More columns side by side than a task holds files open, in more rows than it encodes at a time. */
class ManyColumnsTest extends SideBySideWrites {
    private static final int COLUMNS = 300;
    private static final int ROWS = 900;
    private static final AtomicInteger MOST_OPEN = new AtomicInteger();

    private Dataset<Row> columns(String first) {
        String[] all = IntStream.range(0, COLUMNS)
                .mapToObj(i -> switch (i % 5) {
                    case 0 -> i == 0 ? first + " AS v0" : "id * " + i + " AS v" + i;
                    case 1 -> "CAST(id % 100 AS TINYINT) AS v" + i;
                    case 2 -> "CAST(id AS FLOAT) AS v" + i;
                    case 3 -> "CAST(id % 1000 AS STRING) AS v" + i;
                    default -> "array(CAST(id AS SMALLINT), CAST(" + i + " AS SMALLINT), 7S) AS v" + i;
                })
                .toArray(String[]::new);
        return spark.range(0, ROWS, 1, 1).selectExpr(all);
    }

    private void assertAllRows() {
        Dataset<Row> found = read(run);
        assertThat(found.columns()).hasSize(COLUMNS);
        assertThat(found.where("v0 = _row AND v1 = _row % 100 AND v2 = _row AND v3 = CAST(_row % 1000 AS STRING)"
                                + " AND v295 = _row * 295 AND v298 = v3 AND v299[0] = _row AND v299[1] = 299")
                        .count())
                .isEqualTo(ROWS);
    }

    @Test
    void aTaskHoldsFewFilesOpen() throws IOException {
        String below = directory.toString();
        spark.udf()
                .register(
                        "look",
                        (UDF1<Long, Long>) id -> {
                            int open = OpenFiles.handlesBelow(Path.of(below)).size();
                            MOST_OPEN.accumulateAndGet(open, Math::max);
                            return id;
                        },
                        DataTypes.LongType);
        sideBySide(columns("look(id)")).save(run.toString());
        assertThat(MOST_OPEN.get()).isLessThanOrEqualTo(64);
        assertAllRows();
        assertThat(SavedFiles.shards(run.resolve("v299"))).hasSize(1);
        OpenFiles.assertNoneBelow(directory);
    }

    @Test
    void shardsEndWhereTheOptionSays() throws IOException {
        sideBySide(columns("id"), "maxRecordsPerFile=250").save(run.toString());
        assertAllRows();
        for (String column : new String[] {"v0", "v3", "v299"}) {
            assertThat(SavedFiles.shards(run.resolve(column))).hasSize(4);
        }
    }

    @Test
    void aBadValueIsFoundInItsRow() {
        assertThatThrownBy(() -> sideBySide(columns("IF(id = 733, NULL, id)")).save(run.toString()))
                .hasStackTraceContaining("Cannot write row 733 of partition 0, ")
                .hasStackTraceContaining("v0");
        assertThat(run).doesNotExist();
    }
}
