package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is pushed down, the answer is the one that Spark itself gives from the rows, those of this source and those of
 * a Parquet file that the test makes without it: random arrays, conditions, aggregates, LIMIT and OFFSET. {@code -Dmemmap.queries=1000} asks that many questions, {@code -Dmemmap.seed=7} the
 * one of a failure.
 */
class PushedQueriesTest {
    private static final long LONGEST = Integer.getInteger("memmap.queries", 45);

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session().newSession();

    static LongStream seeds() {
        Long one = Long.getLong("memmap.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, LONGEST);
    }

    /** With one partition a scan may give the whole answer, with more Spark merges. */
    static String partitions(long seed) {
        return String.valueOf(1 + seed / 3 % 3);
    }

    private Dataset<Row> query(RandomArray array, boolean pushed, String partitions, String sql) throws IOException {
        String view = pushed ? "pushed" : "unpushed";
        spark.read()
                .format("memmap")
                .options(array.options())
                .option("minPartitions", partitions)
                .option("pushFilters", pushed)
                .option("pushAggregates", pushed)
                .load(array.path())
                // A view has no metadata columns of its own.
                .selectExpr("*", "_row", "_file_row", "_file")
                .createOrReplaceTempView(view);
        return spark.sql(sql.replace("$t", view));
    }

    @ParameterizedTest(name = "-Dmemmap.seed={0}")
    @MethodSource("seeds")
    void givesTheAnswerOfTheRows(long seed) throws IOException {
        RandomArray array = RandomArray.write(directory, seed);
        RandomQuery question = RandomQuery.of(array, seed);
        spark.conf().set("spark.sql.ansi.enabled", String.valueOf(seed % 2 == 0));
        String sql = question.sql();
        String partitions = partitions(seed);
        Dataset<Row> pushed = query(array, true, partitions, sql);
        String plan = pushed.queryExecution().executedPlan().toString();
        String context = sql + " of " + array + "\n" + plan;
        if (!plan.contains("LocalTableScan <empty>")) {
            // Else Spark saw that no row can fit.
            assertThat(plan).as(context).containsPattern(question.inPlan()).doesNotContainPattern("\\bFilter\\b");
        }

        List<Row> found = pushed.collectAsList();
        assertAnswers(question, found, query(array, false, partitions, sql).collectAsList(), context);
        if (question.isPartial()) {
            List<Row> all =
                    query(array, false, partitions, question.withoutLimit()).collectAsList();
            assertThat(texts(all)).as(context).containsAll(texts(found));
        }
        assertAnswers(question, found, parquet(array, seed, sql).collectAsList(), "Parquet: " + context);
    }

    /** The same rows, decoded by the test and read by Spark's own Parquet reader. */
    private Dataset<Row> parquet(RandomArray array, long seed, String sql) {
        String path = directory.resolve("parquet-" + seed).toString();
        spark.createDataFrame(
                        array.rowsWithPositions(),
                        ExpectedRows.schema(array.columns())
                                .add("_row", DataTypes.LongType)
                                .add("_file_row", DataTypes.LongType)
                                .add("_file", DataTypes.StringType))
                .coalesce(1)
                .write()
                .parquet(path);
        spark.read().parquet(path).createOrReplaceTempView("parquet");
        return spark.sql(sql.replace("$t", "parquet"));
    }

    private static void assertAnswers(RandomQuery question, List<Row> found, List<Row> expected, String context) {
        if (question.isAggregate()) {
            assertThat(found).as(context).hasSize(1);
            assertSame(found.get(0), expected.get(0), context);
        } else if (question.isPartial()) {
            assertThat(found).as(context).hasSameSizeAs(expected);
        } else {
            assertThat(texts(found)).as(context).isEqualTo(texts(expected));
        }
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream().map(Row::toString).toList();
    }

    /**
     * Equal to the last bit, but for the sign of a zero, and for averages: Spark adds up BIGINT as DOUBLE, in any order, and
     * rounds where a sum is over 2^53. The floats of {@link RandomArray} are eighths below 250, of which no sum is rounded.
     */
    static void assertSame(Row found, Row expected, String context) {
        for (int i = 0; i < expected.length(); i++) {
            Object one = found.get(i);
            Object other = expected.get(i);
            if (one instanceof Double a && other instanceof Double b && !a.equals(b)) {
                boolean average = expected.schema().fieldNames()[i].startsWith("avg(");
                double tolerance = average && Double.isFinite(b) ? Math.max(1, Math.abs(b)) * 1e-12 : 0;
                assertThat(a.doubleValue() == b || Math.abs(a - b) <= tolerance)
                        .as("column " + i + ": " + a + ", not " + b + " of " + context)
                        .isTrue();
            } else if (one instanceof Float a && other instanceof Float b) {
                assertThat(a == b || a.equals(b))
                        .as("column " + i + ": " + a + ", not " + b + " of " + context)
                        .isTrue();
            } else {
                assertThat(one).as("column " + i + " of " + context).isEqualTo(other);
            }
        }
    }
}
