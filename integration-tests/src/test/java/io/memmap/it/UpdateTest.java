package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UPDATE and MERGE: of a row only the elements whose value changes are written, all other bytes stay as they are. */
class UpdateTest {
    private static final int HEAD = 128;

    @TempDir
    private Path directory;

    private SparkSession spark;
    private Path file;

    @BeforeEach
    void setUp() {
        spark = SharedSpark.session().newSession();
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
        file = directory.resolve("x.npy");
    }

    private void sql(String statement) {
        spark.sql(statement.replace("@", "memmap.`" + file + "`"));
    }

    private void write(String descr, String shape, byte[]... data) throws IOException {
        Npy.of(descr, shape).write(file, Npy.join(data));
    }

    private byte[] data() throws IOException {
        byte[] all = Files.readAllBytes(file);
        return Arrays.copyOfRange(all, HEAD, all.length);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void changesTheRowsOfAnArray() throws IOException {
        write("'<i8'", "(5,)", Npy.i8(0, 1, 2, 3, 4));
        sql("UPDATE @ SET value = value * 10 WHERE _row IN (1, 3)");
        assertThat(npyLongs(file)).containsExactly(0, 10, 2, 30, 4);
        sql("UPDATE @ SET value = -1 WHERE value > 5");
        assertThat(npyLongs(file)).containsExactly(0, -1, 2, -1, 4);
        sql("UPDATE @ SET value = value + _row");
        assertThat(npyLongs(file)).containsExactly(0, 0, 4, 2, 8);
        sql("UPDATE @ SET value = 7 WHERE value IN (SELECT id FROM range(3, 9))");
        assertThat(npyLongs(file)).containsExactly(0, 0, 7, 2, 7);
        sql("UPDATE @ SET value = 0 WHERE _row > 100");
        assertThat(npyLongs(file)).containsExactly(0, 0, 7, 2, 7);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void changesOneColumnInEitherOrder() throws IOException {
        write("'>i2'", "(3, 4)", Npy.swapped(2, Npy.i2(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23)));
        sql("UPDATE @ SET c3 = 99, c0 = -1 WHERE _row >= 1");
        assertThat(data()).isEqualTo(Npy.swapped(2, Npy.i2(0, 1, 2, 3, -1, 11, 12, 99, -1, 21, 22, 99)));
        Npy.of("'<i2'", "(3, 2)").inFortranOrder().write(file, Npy.i2(0, 10, 20, 1, 11, 21));
        sql("UPDATE @ SET c1 = 99 WHERE _row = 1");
        assertThat(data()).isEqualTo(Npy.i2(0, 10, 20, 1, 99, 21));
    }

    @Test
    void changesTheOnlyElementOfAnArrayWithoutAxes() throws IOException {
        write("'<i8'", "()", Npy.i8(1));
        sql("UPDATE @ SET value = 2");
        assertThat(data()).isEqualTo(Npy.i8(2));
        spark.conf().set("spark.sql.catalog.elements", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.elements.layout", "elements");
        spark.sql("UPDATE elements.`" + file + "` SET value = 3");
        assertThat(data()).isEqualTo(Npy.i8(3));
    }

    @Test
    void optionsOfTheColumnOfElementsAreThoseOfAnUpdate() throws IOException {
        write("'<i4'", "(2, 2)", Npy.i4(1, 2, 3, 4));
        spark.conf().set("spark.sql.catalog.elements", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.elements.layout", "elements");
        spark.conf().set("spark.sql.catalog.elements.nullValue", "value=-1");
        spark.sql("UPDATE elements.`" + file + "` SET value = IF(i1 = 0, 5, NULL) WHERE i0 = 1");
        assertThat(data()).isEqualTo(Npy.i4(1, 2, 5, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "elements"})
    void columnsOfOptionsAreSpelledInAnyCase(String layout) throws IOException {
        write("'<i4'", "(2,)", Npy.i4(1, 2));
        spark.conf().set("spark.sql.catalog.nulls", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.nulls.layout", layout);
        spark.conf().set("spark.sql.catalog.nulls.nullValue", "VALUE=-1");
        spark.sql("UPDATE nulls.`" + file + "` SET value = NULL WHERE value = 2");
        assertThat(data()).isEqualTo(Npy.i4(1, -1));
        spark.conf().set("spark.sql.catalog.wrong", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.wrong.layout", layout);
        spark.conf().set("spark.sql.catalog.wrong.nullValue", "values=-1");
        assertThatThrownBy(() -> spark.sql("UPDATE wrong.`" + file + "` SET value = NULL"))
                .hasMessageStartingWith("Cannot use option nullValue: there is no column 'values',");
    }

    @Test
    void changesATransposedArray() throws IOException {
        write("'<i2'", "(2, 3)", Npy.i2(0, 1, 2, 10, 11, 12));
        spark.conf().set("spark.sql.catalog.memmap.transpose", "true");
        sql("UPDATE @ SET c1 = 99 WHERE _row = 2");
        assertThat(data()).isEqualTo(Npy.i2(0, 1, 2, 10, 11, 99));
    }

    @Test
    void aShapeIsThatOfTheStoredArray() throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.i2(0, 1, 2, 10, 11, 12));
        spark.conf().set("spark.sql.catalog.shaped", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.shaped.dtype", "<i2");
        spark.conf().set("spark.sql.catalog.shaped.shape", "2,3");
        spark.conf().set("spark.sql.catalog.shaped.transpose", "true");
        spark.sql("UPDATE shaped.`" + raw + "` SET c1 = 99 WHERE _row = 2");
        assertThat(Files.readAllBytes(raw)).isEqualTo(Npy.i2(0, 1, 2, 10, 11, 99));
        Path one = Files.write(directory.resolve("one.dat"), Npy.i2(5));
        spark.conf().set("spark.sql.catalog.zeroD", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.zeroD.dtype", "<i2");
        spark.conf().set("spark.sql.catalog.zeroD.shape", "()");
        spark.sql("UPDATE zeroD.`" + one + "` SET value = 6");
        assertThat(Files.readAllBytes(one)).isEqualTo(Npy.i2(6));
    }

    @Test
    void changesManyRowsInManyTasks() throws IOException {
        spark.range(0, 300_000, 1, 1)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .save(file.toString());
        spark.conf().set("spark.sql.catalog.memmap.maxPartitionBytes", "800000");
        assertThat(spark.table("memmap.`" + file + "`").javaRDD().getNumPartitions())
                .isGreaterThan(2);
        sql("UPDATE @ SET value = -value WHERE value % 3 <> 0");
        LongStream changed = LongStream.range(0, 300_000).map(i -> i % 3 == 0 ? i : -i);
        assertThat(npyLongs(file)).isEqualTo(changed.toArray());
    }

    @Test
    void changesElementsOfArrayColumns() throws IOException {
        byte[] before = new byte[2 * 3 * 2 * 4];
        Arrays.fill(before, (byte) 0xff);
        write("'<f4'", "(2, 3, 2)", before);
        sql("UPDATE @ SET value = array(value[0], array(1f, value[1][1]), value[2]) WHERE _row = 1");
        byte[] after = before.clone();
        ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).putFloat(24 + 8, 1);
        assertThat(data()).isEqualTo(after);
        Npy.of("'<f4'", "(2, 3, 2)").inFortranOrder().write(file, before);
        sql("UPDATE @ SET value = array(value[0], array(1f, value[1][1]), value[2]) WHERE _row = 1");
        after = before.clone();
        ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * (1 + 2 * 1), 1);
        assertThat(data()).isEqualTo(after);
        assertThatThrownBy(() -> sql("UPDATE @ SET value = array(array(1f, 2f)) WHERE _row = 1"))
                .hasStackTraceContaining("Cannot update row 1 of file:" + file
                        + ", column 'value': found an ARRAY of 1 elements, expected 3");
    }

    @Test
    void nanPayloadsOfOtherCellsSurvive() throws IOException {
        byte[] payload = hex("010203040506f47f");
        write("[('a', '<f8'), ('b', '<f8')]", "(1,)", payload, payload);
        sql("UPDATE @ SET b = 2.5");
        assertThat(data()).isEqualTo(Npy.join(payload, Npy.f8(2.5)));
        sql("UPDATE @ SET a = double('nan')");
        assertThat(data()).isEqualTo(Npy.join(payload, Npy.f8(2.5)));
        sql("UPDATE @ SET b = -0.0D");
        sql("UPDATE @ SET b = 0.0D WHERE b = 0.0D");
        assertThat(data()).isEqualTo(Npy.join(payload, Npy.f8(0.0)));
    }

    @Test
    void halfFloatsAndComplexNumbersSurvive() throws IOException {
        write("[('h', '<f2'), ('c', '<c8'), ('x', 'i1')]", "(1,)", hex("017d"), hex("0100a07f 0000803f"), hex("00"));
        sql("UPDATE @ SET x = 1");
        assertThat(data()).isEqualTo(Npy.join(hex("017d"), hex("0100a07f 0000803f"), hex("01")));
        sql("UPDATE @ SET c = named_struct('re', c.re, 'im', 2f)");
        assertThat(data()).isEqualTo(Npy.join(hex("017d"), hex("0100a07f 00000040"), hex("01")));
    }

    @Test
    void aBoolByteOfSevenSurvives() throws IOException {
        write("[('a', '?'), ('b', '?')]", "(2,)", hex("0700 0007"));
        sql("UPDATE @ SET b = true");
        assertThat(data()).isEqualTo(hex("0701 0007"));
    }

    @Test
    void truncatedNanosecondsSurvive() throws IOException {
        write("[('t', '<M8[ns]'), ('x', '<i8')]", "(2,)", Npy.i8(1_234_567, 0, -1_234_567, 0));
        spark.conf().set("spark.sql.catalog.memmap.nanos", "truncate");
        sql("UPDATE @ SET x = 5");
        assertThat(data()).isEqualTo(Npy.i8(1_234_567, 5, -1_234_567, 5));
        sql("UPDATE @ SET t = t + INTERVAL '1' MICROSECOND WHERE _row = 0");
        assertThat(data()).isEqualTo(Npy.i8(1_235_000, 5, -1_234_567, 5));
    }

    @Test
    void natSurvivesAndIsNull() throws IOException {
        write("[('t', '<M8[s]'), ('x', '<i8')]", "(2,)", Npy.i8(Long.MIN_VALUE, 0, 60, 0));
        sql("UPDATE @ SET x = 5");
        sql("UPDATE @ SET t = NULL WHERE _row = 1");
        sql("UPDATE @ SET t = TIMESTAMP_NTZ '1970-01-01 00:00:07' WHERE _row = 0");
        assertThat(data()).isEqualTo(Npy.i8(7, 5, Long.MIN_VALUE, 5));
    }

    @Test
    void bytesBehindANulSurvive() throws IOException {
        byte[] text = "ab\0cd\0\0\0".getBytes(StandardCharsets.US_ASCII);
        write("[('s', 'S8'), ('v', 'V3'), ('x', 'i1')]", "(1,)", text, hex("ff00fe"), hex("00"));
        sql("UPDATE @ SET x = 1");
        assertThat(data()).isEqualTo(Npy.join(text, hex("ff00fe"), hex("01")));
        sql("UPDATE @ SET s = 'z'");
        assertThat(data()).isEqualTo(Npy.join(Npy.text(8, "z"), hex("ff00fe"), hex("01")));
    }

    @Test
    void paddingSurvives() throws IOException {
        write(
                "[('', 'V1'), ('a', 'i1'), ('', 'V2'), ('b', [('p', 'i1'), ('', 'V1'), ('q', '<i2')]), ('', 'V2')]",
                "(2,)",
                hex("e1 05 e2e3 01e6 0200 e4e5"),
                hex("e1 06 e2e3 01e6 0200 e4e5"));
        sql("UPDATE @ SET a = 9 WHERE _row = 0");
        sql("UPDATE @ SET b.q = 3 WHERE _row = 1");
        byte[] all = Files.readAllBytes(file);
        assertThat(Arrays.copyOfRange(all, all.length - 20, all.length))
                .isEqualTo(Npy.join(hex("e1 09 e2e3 01e6 0200 e4e5"), hex("e1 06 e2e3 01e6 0300 e4e5")));
    }

    @Test
    void aRawFileInTheMiddleOfOthersBytes() throws IOException {
        file = directory.resolve("x.dat");
        byte[] all = new byte[64];
        Arrays.fill(all, (byte) 0xee);
        Files.write(file, all);
        Files.writeString(
                directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<i4\", \"shape\": [4, 2], \"offset\": 32}");
        sql("UPDATE @ SET c1 = 1 WHERE _row = 2");
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(32 + 2 * 8 + 4, 1);
        assertThat(Files.readAllBytes(file)).isEqualTo(all);
    }

    @Test
    void mergeUpdatesAndAppends() throws IOException {
        write(
                "[('k', '<i4'), ('v', '<f8')]",
                "(3,)",
                hex("01000000"),
                Npy.f8(1),
                hex("02000000"),
                Npy.f8(2),
                hex("03000000"),
                Npy.f8(3));
        sql("MERGE INTO @ t USING (SELECT id AS k, id * 1.5D AS v FROM range(2, 6)) s ON t.k = s.k"
                + " WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *");
        Dataset<Row> table = spark.table("memmap.`" + file + "`");
        assertThat(table.orderBy("k").collectAsList().toString())
                .isEqualTo("[[1,1.0], [2,3.0], [3,4.5], [4,6.0], [5,7.5]]");
        assertThat(table.where("_row < 3").count()).isEqualTo(3);
        assertThatThrownBy(() -> sql("MERGE INTO @ t USING (SELECT 1 AS k) s ON t.k = s.k WHEN MATCHED THEN DELETE"))
                .hasStackTraceContaining("UnsupportedOperationException: Cannot delete row 0 of file:" + file)
                .hasStackTraceContaining("leave out THEN DELETE, or mark the rows with a value of your own");
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void mergeCannotAppendInFortranOrder() throws IOException {
        Npy.of("'<i2'", "(3, 2)").inFortranOrder().write(file, Npy.i2(0, 10, 20, 1, 11, 21));
        assertThatThrownBy(() -> sql("MERGE INTO @ t USING (SELECT 5S AS k) s ON t.c0 = s.k"
                        + " WHEN NOT MATCHED THEN INSERT (c0, c1) VALUES (1, 2)"))
                .hasStackTraceContaining("its shape is (3, 2) in order F, expected order C and at least one axis");
        assertThat(data()).isEqualTo(Npy.i2(0, 10, 20, 1, 11, 21));
    }

    @Test
    void deletesAllRowsOrNone() throws IOException {
        write("'<i8'", "(2,)", Npy.i8(1, 2));
        assertThatThrownBy(() -> sql("DELETE FROM @ WHERE value = 1"))
                .hasMessageContaining(
                        "Cannot delete rows of memmap.`" + file + "`: an array has no holes, expected UPDATE;"
                                + " mark the rows with a value of your own, or write those to keep to a new array");
        sql("DELETE FROM @");
        assertThat(npyLongs(file)).isEmpty();
    }

    @Test
    void refusesWhatHasNoRowsToName() throws IOException {
        write("[('_row', '<i8'), ('x', '<i8')]", "(1,)", Npy.i8(1, 2));
        assertThatThrownBy(() -> sql("UPDATE @ SET x = 3"))
                .hasMessageContaining("Cannot update memmap.`" + file
                        + "`: it has a column named _row, which hides the position of its rows, expected another name");
        Npy.of("'<i8'", "(1,)").write(directory.resolve("d/a.npy"), Npy.i8(1));
        Npy.of("'<i8'", "(1,)").write(directory.resolve("d/b.npy"), Npy.i8(1));
        assertThatThrownBy(() -> spark.sql("UPDATE memmap.`" + directory + "/d` SET value = 3"))
                .hasMessageContaining(
                        "it is 2 files, which do not change in one step, expected one; update them one by one,"
                                + " the first is file:" + directory + "/d/a.npy");
    }

    @Test
    void elementsDoNotMove() throws IOException {
        write("'<i8'", "(2, 2)", Npy.i8(1, 2, 3, 4));
        spark.conf().set("spark.sql.catalog.memmap.layout", "elements");
        sql("UPDATE @ SET value = 9 WHERE i0 = 1 AND i1 = 0");
        assertThat(data()).isEqualTo(Npy.i8(1, 2, 9, 4));
        assertThatThrownBy(() -> sql("UPDATE @ SET i1 = 1 WHERE i0 = 1 AND i1 = 0"))
                .hasStackTraceContaining("index 0 on axis 1 would become 1, expected the same; elements do not move");
        assertThatThrownBy(() -> sql("INSERT INTO @ VALUES (5, 5, 5)"))
                .hasMessageContaining("Cannot write with layout=elements");
        assertThatThrownBy(() -> sql("MERGE INTO @ t USING (SELECT 7L AS k) s ON t.value = s.k"
                        + " WHEN MATCHED THEN UPDATE SET value = 0"
                        + " WHEN NOT MATCHED THEN INSERT (i0, i1, value) VALUES (5, 5, 5)"))
                .hasStackTraceContaining("each element is a row of this table, expected whole rows");
        assertThat(data()).isEqualTo(Npy.i8(1, 2, 9, 4));
    }

    @Test
    void aFailedUpdateChangesNothing() throws IOException {
        write("'u1'", "(4,)", hex("01020304"));
        assertThatThrownBy(() -> sql("UPDATE @ SET value = value * 100"))
                .hasStackTraceContaining(
                        "Cannot update row 2 of file:" + file + ", column 'value': found 300, expected 0 to 255");
        assertThat(data()).isEqualTo(hex("01020304"));
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
