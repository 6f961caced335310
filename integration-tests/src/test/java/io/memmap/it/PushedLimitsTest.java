package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LIMIT and OFFSET in the source of a query, and the number of rows that Spark expects of it. */
class PushedLimitsTest extends ShardedTable {
    private static Statistics statistics(Dataset<Row> query) {
        return query.queryExecution().optimizedPlan().collectLeaves().head().stats();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 15, 26, 27, 28, 1000})
    void limitsOverManyPartitionsAndShards(int limit) {
        Dataset<Row> query = table().limit(limit);
        assertThat(rows(query)).isEqualTo(range(0, Math.min(limit, ROWS)));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "3, 5", "9, 3", "10, 5", "14, 20", "26, 1", "27, 4", "40, 4"})
    void offsetsAndLimitsOverManyPartitionsAndShards(int offset, int limit) {
        Dataset<Row> both = table().offset(offset).limit(limit);
        assertThat(rows(both)).isEqualTo(range(Math.min(offset, ROWS), Math.min(offset + limit, ROWS)));
        Dataset<Row> reversed = table().limit(limit).offset(offset);
        assertThat(rows(reversed)).isEqualTo(range(Math.min(offset, Math.min(limit, ROWS)), Math.min(limit, ROWS)));
        assertThat(rows(table().offset(offset))).isEqualTo(range(Math.min(offset, ROWS), ROWS));
    }

    @Test
    void showsAPushedLimitInThePlan() {
        Dataset<Row> query = table().where("_row >= 8").limit(5);
        assertThat(plan(query)).contains("5 rows selected in [8, 13)").contains("pushed [_row >= 8, limit 5]");
        assertThat(rows(query)).isEqualTo(range(8, 13));
    }

    @Test
    void limitsAfterWhatSparkFilters() {
        assertThat(rows(table().where("id % 20 = 0").limit(4))).containsExactly(0, 2, 4, 6);
        assertThat(rows(table().where("id % 20 = 0 AND _row >= 8").offset(1).limit(3)))
                .containsExactly(10, 12, 14);
    }

    @Test
    void countsElementsForLimitsAndPushesPredicatesOnTheFirstAxis() {
        Dataset<Row> query = elements().where("i0 >= 1 AND i0 < 3");
        assertThat(query.collectAsList())
                .containsExactly(
                        RowFactory.create(1L, 0L, 3),
                        RowFactory.create(1L, 1L, 4),
                        RowFactory.create(1L, 2L, 5),
                        RowFactory.create(2L, 0L, 6),
                        RowFactory.create(2L, 1L, 7),
                        RowFactory.create(2L, 2L, 8));
        assertThat(plan(query)).doesNotContainPattern("\\bFilter\\b").contains("6 rows selected in [1, 3)");
        assertThat(elements().limit(4).select("value", "_row").collectAsList())
                .containsExactly(
                        RowFactory.create(0, 0L),
                        RowFactory.create(1, 0L),
                        RowFactory.create(2, 0L),
                        RowFactory.create(3, 1L));
        assertThat(elements().where("_row = 2 AND i1 = 1").collectAsList())
                .containsExactly(RowFactory.create(2L, 1L, 7));
        assertThat(elements().offset(7).limit(2).select("value").collectAsList())
                .containsExactly(RowFactory.create(7), RowFactory.create(8));
    }

    @Test
    void tellsHowManyRowsAreLeft() {
        assertThat(statistics(table()).rowCount().get().toString()).isEqualTo("27");
        Statistics some = statistics(table().where("_row BETWEEN 5 AND 14").select("v"));
        assertThat(some.rowCount().get().toString()).isEqualTo("10");
        assertThat(some.sizeInBytes().toLong())
                .isLessThan(statistics(table()).sizeInBytes().toLong());
        assertThat(statistics(elements()).rowCount().get().toString()).isEqualTo("12");
        assertThat(statistics(elements().where("i0 = 1")).rowCount().get().toString())
                .isEqualTo("3");
    }
}
