package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose names have no spelling in the JVM's encoding, beside arrays that are read, written and listed. */
class OddSiblingsTest {

    @TempDir
    private Path directory;

    /** Reads, writes and lists arrays of the directory. */
    public static void main(String[] arguments) {
        String directory = arguments[0];
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog")
                .getOrCreate();
        for (SaveMode mode : List.of(SaveMode.Overwrite, SaveMode.Append)) {
            for (String name : List.of("y.npy", "y.dat", "d")) {
                spark.range(0, 1)
                        .selectExpr("id AS value")
                        .write()
                        .format("memmap")
                        .mode(mode)
                        .save(directory + "/" + name);
            }
        }
        System.out.println("rows: "
                + spark.read().format("memmap").load(directory + "/*.npy").count());
        System.out.println(
                "rows: " + spark.read().format("memmap").load(directory).count());
        System.out.println("tables: "
                + spark.sql("SHOW TABLES IN memmap.`" + directory + "`").collectAsList().stream()
                        .map(row -> row.getString(1))
                        .toList());
        spark.stop();
    }

    @Test
    void namesThatDecodeAlikeStandBesideAManifest() throws Exception {
        OtherProcess.assume();
        Path array = directory.resolve("d");
        SparkSession spark = SharedSpark.session();
        for (SaveMode mode : List.of(SaveMode.Overwrite, SaveMode.Append, SaveMode.Overwrite, SaveMode.Append)) {
            spark.range(0, 1).write().format("memmap").mode(mode).save(array.toString());
            OtherProcess.run("printf x > \"$0/$(printf '\\350.txt')\"; printf x > \"$0/$(printf '\\351.txt')\"", array);
        }
        assertThat(spark.read().format("memmap").load(array.toString()).count()).isEqualTo(2);
    }

    @Test
    void neighboursAreReadAndWritten() throws Exception {
        OtherProcess.assume();
        Path arrays = Files.createDirectory(directory.resolve("arrays"));
        OtherProcess.run(
                "printf x > \"$0/$(printf 'latin-\\351.txt')\" && printf x > \"$0/$(printf 'utf-\\303\\251')\"",
                arrays);
        for (String locale : List.of("C", "C.UTF-8")) {
            ChildJvm.Outcome outcome = ChildJvm.run(
                    directory,
                    3,
                    Map.of("LC_ALL", locale),
                    RunningCluster.QUICK_TO_START,
                    OddSiblingsTest.class,
                    arrays.toString());
            assertThat(outcome.linesOf("rows: ")).as(outcome.tail()).containsExactly("2", "2");
            assertThat(outcome.linesOf("tables: ")).containsExactly("[d, y.dat, y.npy]");
        }
    }
}
