package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New arrays of rows that come in no order, each with its index; every expected byte is reckoned here. */
class WriteByRowTest {
    private static final int ROWS = 100;
    private static final int HEAD = 128;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    /** All rows but each fifth, from 3 on, in 7 partitions that follow no order. */
    private Dataset<Row> shuffled(String... columns) {
        return spark.range(0, ROWS, 1, 3)
                .where("id % 5 <> 3")
                .orderBy(functions.expr("id * 37 % 101"))
                .repartition(7, functions.expr("id * 7919 % 10007"))
                .selectExpr(columns);
    }

    private static boolean isMissing(long row) {
        return row % 5 == 3;
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows, String shape) {
        return rows.write().format("memmap").option("rowColumn", "row").option("shape", shape);
    }

    /** What is behind the header, where there is one. */
    private byte[] data(String name) throws IOException {
        byte[] all = Files.readAllBytes(directory.resolve(name));
        return name.endsWith(".npy") ? Arrays.copyOfRange(all, HEAD, all.length) : all;
    }

    private void assertHeader(String name, String order, String shape) throws IOException {
        if (name.endsWith(".npy")) {
            assertThat(SavedFiles.header(directory.resolve(name)))
                    .contains("'fortran_order': " + (order.equals("F") ? "True" : "False"))
                    .contains("'shape': " + shape);
        }
    }

    private List<Row> readBack(String name) {
        return SavedFiles.read(spark, directory.resolve(name))
                .where("_row IN (41, 43)")
                .orderBy("_row")
                .collectAsList();
    }

    private static byte[] bytes(int nbytes, Consumer<ByteBuffer> writer) {
        ByteBuffer bytes = ByteBuffer.allocate(nbytes).order(ByteOrder.LITTLE_ENDIAN);
        writer.accept(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.array();
    }

    private static void eachRow(LongConsumer consumer) {
        for (long row = 0; row < ROWS; row++) {
            consumer.accept(row);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x.npy,C,BIGINT,-1",
        "x.npy,F,INT,",
        "x.dat,C,SMALLINT,",
        "x.dat,F,TINYINT,-1",
    })
    void fillsOneAxis(String name, String order, String indexType, Long fill) throws IOException {
        DataFrameWriter<Row> writer = writer(
                        shuffled("CAST(id AS " + indexType + ") AS row", "id * 10 AS value"), "" + ROWS)
                .option("order", order);
        (fill == null ? writer : writer.option("fillValue", fill)).save("" + directory.resolve(name));
        long missing = fill == null ? 0 : fill;
        assertThat(data(name))
                .isEqualTo(bytes(8 * ROWS, all -> eachRow(row -> all.putLong(isMissing(row) ? missing : row * 10))));
        assertThat(readBack(name)).containsExactly(RowFactory.create(410L), RowFactory.create(missing));
        assertThat(names(directory))
                .isEqualTo(name.equals("x.npy") ? List.of(name) : List.of(name, "x.dat.memmap.json"));
    }

    @ParameterizedTest
    @CsvSource({"x.npy,C,-1", "x.npy,F,-1", "x.dat,C,", "x.dat,F,"})
    void fillsColumns(String name, String order, Integer fill) throws IOException {
        DataFrameWriter<Row> writer = writer(
                        shuffled("CAST(id AS INT) AS a", "CAST(-id AS INT) AS b", "id AS row", "7 AS c"), ROWS + ",3")
                .option("order", order);
        (fill == null ? writer : writer.option("fillValue", fill)).save("" + directory.resolve(name));
        int missing = fill == null ? 0 : fill;
        int[][] columns = new int[3][ROWS];
        for (int row = 0; row < ROWS; row++) {
            columns[0][row] = isMissing(row) ? missing : row;
            columns[1][row] = isMissing(row) ? missing : -row;
            columns[2][row] = isMissing(row) ? missing : 7;
        }
        byte[] expected = bytes(12 * ROWS, all -> {
            for (int i = 0; i < 3 * ROWS; i++) {
                all.putInt(order.equals("C") ? columns[i % 3][i / 3] : columns[i / ROWS][i % ROWS]);
            }
        });
        assertThat(data(name)).isEqualTo(expected);
        assertHeader(name, order, "(100, 3)");
        assertThat(readBack(name))
                .containsExactly(RowFactory.create(41, -41, 7), RowFactory.create(missing, missing, missing));
    }

    @Test
    void fillsEachColumnWithItsOwnValue() throws IOException {
        writer(shuffled("id AS row", "CAST(id AS INT) AS a", "1 AS b"), ROWS + ",2")
                .option("fillValue", "a=-1, b=-2")
                .save("" + directory.resolve("x.npy"));
        assertThat(data("x.npy"))
                .isEqualTo(bytes(
                        8 * ROWS,
                        all -> eachRow(row ->
                                all.putInt(isMissing(row) ? -1 : (int) row).putInt(isMissing(row) ? -2 : 1))));
    }

    @ParameterizedTest
    @CsvSource({"x.npy,C", "x.npy,F", "x.dat,C", "x.dat,F"})
    void fillsRecords(String name, String order) throws IOException {
        writer(shuffled("CAST(id AS SMALLINT) AS a", "id AS row", "id / 4D AS b"), "" + ROWS)
                .option("order", order)
                .option("fillValue", "a=-1")
                .save("" + directory.resolve(name));
        assertThat(data(name))
                .isEqualTo(bytes(
                        10 * ROWS,
                        all -> eachRow(row -> all.putShort((short) (isMissing(row) ? -1 : row))
                                .putDouble(isMissing(row) ? 0 : row / 4D))));
        assertThat(readBack(name))
                .containsExactly(RowFactory.create((short) 41, 10.25), RowFactory.create((short) -1, 0D));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "F"})
    void fillsArraysInsideEachOther(String order) throws IOException {
        String row = "array(array(id, id + 1000), array(id + 2000, id + 3000))";
        writer(shuffled("id AS row", row + " AS v"), ROWS + ",2,2")
                .option("order", order)
                .option("fillValue", "-1")
                .save("" + directory.resolve("x.npy"));
        byte[] expected = bytes(4 * 8 * ROWS, all -> {
            for (int i = 0; i < 4 * ROWS; i++) {
                int at = order.equals("C") ? i / 4 : i % ROWS;
                // In Fortran order the first axis runs fastest: v[0][0], v[1][0], v[0][1], v[1][1].
                int element = order.equals("C") ? i % 4 : new int[] {0, 2, 1, 3}[i / ROWS];
                all.putLong(isMissing(at) ? -1 : at + 1000L * element);
            }
        });
        assertThat(data("x.npy")).isEqualTo(expected);
        assertHeader("x.npy", order, "(100, 2, 2)");
    }

