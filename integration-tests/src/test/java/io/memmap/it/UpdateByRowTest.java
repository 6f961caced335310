package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code update=true} with {@code rowColumn}: whole files are compared, so that no byte moves but those of the new values. */
class UpdateByRowTest {
    private static final int HEAD = 128;
    private static final int RECORD = 8 + 8 + 3;
    private static final long NAN_WITH_A_PAYLOAD = 0x7ff4_0000_0000_0123L;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private void update(Dataset<Row> rows, Path file) {
        rows.write()
                .format("memmap")
                .mode("append")
                .option("rowColumn", "row")
                .option("update", true)
                .save(file.toString());
    }

    /** Records of a, b and padding, no byte of which is zero by chance. */
    private Path records(int count) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(count * RECORD).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < count; row++) {
            data.putLong(NAN_WITH_A_PAYLOAD + row).putDouble(-row - 1);
            data.put((byte) 0xe1).put((byte) 0xe2).put((byte) 0xe3);
        }
        return Npy.of("[('a', '<f8'), ('b', '<f8'), ('', 'V3')]", "(" + count + ",)")
                .write(directory.resolve("x.npy"), data.array());
    }

    /** A file's bytes, to write into those that are expected to change. */
    private static ByteBuffer bytes(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The last row too: one byte more would make the file longer. */
    @Test
    void columnsThatTheDataFrameDoesNotHaveKeepTheirBytes() throws IOException {
        Path file = records(5);
        ByteBuffer expected = bytes(file);
        for (int row : new int[] {1, 3, 4}) {
            expected.putDouble(HEAD + row * RECORD + 8, row * 100);
        }
        update(spark.range(0, 5, 1, 3).where("id IN (1, 3, 4)").selectExpr("id * 100D AS b", "id AS row"), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void paddingStaysWhereAllColumnsAreGiven() throws IOException {
        Path file = records(3);
        ByteBuffer expected = bytes(file);
        expected.putDouble(HEAD + 2 * RECORD, 7).putDouble(HEAD + 2 * RECORD + 8, 8);
        update(spark.range(1).selectExpr("2 AS row", "7D AS a", "8D AS b"), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void columnsMatchTheFieldsOfARecordByName() throws IOException {
        Path file = records(3);
        ByteBuffer expected = bytes(file);
        expected.putDouble(HEAD + RECORD, 7).putDouble(HEAD + RECORD + 8, 8);
        update(spark.range(1).selectExpr("8D AS B", "1 AS row", "7D AS a"), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void otherNamesMatchTheColumnsOfAMatrixByPosition(boolean fortran) throws IOException {
        Npy matrix = Npy.of("'<i2'", "(4, 2)");
        Path file = directory.resolve("x.npy");
        (fortran ? matrix.inFortranOrder() : matrix).write(file, Npy.i2(10, 11, 12, 13, 14, 15, 16, 17));
        byte[] head = Arrays.copyOf(Files.readAllBytes(file), HEAD);
        update(spark.range(1, 4, 2, 2).selectExpr("-id AS y", "-id - 20 AS x", "id AS row"), file);
        assertThat(Files.readAllBytes(file))
                .isEqualTo(Npy.join(
                        head,
                        fortran ? Npy.i2(10, -1, 12, -3, 14, -21, 16, -23) : Npy.i2(10, 11, -1, -21, 14, 15, -3, -23)));
        assertThat(SavedFiles.read(spark, file).where("_row = 3").collectAsList())
                .containsExactly(RowFactory.create((short) -3, (short) -23));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theColumnsOfAMatrixMatchByTheirNamesAndLeftOutOnesKeepTheirBytes(boolean fortran) throws IOException {
        Npy matrix = Npy.of("'<i2'", "(2, 3)");
        Path file = directory.resolve("x.npy");
        (fortran ? matrix.inFortranOrder() : matrix).write(file, Npy.i2(10, 11, 12, 13, 14, 15));
        byte[] head = Arrays.copyOf(Files.readAllBytes(file), HEAD);
        update(spark.range(1).selectExpr("-2 AS c2", "1 AS row", "-1 AS c0"), file);
        assertThat(Files.readAllBytes(file))
                .isEqualTo(Npy.join(head, fortran ? Npy.i2(10, -1, 12, 13, 14, -2) : Npy.i2(10, 11, 12, -1, 14, -2)));
        update(spark.range(1).selectExpr("0 AS row", "-3 AS C1"), file);
        assertThat(Files.readAllBytes(file))
                .isEqualTo(Npy.join(head, fortran ? Npy.i2(10, -1, -3, 13, 14, -2) : Npy.i2(10, -3, 12, -1, 14, -2)));
    }

    @Test
    void aRawFileKeepsWhatIsInFrontOfItsRows() throws IOException {
        Path file = Files.write(directory.resolve("x.dat"), Npy.i4(-1, -2, 10, 11, 12));
        Path sidecar = directory.resolve("x.dat.memmap.json");
        String text = "{\"dtype\": \"<i4\", \"shape\": [3], \"offset\": 8}";
        Files.writeString(sidecar, text);
        update(spark.range(1).selectExpr("CAST(2 AS TINYINT) AS row", "99 AS value"), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(Npy.i4(-1, -2, 10, 11, 99));
        assertThat(sidecar).hasContent(text);
        assertThat(names(directory)).containsExactly("x.dat", "x.dat.memmap.json");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 299_999, 300_000})
    void aFileOfManyBlocksNeitherGrowsNorShrinks(int updated) throws IOException {
        int count = 300_000;
        Path file = directory.resolve("x.npy");
        spark.range(0, count, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .save(file.toString());
        ByteBuffer expected = bytes(file);
        for (int i = 0; i < updated; i++) {
            int row = (int) (i * 7919L % count);
            expected.putLong(HEAD + 8 * row, -row);
        }
        // 7919 is a prime that does not divide the count: each index comes once.
        update(
                spark.range(0, updated, 1, 5)
                        .selectExpr("(id * 7919) % " + count + " AS row")
                        .selectExpr("row", "-row AS value"),
                file);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
