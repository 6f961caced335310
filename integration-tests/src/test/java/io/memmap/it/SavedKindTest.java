package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded, filtered and saved is an array of the same kind. */
class SavedKindTest {

    @TempDir
    private Path directory;

    private SqlSession session;
    private Path matrix;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        matrix = directory.resolve("matrix.npy");
        Npy.of("'<i2'", "(3, 2)").write(matrix, Npy.i2(1, 2, 3, 4, 5, 6));
    }

    private Dataset<Row> read(Path path) {
        return SavedFiles.read(session.spark(), path);
    }

    private static String header(Path npy) throws IOException {
        return SavedFiles.header(npy);
    }

    private static String shard(Path directory) throws IOException {
        return header(directory.resolve(SavedFiles.shards(directory).get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x"})
    void aMatrixStaysAMatrix(String name) throws IOException {
        Path target = directory.resolve(name);
        for (String mode : new String[] {"errorifexists", "overwrite"}) {
            read(matrix)
                    .where("c0 > 1")
                    .coalesce(1)
                    .write()
                    .format("memmap")
                    .mode(mode)
                    .save(target.toString());
            String header = name.equals("x") ? shard(target) : header(target);
            assertThat(header).contains("'descr': '<i2'").contains("'shape': (2, 2)");
        }
        read(matrix)
                .selectExpr("-c1 AS c1", "-c0 AS c0")
                .write()
                .format("memmap")
                .mode("append")
                .save(target.toString());
        assertThat(read(target).orderBy("_row").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[3,4]", "[5,6]", "[-1,-2]", "[-3,-4]", "[-5,-6]");
    }

    @Test
    void aWideMatrixStaysOneWhereItsColumnsAreAskedFor() throws IOException {
        Path wide = directory.resolve("wide.npy");
        Npy.of("'|i1'", "(2, 150)").write(wide, new byte[300]);
        Path target = directory.resolve("x.npy");
        Dataset<Row> columns = session.spark()
                .read()
                .format("memmap")
                .option("layout", "columns")
                .load(wide.toString());
        columns.where("_row = 1").write().format("memmap").save(target.toString());
        assertThat(header(target)).contains("'descr': '|i1'").contains("'shape': (1, 150)");
    }

    @Test
    void layoutColumnsAsksForARecord() throws IOException {
        Path target = directory.resolve("x.npy");
        read(matrix).write().format("memmap").option("layout", "columns").save(target.toString());
        assertThat(header(target)).contains("[('c0', '<i2'), ('c1', '<i2')]").contains("'shape': (3,)");
        read(matrix).where("c0 = 1").write().format("memmap").mode("append").save(target.toString());
        assertThat(header(target)).contains("[('c0', '<i2'), ('c1', '<i2')]").contains("'shape': (4,)");
        read(target).where("c0 = 1").write().format("memmap").save(directory + "/y.npy");
        assertThat(header(directory.resolve("y.npy"))).contains("'shape': (2, 2)");
    }

    @Test
    void oneColumnOfAMatrixIsOneDimensional() throws IOException {
        Path target = directory.resolve("x.npy");
        read(matrix).select("c0").write().format("memmap").save(target.toString());
        assertThat(header(target)).contains("'descr': '<i2'").contains("'shape': (3,)");
    }

    @Test
    void statementsKeepTheKindToo() throws Exception {
        session.sql("CREATE TABLE memmap.`@/x.npy` AS SELECT * FROM memmap.`@/matrix.npy` WHERE c0 > 1");
        assertThat(header(directory.resolve("x.npy"))).contains("'shape': (2, 2)");
        session.sql("INSERT INTO memmap.`@/x.npy` SELECT * FROM memmap.`@/matrix.npy`");
        assertThat(header(directory.resolve("x.npy"))).contains("'shape': (5, 2)");
        session.sql(
                "CREATE TABLE memmap.`@/r.npy` TBLPROPERTIES ('layout'='columns') AS SELECT * FROM memmap.`@/matrix.npy`");
        session.sql("INSERT OVERWRITE memmap.`@/r.npy` SELECT * FROM memmap.`@/matrix.npy` WHERE c0 > 1");
        assertThat(header(directory.resolve("r.npy"))).contains("('c1', '<i2')").contains("'shape': (2,)");
        session.sql("CREATE OR REPLACE TABLE memmap.`@/r.npy` AS SELECT * FROM memmap.`@/matrix.npy` WHERE c0 > 1");
        assertThat(header(directory.resolve("r.npy"))).contains("'shape': (2, 2)");
        session.sql("CREATE TABLE memmap.`@/e.npy` (c0 INT, c1 INT)");
        assertThat(header(directory.resolve("e.npy")))
                .contains("'descr': '<i4'")
                .contains("'shape': (0, 2)");
        read(matrix)
                .where("c0 = 1")
                .writeTo("memmap.`" + directory + "/v2.npy`")
                .create();
        assertThat(header(directory.resolve("v2.npy"))).contains("'shape': (1, 2)");
        assertThat(session.sql("SELECT * FROM memmap.`@/v2.npy`"))
                .containsExactly(RowFactory.create((short) 1, (short) 2));
    }
}
