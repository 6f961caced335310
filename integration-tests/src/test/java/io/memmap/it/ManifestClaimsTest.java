package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.shards;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest describes its shards where nothing else does, and keeps what is special about each. */
class ManifestClaimsTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private List<Row> rows(Map<String, String> options, Path path) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(path.toString())
                .orderBy("_row")
                .collectAsList();
    }

    private DataFrameWriter<Row> append(String select) {
        return spark.sql(select).write().format("memmap").mode("append");
    }

    @ParameterizedTest
    @CsvSource({"F,true", "F,false", "C,true", "C,false"})
    void rawShardsWithoutTheirSidecarsAreWhatTheManifestSays(String order, boolean deleted) throws IOException {
        Path target = directory.resolve("x");
        spark.range(0, 9, 1, 1)
                .selectExpr("id * 3 AS a", "id * 3 + 1 AS b", "id * 3 + 2 AS c")
                .write()
                .format("memmap")
                .option("layout", "array")
                .option("container", "raw")
                .option("order", order)
                .option("maxRecordsPerFile", 3)
                .save(target.toString());
        List<Row> written = rows(Map.of(), target);
        assertThat(written).startsWith(RowFactory.create(0L, 1L, 2L)).hasSize(9);
        if (deleted) {
            for (String shard : shards(target)) {
                Files.delete(target.resolve(shard + ".memmap.json"));
            }
        }
        assertThat(rows(deleted ? Map.of() : Map.of("sidecar", "ignore"), target))
                .isEqualTo(written);
        append("SELECT 27L AS a, 28L AS b, 29L AS c").save(target.toString());
        assertThat(rows(Map.of("sidecar", "ignore"), target)).hasSize(10).endsWith(RowFactory.create(27L, 28L, 29L));
    }

    /** Files that NumPy saved one by one often differ in what one dtype cannot say. */
    @Test
    void anAppendKeepsShardsOfDifferentForms() throws IOException {
        byte[] six = Npy.i4(1, 2, 3, 4, 5, 6);
        Npy.of("'<i4'", "(2, 3)").write(directory.resolve("1.npy"), six);
        Npy.of("'>i4'", "(2, 3)").write(directory.resolve("2.npy"), Npy.swapped(4, six));
        Npy.of("'<i4'", "(2, 3)").inFortranOrder().write(directory.resolve("3.npy"), six);
        List<Row> before = rows(Map.of(), directory);
        for (int i = 1; i < 3; i++) {
            append("SELECT 7 AS c0, 8 AS c1, 9 AS c2").save(directory.toString());
            assertThat(rows(Map.of(), directory))
                    .startsWith(before.toArray(Row[]::new))
                    .hasSize(6 + i)
                    .endsWith(RowFactory.create(7, 8, 9));
        }
        assertThat(Files.readString(directory.resolve("_memmap.json")))
                .contains("{\"name\": \"1.npy\", \"rows\": 2}")
                .contains("{\"name\": \"2.npy\", \"rows\": 2, \"dtype\": \">i4\"}")
                .contains("{\"name\": \"3.npy\", \"rows\": 2, \"order\": \"F\"}");
    }

    @Test
    void anAppendKeepsTextsOfDifferentWidths() throws IOException {
        Npy.of("'|S5'", "(1,)").write(directory.resolve("1.npy"), Npy.text(5, "defgh"));
        Npy.of("'|S2'", "(2,)").write(directory.resolve("2.npy"), Npy.text(2, "a", "bc"));
        append("SELECT 'xyz' AS value").save(directory.toString());
        assertThat(rows(Map.of(), directory)).map(row -> row.getString(0)).containsExactly("defgh", "a", "bc", "xyz");
    }

    @Test
    void anAppendWritesShardsLikeThoseThatAreThere() throws IOException {
        Path target = directory.resolve("x");
        append("SELECT 1 AS value").option("container", "raw").save(target.toString());
        append("SELECT 2 AS value").save(target.toString());
        assertThat(shards(target)).hasSize(2).allMatch(name -> name.endsWith(".dat"));
        assertThat(rows(Map.of(), target)).containsExactly(RowFactory.create(1), RowFactory.create(2));
    }

    /** NumPy saves bfloat16 as V2; the manifest knows better. */
    @Test
    void aManifestNamesBfloat16InARecord() throws IOException {
        Path target = directory.resolve("x");
        append("SELECT 1.5F AS a, 2 AS b")
                .option("dtype", "[('a', 'bfloat16'), ('b', '<i4')]")
                .save(target.toString());
        assertThat(rows(Map.of(), target)).containsExactly(RowFactory.create(1.5f, 2));
        append("SELECT 2.5F AS a, 3 AS b").save(target.toString());
        assertThat(rows(Map.of(), target)).endsWith(RowFactory.create(2.5f, 3));
        Path shard = target.resolve(shards(target).get(0));
        assertThat(rows(Map.of("dtype", "[('a', 'bfloat16'), ('b', '<i4')]"), shard))
                .containsExactly(RowFactory.create(1.5f, 2));
    }

    @Test
    void aShardThatGrewOrShrankIsRefused() throws IOException {
        Files.writeString(
                directory.resolve("_memmap.json"),
                "{\"version\": 1, \"dtype\": \"<i4\", \"trailingShape\": [], \"shards\": [{\"name\": \"1.dat\","
                        + " \"rows\": 3}]}");
        for (int rows : new int[] {2, 4}) {
            Files.write(directory.resolve("1.dat"), new byte[4 * rows]);
            assertThatThrownBy(() -> rows(Map.of(), directory))
                    .message()
                    .contains("/1.dat: shape (3,) of <i4 (from the manifest file:" + directory + "/_memmap.json)");
            Map<String, List<Byte>> before = everything(directory);
            assertThatThrownBy(() -> append("SELECT 1 AS value").save(directory.toString()))
                    .message()
                    .contains("/1.dat: shape (3,) of <i4 (from the manifest file:");
            assertThat(everything(directory)).isEqualTo(before);
        }
    }

    /** Of files that are one array the columns have one name each. */
    @Test
    void sidecarsOfOneArrayNameTheSameColumns() throws IOException {
        for (int i = 1; i < 3; i++) {
            Path raw = Files.write(directory.resolve(i + ".dat"), Npy.i4(i, 10 * i));
            Files.writeString(
                    Path.of(raw + ".memmap.json"),
                    "{\"dtype\": \"<i4\", \"shape\": [1, 2], \"columnNames\": "
                            + (i == 1 ? "[\"x\", \"y\"]" : "[\"y\", \"x\"]") + "}");
        }
        assertThatThrownBy(() -> rows(Map.of("container", "raw"), directory))
                .message()
                .contains("its sidecar file:" + directory + "/1.dat.memmap.json says columnNames [x, y], but")
                .contains("its sidecar file:" + directory + "/2.dat.memmap.json says columnNames [y, x]");
    }

    @Test
    void aUserRenamesColumnsButDoesNotExchangeThem() throws IOException {
        Path raw = Files.write(directory.resolve("1.dat"), Npy.i4(1, 2));
        Files.writeString(
                Path.of(raw + ".memmap.json"),
                "{\"dtype\": \"<i4\", \"shape\": [1, 2], \"columnNames\": [\"x\", \"y\"]}");
        assertThat(spark.read()
                        .format("memmap")
                        .option("columnNames", "x,z")
                        .load(raw.toString())
                        .columns())
                .containsExactly("x", "z");
        assertThatThrownBy(() -> rows(Map.of("columnNames", "y,x"), raw))
                .message()
                .contains("the option columnNames=[y, x] was given, but its sidecar", "says columnNames [x, y]");
    }

    @Test
    void noPartOfAHeaderIsData() throws IOException {
        Path file = Npy.doubles(directory.resolve("x.npy"), 1, 2);
        assertThatThrownBy(() -> rows(Map.of("container", "raw", "dtype", "<f8"), file))
                .message()
                .contains("x.npy: the option container=raw was given, but its header says container npy");
        assertThat(rows(Map.of("container", "raw", "dtype", "<f8", "offset", "128"), file))
                .containsExactly(RowFactory.create(1.0), RowFactory.create(2.0));
        Path damaged = Files.write(directory.resolve("y.dat"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 9, 9});
        assertThat(rows(Map.of("container", "raw", "dtype", "u1"), damaged)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void aSubArrayIsTheLastAxes(String name) throws IOException {
        Path file = directory.resolve(name);
        if (name.endsWith(".npy")) {
            Npy.of("'<i2'", "(2, 3)").write(file, Npy.i2(1, 2, 3, 4, 5, 6));
        } else {
            Files.write(file, Npy.i2(1, 2, 3, 4, 5, 6));
            Files.writeString(Path.of(file + ".memmap.json"), "{\"dtype\": \"<i2\", \"shape\": [2, 3]}");
        }
        Row second = RowFactory.create((short) 4, (short) 5, (short) 6);
        assertThat(rows(Map.of("dtype", "('<i2', (3,))"), file)).hasSize(2).endsWith(second);
        assertThatThrownBy(() -> rows(Map.of("dtype", "('<i2', (2,))"), file))
                .message()
                .contains("the option shape=(-1, 2) was given, but its", " says shape (2, 3)");
    }

    /** What a sidecar does not state is left to the options, and to the header. */
    @Test
    void aSidecarStatesOnlyWhatIsInIt() throws IOException {
        Path raw = Files.write(directory.resolve("x.dat"), Npy.join(new byte[2], Npy.i2(1, 2, 3, 4, 5, 6)));
        Files.writeString(Path.of(raw + ".memmap.json"), "{\"dtype\": \"<i2\"}");
        assertThat(rows(Map.of("offset", "2", "order", "F", "shape", "-1,3"), raw))
                .containsExactly(
                        RowFactory.create((short) 1, (short) 3, (short) 5),
                        RowFactory.create((short) 2, (short) 4, (short) 6));
        Path npy =
                Npy.of("'<i2'", "(2, 3)").inFortranOrder().write(directory.resolve("x.npy"), Npy.i2(1, 2, 3, 4, 5, 6));
        Files.writeString(
                Path.of(npy + ".memmap.json"), "{\"dtype\": \"<i2\", \"columnNames\": [\"a\", \"b\", \"c\"]}");
        assertThat(rows(Map.of(), npy)).startsWith(RowFactory.create((short) 1, (short) 3, (short) 5));
    }

    @Test
    void anAppendObeysWhatTheOptionsSayOfSidecarsAndTrailingBytes() throws IOException {
        Path file = Npy.doubles(directory.resolve("x.npy"), 1, 2);
        Path sidecar = Files.writeString(Path.of(file + ".memmap.json"), "{\"dtype\": \"<f4\"}");
        assertThatThrownBy(() -> append("SELECT 3D AS value").save(file.toString()))
                .message()
                .contains("its sidecar file:" + sidecar + " says dtype <f4, but its header says dtype <f8");
        append("SELECT 3D AS value").option("sidecar", "ignore").save(file.toString());
        assertThat(rows(Map.of("sidecar", "ignore"), file)).hasSize(3).endsWith(RowFactory.create(3.0));
        Files.delete(sidecar);
        Files.write(file, new byte[5], StandardOpenOption.APPEND);
        assertThatThrownBy(() -> append("SELECT 4D AS value")
                        .option("trailingBytes", "error")
                        .save(file.toString()))
                .message()
                .contains("5 bytes follow the array of shape (3,) that its header declares");
    }
}
