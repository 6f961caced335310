package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays as temporary views, {@code CREATE TEMPORARY VIEW … USING memmap}, for which no catalog is set up. */
class SqlViewTest {

    @TempDir
    private Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() {
        session = new SqlSession(directory);
        session.spark().conf().unset("spark.sql.catalog.memmap");
    }

    private void writeMatrix() throws IOException {
        Npy.of("'<i8'", "(3, 2)").write(directory.resolve("x.npy"), Npy.i8(1, 2, 3, 4, 5, 6));
    }

    private void writeGrid() throws IOException {
        double[] values = new double[4000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Files.write(directory.resolve("grid.dat"), Npy.f4(values));
    }

    @Test
    void aFileHasTheColumnsThatItsLayoutSays() throws IOException {
        writeMatrix();
        session.sql("CREATE TEMPORARY VIEW pairs USING memmap OPTIONS (path '@/x.npy', layout 'array')");
        assertThat(session.sql("SELECT value[1] FROM pairs WHERE value[0] >= 3 ORDER BY value[0] DESC"))
                .containsExactly(RowFactory.create(6L), RowFactory.create(4L));
        assertThat(session.sql("DESCRIBE pairs")).containsExactly(RowFactory.create("value", "array<bigint>", null));
        session.sql("CREATE TEMPORARY VIEW columns USING memmap OPTIONS (path '@/x.npy')");
        assertThat(session.sql("SELECT sum(c0), max(c1) FROM columns")).containsExactly(RowFactory.create(9L, 6L));
        session.sql("CREATE OR REPLACE TEMPORARY VIEW columns USING memmap"
                + " OPTIONS (path '@/x.npy', layout 'elements', access 'read')");
        assertThat(session.sql("SELECT value FROM columns WHERE i0 = 1 ORDER BY i1"))
                .containsExactly(RowFactory.create(3L), RowFactory.create(4L));
    }

    @Test
    void aRawFileHasItsDtypeAndShape() throws IOException {
        writeGrid();
        session.sql("CREATE TEMPORARY VIEW grid USING memmap"
                + " OPTIONS (path '@/grid.dat', dtype 'float32', shape '-1,4', columnNames 'x,y,z,t')");
        assertThat(session.sql("SELECT sum(x), max(t) FROM grid"))
                .containsExactly(RowFactory.create(1_998_000.0, 3999f));
        session.sql("CREATE TEMPORARY VIEW flat (value DOUBLE) USING memmap OPTIONS (path '@/grid.dat', dtype '<f4')");
        assertThat(session.sql("SELECT count(*), max(value) FROM flat"))
                .containsExactly(RowFactory.create(4000L, 3999.0));
    }

    @Test
    void aPatternIsOneArray() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("part-10.npy"), Npy.i8(3, 4));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("part-2.npy"), Npy.i8(1, 2));
        Npy.of("'<f8'", "(1,)").write(directory.resolve("other.npy"), Npy.f8(0.5));
        session.sql("CREATE TEMPORARY VIEW parts USING memmap OPTIONS (path '@/part-*.npy')");
        assertThat(session.sql("SELECT sum(value), count(*) FROM parts")).containsExactly(RowFactory.create(10L, 4L));
        session.spark()
                .read()
                .format("memmap")
                .load(directory + "/part-*.npy")
                .selectExpr("*", "_row")
                .createOrReplaceTempView("numbered");
        assertThat(session.sql("SELECT value FROM numbered ORDER BY _row").toString())
                .isEqualTo("[[1], [2], [3], [4]]");
    }

    @Test
    void theFlightsAreGroupedByDistance() {
        String flights = ResourceFile.of("data/flights-200k.npy").toString();
        session.sql("CREATE TEMPORARY VIEW flights USING memmap OPTIONS (path '" + flights + "')");
        assertThat(session.sql("SELECT distance, count(*) AS flights, round(avg(delay), 1) AS mean_delay"
                        + " FROM flights GROUP BY distance ORDER BY flights DESC LIMIT 3"))
                .containsExactly(
                        RowFactory.create((short) 337, 1658L, 11.6),
                        RowFactory.create((short) 109, 1312L, 10.5),
                        RowFactory.create((short) 370, 1277L, 11.6));
    }

    @Test
    void saysWhatIsWrongWithTheOptions() throws IOException {
        writeMatrix();
        writeGrid();
        assertThatThrownBy(() ->
                        session.sql("CREATE TEMPORARY VIEW v USING memmap OPTIONS (path '@/x.npy', layuot 'array')"))
                .hasMessageStartingWith("Cannot read option 'layuot': unknown, expected one of the memmap options; did"
                        + " you mean 'layout'? All are, to read: ");
        assertThatThrownBy(() -> session.sql("CREATE TEMPORARY VIEW v USING memmap OPTIONS (path '@/grid.dat')"))
                .hasMessage("Cannot read file:" + directory + "/grid.dat: it is no .npy file and nothing says what it"
                        + " holds, expected a .npy file, a sidecar file:" + directory
                        + "/grid.dat.memmap.json, or the option dtype (for example dtype='<f8')");
        assertThatThrownBy(() -> session.sql("CREATE TEMPORARY VIEW v USING memmap OPTIONS (path '@/none.npy')"))
                .hasMessage("Cannot read " + directory + "/none.npy: no such file or directory");
        assertThatThrownBy(() -> session.sql("CREATE TEMPORARY VIEW v USING memmap"))
                .hasMessage("Cannot read memmap: no path was given, expected load(\"/data/x.npy\") or the option path");
        assertThatThrownBy(() -> session.sql("SELECT * FROM v")).hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }

    @Test
    void aViewIsForReading() throws IOException {
        writeMatrix();
        byte[] before = Files.readAllBytes(directory.resolve("x.npy"));
        session.sql("CREATE TEMPORARY VIEW v USING memmap OPTIONS (path '@/x.npy')");
        for (String insert : new String[] {"INSERT INTO v VALUES (7, 8)", "INSERT OVERWRITE v VALUES (7, 8)"}) {
            assertThatThrownBy(() -> session.sql(insert)).hasMessageContaining("in batch mode");
        }
        assertThat(Files.readAllBytes(directory.resolve("x.npy"))).isEqualTo(before);
        assertThat(SavedFiles.names(directory)).containsExactly("x.npy");
    }

    @Test
    void onlyAViewOfADataFrameShowsThePositions() throws IOException {
        writeMatrix();
        SparkSession spark = session.spark();
        session.sql("CREATE TEMPORARY VIEW hiding USING memmap OPTIONS (path '@/x.npy')");
        assertThatThrownBy(() -> session.sql("SELECT _row FROM hiding"))
                .hasMessageContaining("UNRESOLVED_COLUMN")
                .hasMessageContaining("`_row`");
        spark.read()
                .format("memmap")
                .load(directory + "/x.npy")
                .select("*", "_row")
                .createOrReplaceTempView("showing");
        assertThat(session.sql("SELECT c1 FROM showing WHERE _row = 1")).containsExactly(RowFactory.create(4L));
        assertThat(session.sql("EXPLAIN SELECT c1 FROM showing WHERE _row = 1").toString())
                .contains("1 rows selected in [1, 2), columns [c1], pushed [_row = 1]");
    }

    @Test
    void aPathIsNoTableWithoutTheSetting() throws IOException {
        writeMatrix();
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/x.npy`"))
                .hasMessageContaining("UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY");
    }
}
