package io.memmap.it;

import static io.memmap.it.SavedFiles.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memmap.spark.failure.MemmapException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which exceptions users get, from the driver and from tasks. Messages belong to the tests of what is refused. */
class FailureTest {
    @TempDir
    private Path directory;

    private SqlSession session;
    private SparkSession spark;

    @BeforeEach
    void makeArrays() throws IOException {
        session = new SqlSession(directory);
        spark = session.spark();
        Npy.of("'<i8'", "(3,)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3));
        Npy.of("'|u1'", "(3,)").write(directory.resolve("small.npy"), Npy.i1(1, 2, 3));
        Npy.of("'<i8'", "(3,)").write(directory.resolve("huge.npy"), Npy.i8(Long.MAX_VALUE, Long.MAX_VALUE, 1));
        Npy.of("'<M8[s]'", "(3,)").write(directory.resolve("late.npy"), Npy.i8(1, Long.MAX_VALUE, 3));
        Files.write(directory.resolve("raw.dat"), new byte[24]);
        Files.write(directory.resolve("broken.npy"), "\u0093NUMPY\1\0\1\0 \n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private static MemmapException ofDriver(ThrowingCallable work) {
        Throwable thrown = catchThrowable(work);
        assertThat(thrown).isInstanceOf(MemmapException.class);
        assertThat(thrown.getMessage()).startsWith("Cannot ").doesNotContain("\n");
        return (MemmapException) thrown;
    }

    /** Spark 3.5 wraps what a task throws; Spark 4 hands over what has a condition. */
    private MemmapException wrappedBySpark3(ThrowingCallable work) {
        if (session.isSpark4()) {
            return ofDriver(work);
        }
        Throwable thrown = catchThrowable(work);
        assertThat(thrown).isInstanceOf(SparkException.class).hasMessageContaining("Cannot ");
        return ofDriver(() -> {
            throw thrown.getCause();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.npy    |                        | MEMMAP_FILE_NOT_FOUND",
                "none*.npy   |                        | MEMMAP_FILE_NOT_FOUND",
                "none/x.npy  |                        | MEMMAP_FILE_NOT_FOUND",
                "raw.dat     |                        | MEMMAP_UNDESCRIBED_FILE",
                "raw.dat     | dtype=banana           | MEMMAP_BAD_ARGUMENT",
                "raw.dat     | dtype=<f8,shape=4      | MEMMAP_IO_ERROR",
                "raw.dat     | dtype=<f8,shape=x      | MEMMAP_BAD_ARGUMENT",
                "x.npy       | dtyp=<f8               | MEMMAP_BAD_ARGUMENT",
                "x.npy       | mergeSchema=true       | MEMMAP_BAD_ARGUMENT",
                "x.npy       | maxRecordsPerFile=1    | MEMMAP_BAD_ARGUMENT",
                "broken.npy  |                        | MEMMAP_BAD_FILE",
            })
    void aReadThatIsRefusedSaysItsCondition(String name, String options, String condition) {
        var reader = spark.read().format("memmap");
        if (options != null) {
            for (String option : options.split(",")) {
                reader.option(option.split("=")[0], option.split("=")[1]);
            }
        }
        assertThat(ofDriver(() -> reader.load(directory.resolve(name).toString()))
                        .getCondition())
                .isEqualTo(condition);
    }

    @Test
    void theCauseIsThePlainException() {
        MemmapException thrown = ofDriver(() -> read(spark, directory.resolve("none.npy")));
        assertThat(thrown)
                .hasMessage("Cannot read " + directory.resolve("none.npy") + ": no such file or directory")
                .hasCauseInstanceOf(FileNotFoundException.class);
        assertThat(thrown.getSqlState()).isEqualTo("42K03");
        assertThat(thrown.getErrorClass()).isEqualTo("MEMMAP_FILE_NOT_FOUND");
        assertThat(thrown.isInternalError()).isFalse();
        assertThat(thrown.getMessageParameters()).isEmpty();
        assertThat(thrown.getQueryContext()).isEmpty();
    }

    /** The table is the file that it was when it was named, until Spark plans a query. */
    @Test
    void aFileThatIsGoneWhenAQueryIsPlanned() throws IOException {
        Dataset<Row> rows = read(spark, directory.resolve("x.npy"));
        Files.delete(directory.resolve("x.npy"));
        assertThat(ofDriver(rows::collectAsList).getCondition()).isEqualTo("MEMMAP_FILE_NOT_FOUND");
        assertThat(ofDriver(rows::count).getCondition()).isEqualTo("MEMMAP_FILE_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM memmap.`@/raw.dat`                                    | MEMMAP_UNDESCRIBED_FILE",
                "SELECT * FROM memmap.`@/broken.npy`                                 | MEMMAP_BAD_FILE",
                "SHOW TABLES IN memmap.`@/none`                                      | MEMMAP_FILE_NOT_FOUND",
                "DROP TABLE memmap.`@/x.npy`                                         | MEMMAP_UNSUPPORTED",
                "ALTER TABLE memmap.`@/x.npy` RENAME TO memmap.`@/y.npy`             | MEMMAP_UNSUPPORTED",
                "CREATE TABLE memmap.`@/y.npy` (value BIGINT) COMMENT 'c'            | MEMMAP_BAD_ARGUMENT",
                "CREATE TABLE memmap.`@/y.npy` (value BIGINT COMMENT 'c')            | MEMMAP_BAD_ARGUMENT",
                "CREATE TABLE memmap.`@/y.npy` (value BIGINT) TBLPROPERTIES ('x'='') | MEMMAP_BAD_ARGUMENT",
                "CREATE TABLE memmap.`@/y.npy` (value MAP<INT, INT>)                 | MEMMAP_BAD_ARGUMENT",
                "CREATE TABLE memmap.`@/y.npy` AS SELECT map(1, 2) AS value          | MEMMAP_BAD_ARGUMENT",
                "DELETE FROM memmap.`@/x.npy` WHERE value = 1                        | MEMMAP_UNSUPPORTED",
            })
    void aStatementThatIsRefusedSaysItsCondition(String statement, String condition) {
        assertThat(ofDriver(() -> session.sql(statement)).getCondition()).isEqualTo(condition);
    }

    @Test
    void aTableThatIsAlteredSaysItsCondition() {
        assertThat(wrappedBySpark3(() -> session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('a'='b')"))
                        .getCondition())
                .isEqualTo("MEMMAP_UNSUPPORTED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE memmap.`@/x.npy` (value BIGINT)",
                "REPLACE TABLE memmap.`@/y.npy` AS SELECT 1L AS value",
                "INSERT INTO memmap.`@/x.npy` SELECT 1L, 2L",
                "SELECT banana FROM memmap.`@/x.npy`"
            })
    void whatSparkSaysItselfItStillSays(String statement) {
        assertThatThrownBy(() -> session.sql(statement)).isInstanceOf(AnalysisException.class);
    }

    @Test
    void aCatalogOfABadOption() {
        spark.conf().set("spark.sql.catalog.bad", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.bad.dtyp", "<f8");
        assertThat(ofDriver(() -> session.sql("SELECT * FROM bad.`@/x.npy`")).getCondition())
                .isEqualTo("MEMMAP_BAD_ARGUMENT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.npy | errorifexists | id AS value          |                    | MEMMAP_FILE_EXISTS",
                "y.npy | errorifexists | map(1, id) AS value  |                    | MEMMAP_BAD_ARGUMENT",
                "y.npy | overwrite     | id AS value          | order=banana       | MEMMAP_BAD_ARGUMENT",
                "x.npy | append        | CAST(id AS INT) AS v | overflow=banana    | MEMMAP_BAD_ARGUMENT",
                "x.npy | append        | id AS v              | rowColumn=none     | MEMMAP_BAD_ARGUMENT",
                "x.npy | overwrite     | id AS v              | output=directory   | MEMMAP_IO_ERROR",
            })
    void aWriteThatIsRefusedSaysItsCondition(String name, String mode, String column, String option, String condition) {
        var writer = spark.range(3).selectExpr(column).write().format("memmap").mode(mode);
        if (option != null) {
            writer.option(option.split("=")[0], option.split("=")[1]);
        }
        assertThat(ofDriver(() -> writer.save(directory.resolve(name).toString()))
                        .getCondition())
                .isEqualTo(condition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM memmap.`@/late.npy`                                             | MEMMAP_BAD_VALUE",
                "SELECT sum(value) FROM memmap.`@/huge.npy`                                    | MEMMAP_BAD_VALUE",
                "SELECT _file, sum(value) FROM memmap.`@/huge.npy` GROUP BY _file              | MEMMAP_BAD_VALUE",
                "INSERT INTO memmap.`@/small.npy` SELECT 300                                   | MEMMAP_BAD_VALUE",
                "CREATE TABLE memmap.`@/y.npy` AS SELECT IF(id = 1, NULL, id) AS value FROM range(3) | MEMMAP_BAD_VALUE",
                "UPDATE memmap.`@/small.npy` SET value = 300                                   | MEMMAP_BAD_VALUE",
                "MERGE INTO memmap.`@/small.npy` t USING (SELECT 9 k) s ON t.value = s.k "
                        + "WHEN NOT MATCHED THEN INSERT (value) VALUES (300)                   | MEMMAP_BAD_VALUE",
            })
    void aTaskThatFailsSaysItsCondition(String statement, String condition) {
        assertThat(wrappedBySpark3(() -> session.sql(statement)).getCondition()).isEqualTo(condition);
    }

    @Test
    void aTaskThatWritesByPathFails() {
        Dataset<Row> rows = spark.range(3).selectExpr("IF(id = 1, 300, id) AS value");
        MemmapException thrown = wrappedBySpark3(() -> rows.write()
                .format("memmap")
                .option("dtype", "u1")
                .save(directory.resolve("y.npy").toString()));
        assertThat(thrown.getCondition()).isEqualTo("MEMMAP_BAD_VALUE");
        assertThat(thrown.getMessage()).contains("300", "column 'value'");
    }

    /** The exception of the query is not this source's. */
    @Test
    void aQueryThatFailsWhileItIsSavedKeepsItsException() {
        Dataset<Row> rows = spark.range(3).selectExpr("assert_true(id < 2, 'too many') AS value", "id");
        Throwable thrown = catchThrowable(() -> rows.select("id")
                .where("value IS NULL")
                .write()
                .format("memmap")
                .save(directory + "/y.npy"));
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause).isNotInstanceOf(MemmapException.class);
        }
        assertThat(thrown).hasStackTraceContaining("too many");
    }
}
