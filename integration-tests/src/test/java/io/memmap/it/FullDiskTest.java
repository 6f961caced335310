package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes to a file system of 16 MiB that cannot hold them; skipped where none can be mounted. */
class FullDiskTest {

    private static final int OLD_ROWS = 1000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long MEBIBYTE_OF_ROWS = (1 << 20) / Long.BYTES;

    @TempDir
    private Path directory;

    private Path disk;
    private boolean mounted;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        OtherProcess.assume();
        disk = Files.createDirectory(directory.resolve("disk"));
        mounted = OtherProcess.start("mount -t tmpfs -o size=16m memmap-test \"$0\" 2>/dev/null", disk)
                        .waitFor()
                == 0;
        assumeTrue(mounted, "this user may not mount a tmpfs");
    }

    /** Spark does not wait for the other tasks of a job that failed: one of them may have a file open still. */
    @AfterEach
    void unmount() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (mounted && OtherProcess.start("umount \"$0\" 2>/dev/null", disk).waitFor() != 0) {
            assertThat(System.nanoTime())
                    .as("a file on " + disk + " is still open")
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    private DataFrameWriter<Row> numbers(long rows, int partitions) {
        return spark.range(0, rows, 1, partitions)
                .selectExpr("id AS value")
                .write()
                .format("memmap");
    }

    private static long[] range(long rows) {
        return LongStream.range(0, rows).toArray();
    }

    /** 20 MiB do not fit as they are; of 12 MiB the tasks' pieces do, and one file of them does not fit beside them. */
    @ParameterizedTest
    @CsvSource({
        "x.npy,20,overwrite",
        "x.npy,12,overwrite",
        "x.dat,20,overwrite",
        "x.dat,12,overwrite",
        "x.npy,12,append",
        "x,20,overwrite",
        "x,20,append"
    })
    void leavesTheOldDataAndNothingElse(String name, long mebibytes, String mode) throws IOException {
        Path target = disk.resolve(name);
        numbers(OLD_ROWS, 2).save(target.toString());
        List<String> beside = names(disk);
        List<String> within = Files.isDirectory(target) ? names(target) : List.of();
        long free = Files.getFileStore(disk).getUsableSpace();
        assertThatThrownBy(() ->
                        numbers(mebibytes * MEBIBYTE_OF_ROWS, 4).mode(mode).save(target.toString()))
                .hasStackTraceContaining("Cannot ")
                .hasStackTraceContaining("file:" + disk)
                .hasStackTraceContaining("No space left on device");
        assertThat(names(disk)).isEqualTo(beside);
        assertThat(Files.isDirectory(target) ? names(target) : List.of()).isEqualTo(within);
        assertThat(readLongs(spark, target)).isEqualTo(range(OLD_ROWS));
        assertThat(Files.getFileStore(disk).getUsableSpace()).isEqualTo(free);
        numbers(OLD_ROWS + 1, 1).mode("overwrite").save(target.toString());
        assertThat(readLongs(spark, target)).isEqualTo(range(OLD_ROWS + 1));
    }

    /** The task's rows fit, and a copy of them behind the file does not. */
    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void anAppendThatDoesNotFitIsUndone(String name) throws IOException {
        Path target = disk.resolve(name);
        numbers(OLD_ROWS, 2).save(target.toString());
        Map<String, List<Byte>> before = everything(disk);
        Path filler = Files.write(directory.resolve("disk/filler"), new byte[8 << 20]);
        long rows = 5 * MEBIBYTE_OF_ROWS;
        assertThatThrownBy(() -> numbers(rows, 1).mode("append").save(target.toString()))
                .hasStackTraceContaining("No space left on device");
        Files.delete(filler);
        assertThat(everything(disk)).isEqualTo(before);
        numbers(rows, 1).mode("append").save(target.toString());
        assertThat(SavedFiles.read(spark, target)
                        .selectExpr("count(value)", "sum(value)")
                        .head())
                .isEqualTo(RowFactory.create(OLD_ROWS + rows, sumBelow(OLD_ROWS) + sumBelow(rows)));
    }

    private static long sumBelow(long n) {
        return n * (n - 1) / 2;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void anUpdateThatDoesNotFitChangesNothing(String name) throws IOException {
        Path target = disk.resolve(name);
        long rows = 9 * MEBIBYTE_OF_ROWS;
        numbers(rows, 1).save(target.toString());
        byte[] before = Files.readAllBytes(target);
        List<String> beside = names(disk);
        assertThatThrownBy(() -> spark.range(0, rows, 1, 2)
                        .selectExpr("id AS row", "-id AS value")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .option("rowColumn", "row")
                        .option("update", true)
                        .save(target.toString()))
                .hasStackTraceContaining("No space left on device");
        assertThat(Arrays.equals(Files.readAllBytes(target), before)).isTrue();
        assertThat(names(disk)).isEqualTo(beside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void aTableThatDoesNotFitIsNotCreated(String name) throws IOException {
        SqlSession session = new SqlSession(disk);
        String table = "TABLE memmap.`@/" + name + "` TBLPROPERTIES ('dtype'='<i8', 'shape'='4000000')";
        String refused =
                " bytes left, expected room for " + (name.endsWith(".npy") ? 32_000_128 : 32_000_000) + " bytes";
        assertThatThrownBy(() -> session.sql("CREATE " + table))
                .hasStackTraceContaining("the disk has ")
                .hasStackTraceContaining(refused);
        assertThat(names(disk)).isEmpty();
        Path target = disk.resolve(name);
        numbers(OLD_ROWS, 2).save(target.toString());
        List<String> beside = names(disk);
        assertThatThrownBy(() -> session.sql("CREATE OR REPLACE " + table)).hasStackTraceContaining(refused);
        assertThatThrownBy(() -> spark.sql("SELECT 1L AS row, 2L AS value")
                        .write()
                        .format("memmap")
                        .mode("overwrite")
                        .option("rowColumn", "row")
                        .option("shape", 4_000_000)
                        .save(target.toString()))
                .hasStackTraceContaining(refused);
        assertThat(names(disk)).isEqualTo(beside);
        assertThat(readLongs(spark, target)).isEqualTo(range(OLD_ROWS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat", "x"})
    void leavesNothingOfAFirstWrite(String name) throws IOException {
        Path target = disk.resolve(name);
        assertThatThrownBy(() -> numbers(20 * MEBIBYTE_OF_ROWS, 4).save(target.toString()))
                .hasStackTraceContaining("No space left on device");
        assertThat(names(disk)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"x.npy,overwrite", "x.npy,append", "x,overwrite", "x,append"})
    void aDiskWithoutABlockLeftIsLeftAsItWas(String name, String mode) throws IOException {
        Path target = disk.resolve(name);
        numbers(OLD_ROWS, 2).save(target.toString());
        List<String> within = Files.isDirectory(target) ? names(target) : List.of();
        byte[] block = new byte[4096];
        Path filler = disk.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(disk).getUsableSpace() > 0) {
                out.write(block);
            }
        }
        List<String> beside = names(disk);
        assertThatThrownBy(() -> numbers(10, 2).mode(mode).save(target.toString()))
                .hasStackTraceContaining("No space left on device");
        assertThat(names(disk)).isEqualTo(beside);
        assertThat(Files.isDirectory(target) ? names(target) : List.of()).isEqualTo(within);
        assertThat(readLongs(spark, target)).isEqualTo(range(OLD_ROWS));
        Files.delete(filler);
        numbers(10, 2).mode(mode).save(target.toString());
        assertThat(names(disk)).containsExactly(name);
    }
}
