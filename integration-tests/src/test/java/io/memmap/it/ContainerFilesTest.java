package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers as files: several as one table, large ones, deflated ones in one partition, and what is refused. */
class ContainerFilesTest {
    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Map<String, String> options, Object path) {
        return spark.read().format("memmap").options(options).load(path.toString());
    }

    private static Dataset<Row> sums(Dataset<Row> table) {
        return table.selectExpr("count(*)", "sum(value)", "min(_row)", "max(_row)");
    }

    /** As java.util.zip writes it, deflated and without sizes in its local headers. */
    private Path deflated(String name, Map<String, double[]> arrays) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Path npy = directory.resolve("entry.tmp");
        try (OutputStream bytes = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, double[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                Files.copy(Npy.doubles(npy, array.getValue()), zip);
            }
        }
        Files.delete(npy);
        return file;
    }

    private static double[] numbers(int start, int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (start + i) * 0.75;
        }
        return numbers;
    }

    @Test
    void aDirectoryOrAGlobOfContainersIsOneTable() throws IOException {
        for (int i = 0; i < 3; i++) {
            Map<String, double[]> arrays = new LinkedHashMap<>();
            arrays.put("x", numbers(i * 1000, 1000));
            arrays.put("y", numbers(0, 10));
            deflated("run/part-" + i + ".npz", arrays);
        }
        for (Object path : new Object[] {directory.resolve("run"), directory + "/run/*.npz", directory + "/run/*"}) {
            Row found = sums(read(Map.of("member", "x"), path)).head();
            assertThat(found.getLong(0)).isEqualTo(3000);
            assertThat(found.getDouble(1)).isEqualTo(2999 * 1500 * 0.75);
            assertThat(found.getLong(3)).isEqualTo(2999);
        }
        assertThat(read(Map.of("member", "x", "container", "npz"), directory.resolve("run"))
                        .where("_row = 2100")
                        .select("value")
                        .head()
                        .getDouble(0))
                .isEqualTo(2100 * 0.75);
        assertThatThrownBy(() -> read(Map.of(), directory.resolve("run")).count())
                .hasMessageContaining(
                        "run/part-0.npz: its members x and y have 1000 and 10 rows, expected equal row counts side by side;")
                .hasMessageContaining("x: <f8 of shape (1000,); y: <f8 of shape (10,)");
        deflated("run/part-3.npz", Map.of("y", numbers(0, 5)));
        assertThatThrownBy(() ->
                        read(Map.of("member", "x"), directory.resolve("run")).count())
                .hasMessageContaining("run/part-3.npz with member=x: it holds no member x;");
    }

    @Test
    void otherFilesKeepADirectoryWhatItWas() throws IOException {
        Npy.doubles(directory.resolve("run/0.npy"), 1, 2);
        deflated("run/1.npz", Map.of("x", numbers(0, 3)));
        assertThat(read(Map.of(), directory.resolve("run")).count()).isEqualTo(2);
        assertThat(read(Map.of("container", "npz"), directory.resolve("run")).count())
                .isEqualTo(3);
    }

    @Test
    void aDeflatedMemberIsOnePartition() throws IOException {
        Path file = deflated("x.npz", Map.of("x", numbers(0, 200_000)));
        Dataset<Row> table = read(Map.of("maxPartitionBytes", "64k", "minPartitions", "5"), file);
        assertThat(table.rdd().getNumPartitions()).isEqualTo(1);
        Row found = sums(table).head();
        assertThat(found.getLong(0)).isEqualTo(200_000);
        assertThat(found.getDouble(1)).isEqualTo(199_999L * 100_000 * 0.75);
        assertThat(table.where("value > 149990 AND _row % 7 = 0").count()).isEqualTo(2);
        assertThat(table.where("_row >= 199998").selectExpr("sum(value)").head().getDouble(0))
                .isEqualTo(399_997 * 0.75);
        assertThat(table.limit(3).collectAsList()).hasSize(3);
        deflated("two/1.npz", Map.of("x", numbers(0, 100_000)));
        deflated("two/2.npz", Map.of("x", numbers(100_000, 100_000)));
        Dataset<Row> two = read(Map.of("maxPartitionBytes", "64k"), directory.resolve("two"));
        assertThat(two.rdd().getNumPartitions()).isEqualTo(2);
        assertThat(sums(two).head()).isEqualTo(found);
        assertThatThrownBy(() -> read(Map.of("access", "map"), file).count())
                .hasMessageContaining("Cannot map file:" + file + "#x: it is deflated, expected stored bytes");
    }

    /** Deflated, in Fortran order, read by a transposed view and by condition. */
    @Test
    void readsDeflatedColumnsAlsoTransposed() {
        Path file = ResourceFile.of("containers").resolve("deflated.npz");
        Dataset<Row> table = read(Map.of("member", "columns"), file);
        assertThat(table.where("c2 > 10").selectExpr("sum(c0)").head().getDouble(0))
                .isEqualTo(9 + 12);
        assertThat(read(Map.of("member", "columns", "transpose", "true"), file)
                        .where("_row = 1")
                        .head()
                        .getDouble(4))
                .isEqualTo(13);
        assertThat(read(Map.of("member", "images", "layout", "elements"), file)
                        .selectExpr("sum(value)")
                        .head()
                        .getLong(0))
                .isEqualTo(23 * 12);
    }

    @Test
    void otherFileSystemsGiveTheSameRows() {
        for (String name : new String[] {"savez.npz", "deflated.npz", "every.safetensors"}) {
            Path file = ResourceFile.of("containers").resolve(name);
            for (String member : name.endsWith(".npz")
                    ? new String[] {"features", "columns", "images", "version"}
                    : new String[] {"t.F64", "bf16/größe", "empty"}) {
                Map<String, String> plain =
                        Map.of("member", member, "fs.plain.impl", FileSystemsTest.PlainFileSystem.class.getName());
                assertThat(read(plain, "plain:" + file).collectAsList())
                        .as(name + "#" + member)
                        .isEqualTo(read(Map.of("member", member), file).collectAsList());
            }
        }
    }

    @Test
    void readsTheEndOfAMemberOfFiveGigabytes() throws IOException {
        long rows = 5L << 27;
        byte[] header = header("<f8", rows);
        long directoryStart = 35 + header.length + rows * 8;
        Path file = directory.resolve("big.npz");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer local = integers(35 + header.length)
                    .putInt(0x04034b50)
                    .position(26)
                    .putShort((short) 5)
                    .position(30)
                    .put("x.npy".getBytes(StandardCharsets.US_ASCII))
                    .put(header)
                    .flip();
            channel.write(local, 0);
            channel.write(integers(8).putDouble(0, 2.5), directoryStart - 8);
            channel.write(directory(header.length + rows * 8, directoryStart), directoryStart);
        }
        Dataset<Row> table = read(Map.of(), file);
        assertThat(table.count()).isEqualTo(rows);
        assertThat(table.where("_row >= " + (rows - 2))
                        .selectExpr("sum(value)")
                        .head()
                        .getDouble(0))
                .isEqualTo(2.5);
    }

    private static ByteBuffer integers(int nbytes) {
        return ByteBuffer.allocate(nbytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] header(String descr, long rows) {
        String dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + rows + ",), }";
        String padded = dict + " ".repeat(117 - dict.length()) + "\n";
        return integers(128)
                .put("\223NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1))
                .putShort((short) 118)
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** One entry with zip64 sizes, a zip64 end record, its locator, and the end record. */
    private static ByteBuffer directory(long nbytes, long start) {
        return integers(71 + 56 + 20 + 22)
                .putInt(0x02014b50)
                .position(20)
                .putLong(-1)
                .putShort((short) 5)
                .putShort((short) 20)
                .position(46)
                .put("x.npy".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(nbytes)
                .putLong(nbytes)
                .putInt(0x06064b50)
                .putLong(44)
                .position(71 + 24)
                .putLong(1)
                .putLong(1)
                .putLong(71)
                .putLong(start)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(start + 71)
                .putInt(1)
                .putInt(0x06054b50)
                .position(71 + 76 + 8)
                .putShort((short) -1)
                .putShort((short) -1)
                .putLong(-1)
                .putShort((short) 0)
                .flip();
    }

    @Test
    void aChangedFileIsAnError() throws IOException {
        Path file = Files.copy(ResourceFile.of("containers").resolve("only.npz"), directory.resolve("x.npz"));
        Dataset<Row> planned = read(Map.of(), file);
        assertThat(planned.collectAsList()).hasSize(6);
        Dataset<Row> table = read(Map.of(), file).select("c0");
        table.queryExecution().executedPlan();
        Files.write(file, new byte[10], StandardOpenOption.APPEND);
        assertThatThrownBy(table::collectAsList)
                .hasMessageContaining("Cannot read file:" + file
                        + ": its length went from 854 to 864 bytes since the query was planned, expected the planned file;"
                        + " run the query again, or set concurrentWrites=allow to read whatever is there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "overwrite", "errorifexists", "ignore"})
    void savesAreRefused(String mode) throws IOException {
        for (String name : new String[] {"only.npz", "savez.npz", "one.safetensors"}) {
            if (mode.equals("overwrite") && name.endsWith(".npz")) {
                continue;
            }
            Path file = Files.copy(ResourceFile.of("containers").resolve(name), directory.resolve(name));
            byte[] before = Files.readAllBytes(file);
            for (String output : mode.equals("overwrite") ? new String[] {"auto"} : new String[] {"auto", "file"}) {
                var writer = spark.range(3)
                        .selectExpr("CAST(id AS DOUBLE) AS value")
                        .write()
                        .format("memmap")
                        .option("output", output)
                        .mode(mode);
                if (mode.equals("ignore")) {
                    writer.save(file.toString());
                } else {
                    assertThatThrownBy(() -> writer.save(file.toString()))
                            .hasMessageContaining("Cannot write")
                            .message()
                            .containsAnyOf(
                                    "are only read",
                                    "are written as a whole",
                                    "its name ends in",
                                    "it exists, expected nothing");
                }
            }
            assertThat(file).hasBinaryContent(before);
        }
        assertThatThrownBy(() -> spark.range(3)
                        .write()
                        .format("memmap")
                        .option("container", "safetensors")
                        .mode("append")
                        .save(directory + "/new.safetensors"))
                .hasMessageContaining(
                        "new.safetensors with container=safetensors: files of this container are only read,"
                                + " expected container=npy, container=raw or container=npz");
    }

    @Test
    void aDirectoryOfContainersIsNotWrittenTo() throws IOException {
        deflated("run/1.npz", Map.of("x", numbers(0, 3)));
        for (String mode : new String[] {"append", "overwrite"}) {
            assertThatThrownBy(() -> spark.range(3)
                            .selectExpr("CAST(id AS DOUBLE) AS value")
                            .write()
                            .format("memmap")
                            .mode(mode)
                            .save(directory + "/run"))
                    .hasMessageContaining("Cannot write to file:" + directory
                            + "/run/1.npz#x: files of container=npz are written as a whole, expected a .npy file");
        }
        assertThat(read(Map.of(), directory.resolve("run")).count()).isEqualTo(3);
    }
}
