package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables of memmaps under spark-testing-base, as its users compare them: in a Spark context of that library, from JUnit
 * 5, without ScalaTest.
 */
class TestingBaseTest extends JavaDataFrameSuiteBase {

    private static final String SCHEMA = "id INT, v DOUBLE";

    @TempDir
    Path directory;

    @BeforeAll
    static void makeRoomForAnotherContext() {
        SharedSpark.stop();
    }

    @BeforeEach
    void start() {
        runBefore();
    }

    @AfterAll
    static void stop() {
        runAfterClass();
    }

    @Override
    public boolean enableHiveSupport() {
        return false;
    }

    private Dataset<Row> memmap() throws IOException {
        Path file = Npy.of("[('id', '<i4'), ('v', '<f8')]", "(3,)")
                .write(
                        directory.resolve("x.npy"),
                        Npy.join(Npy.i4(1), Npy.f8(0.5), Npy.i4(2), Npy.f8(1.5), Npy.i4(3), Npy.f8(2.5)));
        return spark().read().format("memmap").schema(SCHEMA).load(file.toString());
    }

    private Dataset<Row> expected(double last) {
        return spark().read()
                .schema(SCHEMA)
                .json(spark().createDataset(
                                List.of(
                                        "{\"id\": 1, \"v\": 0.5}",
                                        "{\"id\": 2, \"v\": 1.5}",
                                        "{\"id\": 3, \"v\": " + last + "}"),
                                Encoders.STRING()));
    }

    @Test
    @SuppressWarnings("deprecation") // the newer form is in the artifact for Spark 3.5 only
    void comparesAMemmapWithADataFrame() throws IOException {
        assertEquals(expected(2.5).schema().simpleString(), memmap().schema().simpleString());
        assertDataFrameDataEquals(expected(2.5), memmap());
        assertDataFrameNoOrderEquals(
                expected(2.5), memmap().orderBy(functions.col("id").desc()));
        assertDataFrameApproximateEquals(expected(2.5000001), memmap(), 1e-3);
    }

    @Test
    void findsADifference() throws IOException {
        Dataset<Row> memmap = memmap();
        assertThatThrownBy(() -> assertDataFrameDataEquals(expected(2.75), memmap))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void sharesItsContextWithRdds() throws IOException {
        memmap().createOrReplaceTempView("x");
        assertEquals(
                List.of(RowFactory.create(6L, 4.5)),
                spark().sql("SELECT sum(id), sum(v) FROM x").collectAsList());
        assertEquals(3, memmap().javaRDD().map(row -> row.getInt(0)).reduce(Math::max));
        assertEquals(jsc().sc(), spark().sparkContext());
    }
}