    /** The lengths that the refusal of a record without them asks for. */
    @Test
    void fillsARecordWithAnArrayOfGivenLength() throws IOException {
        writer(shuffled("id AS row", "CAST(id AS INT) AS k", "array(id, -id, 7L) AS v"), "" + ROWS)
                .option("columnDtypes", "v ('<i8', (3,))")
                .save("" + directory.resolve("x.dat"));
        byte[] expected = bytes(
                28 * ROWS,
                all -> eachRow(row -> {
                    long there = isMissing(row) ? 0 : 1;
                    all.putInt((int) (there * row)).putLong(there * row).putLong(-there * row);
                    all.putLong(there * 7);
                }));
        assertThat(data("x.dat")).isEqualTo(expected);
    }

    @Test
    void aWriteOfNoRowsIsAllFill() throws IOException {
        writer(shuffled("id AS row", "id AS value").where("row < 0"), "3")
                .option("fillValue", "9")
                .save("" + directory.resolve("x.npy"));
        assertThat(data("x.npy")).isEqualTo(Npy.i8(9, 9, 9));
        writer(shuffled("id AS row", "id AS value").where("row < 0"), "0").save("" + directory.resolve("none.npy"));
        assertThat(data("none.npy")).isEmpty();
        assertHeader("none.npy", "C", "(0,)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my.row", "a`b", "Zeile 1"})
    void theColumnOfTheIndexMayHaveAnyName(String name) throws IOException {
        writer(shuffled("id AS `" + name.replace("`", "``") + "`", "id AS value"), "" + ROWS)
                .option("rowColumn", name.toUpperCase(Locale.ROOT))
                .save("" + directory.resolve("x.npy"));
        assertThat(data("x.npy"))
                .isEqualTo(bytes(8 * ROWS, all -> eachRow(row -> all.putLong(isMissing(row) ? 0 : row))));
    }

    /** Whatever the user's own partitions are: a task that wrote all over the file would miss an index that comes twice. */
    @Test
    void sparkSortsTheRowsByRanges() throws Exception {
        SparkSession own = spark.newSession();
        List<String> plans = new CopyOnWriteArrayList<>();
        own.listenerManager().register(new QueryExecutionListener() {
            @Override
            public void onSuccess(String function, QueryExecution query, long nanos) {
                plans.add(query.executedPlan().toString());
            }

            @Override
            public void onFailure(String function, QueryExecution query, Exception error) {
                plans.add(error.toString());
            }
        });
        writer(own.range(0, ROWS, 1, 7).selectExpr("id * 37 % 100 AS row", "id AS value"), "" + ROWS)
                .save("" + directory.resolve("x.npy"));
        own.sparkContext().listenerBus().waitUntilEmpty();
        assertThat(plans).anySatisfy(plan -> assertThat(plan)
                .startsWith("AppendData ")
                .containsPattern("Sort \\[row#\\d+L? ASC NULLS FIRST], false")
                .containsPattern("Exchange rangepartitioning\\(row#\\d+L? ASC NULLS FIRST, "));
    }
}
