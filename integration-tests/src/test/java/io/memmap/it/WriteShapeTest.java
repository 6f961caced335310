package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape that a write gets: what {@code shape} says, or what the rows say, and never another. */
class WriteShapeTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private DataFrameWriter<Row> numbers(int count) {
        return spark.range(0, count, 1, 2).selectExpr("id AS value").write().format("memmap");
    }

    private Dataset<Row> arrays(int count) {
        return spark.range(0, count, 1, 2).selectExpr("array(1.5D, 2D, id) AS v");
    }

    private Dataset<Row> readArrays(Path target) {
        return spark.read()
                .format("memmap")
                .option("layout", "array")
                .load(target.toString())
                .toDF("v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.npy", "x.dat"})
    void noRowsMakeNoLengthsOfArrays(String name) {
        String target = directory.resolve(name).toString();
        assertThatThrownBy(() -> arrays(0).write().format("memmap").save(target))
                .hasStackTraceContaining(
                        "Cannot write " + target + ": the DataFrame has no rows that tell the lengths of its"
                                + " ARRAYs, expected the option shape with one for each, as in shape=-1,768, or columnDtypes with them"
                                + " for a record, as in columnDtypes=\"v ('<f8', (3,))\"");
        assertThatThrownBy(() -> arrays(0)
                        .selectExpr("1 AS id", "v")
                        .write()
                        .format("memmap")
                        .save(target))
                .hasStackTraceContaining("as in columnDtypes=\"v ('<f8', (3,))\"");
        assertThat(directory).isEmptyDirectory();
        arrays(0).write().format("memmap").option("shape", "-1,3").save(target);
        arrays(2).write().format("memmap").mode("append").save(target);
        assertThat(readArrays(directory.resolve(name)).selectExpr("v[1]").collectAsList())
                .containsExactly(RowFactory.create(2.0), RowFactory.create(2.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.npy", "x.dat"})
    void noRowsLeaveTheLengthsOfAnArrayThatIsThere(String name) throws IOException {
        Path target = directory.resolve(name);
        arrays(2).write().format("memmap").save(target.toString());
        arrays(0).write().format("memmap").mode("append").save(target.toString());
        arrays(1).write().format("memmap").mode("append").save(target.toString());
        assertThat(readArrays(target).selectExpr("size(v)").collectAsList())
                .containsExactly(RowFactory.create(3), RowFactory.create(3), RowFactory.create(3));
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() ->
                        arrays(0).write().format("memmap").mode("overwrite").save(target.toString()))
                .hasStackTraceContaining("the DataFrame has no rows that tell the lengths of its ARRAYs");
        assertThat(everything(directory)).isEqualTo(before);
    }

    @Test
    void aStatementWithoutRowsKeepsTheLengthsOfATable() {
        SqlSession session = new SqlSession(directory);
        arrays(2).write().format("memmap").save(directory.resolve("x").toString());
        session.sql("INSERT OVERWRITE memmap.`@/x` SELECT v FROM memmap.`@/x` WHERE size(v) > 3");
        session.sql("INSERT INTO memmap.`@/x` VALUES (array(7D, 8D, 9D))");
        assertThat(session.value("SELECT v[2] FROM memmap.`@/x`")).isEqualTo(9.0);
        assertThatThrownBy(
                        () -> session.sql("CREATE TABLE memmap.`@/y` AS SELECT v FROM memmap.`@/x` WHERE size(v) > 3"))
                .hasStackTraceContaining("the DataFrame has no rows that tell the lengths of its ARRAYs");
        assertThat(directory.resolve("y")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            x     | 5 | 4     | (4,): the array would have 5 rows, expected 4
            x.npy | 5 | 9     | (9,): the array would have 5 rows, expected 9
            x.npy | 5 | 9,1   | (9, 1): the array would have 5 rows, expected 9
            x.dat | 5 | (6,)  | (6,): the array would have 5 rows, expected 6
            x.dat | 0 | 1     | (1,): the array would have 0 rows, expected 1
            x     | 1 | 0     | (0,): the array would have 1 rows, expected 0
            """)
    void aNumberOfRowsThatIsNotMetIsAnError(String name, int rows, String shape, String message) throws IOException {
        Path target = directory.resolve(name);
        assertThatThrownBy(() -> numbers(rows).option("shape", shape).save(target.toString()))
                .hasStackTraceContaining("Cannot write " + target + " with shape=" + message
                        + "; set its first number to -1 to take all rows");
        assertThat(directory).isEmptyDirectory();
        numbers(3).save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() ->
                        numbers(rows).option("shape", shape).mode("overwrite").save(target.toString()))
                .hasStackTraceContaining("with shape=" + message);
        assertThat(everything(directory)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.npy", "x.dat"})
    void anAppendMeetsTheNumberOfAllRows(String name) throws IOException {
        Path target = directory.resolve(name);
        numbers(5).option("shape", "5").save(target.toString());
        numbers(4).option("shape", "9").mode("append").save(target.toString());
        numbers(1).option("shape", "-1").mode("append").save(target.toString());
        Map<String, List<Byte>> before = everything(directory);
        assertThatThrownBy(() -> numbers(4).option("shape", "4").mode("append").save(target.toString()))
                .hasStackTraceContaining(
                        "Cannot write " + target + " with shape=(4,): the array would have 14 rows, 10 of"
                                + " them from before this write, expected 4; set its first number to -1 to take all rows");
        assertThatThrownBy(() -> numbers(4).option("shape", "()").mode("append").save(target.toString()))
                .hasStackTraceContaining("the option shape=() was given, but the array that is there says shape (10,)");
        assertThat(everything(directory)).isEqualTo(before);
    }

    @Test
    void anUpdateHasAsManyRowsAsTheFile() {
        Path target = directory.resolve("x.npy");
        numbers(3).save(target.toString());
        Dataset<Row> row = spark.sql("SELECT 1 AS row, 10L AS value");
        row.write()
                .format("memmap")
                .mode("append")
                .option("rowColumn", "row")
                .option("update", true)
                .option("shape", "3")
                .save(target.toString());
        assertThat(SavedFiles.readLongs(spark, target)).containsExactly(0, 10, 2);
        assertThatThrownBy(() -> row.write()
                        .format("memmap")
                        .mode("append")
                        .option("rowColumn", "row")
                        .option("update", true)
                        .option("shape", "2")
                        .save(target.toString()))
                .hasStackTraceContaining(
                        "the option shape=(2,) was given, but the array that is there says shape (3,)");
    }

    @Test
    void aTableThatIsCreatedOrFilledMeetsItToo() {
        SqlSession session = new SqlSession(directory);
        for (String name : List.of("x", "x.npy", "x.dat")) {
            assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/" + name
                            + "` TBLPROPERTIES ('shape'='4') AS SELECT id AS value FROM range(5)"))
                    .hasStackTraceContaining("with shape=(4,): the array would have 5 rows, expected 4");
        }
        assertThat(directory).isEmptyDirectory();
        session.sql("CREATE TABLE memmap.`@/x.npy` TBLPROPERTIES ('shape'='5') AS SELECT id AS value FROM range(5)");
        assertThat(session.value("SELECT count(*) FROM memmap.`@/x.npy`")).isEqualTo(5L);
    }
}
