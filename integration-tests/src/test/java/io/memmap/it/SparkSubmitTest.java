package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spark-submit} in a JVM whose class path is Spark's: driver and executors get the connector from {@code --jars} only. */
class SparkSubmitTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
    void theConnectorComesWithTheJob(String master) throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        ChildJvm.Outcome driver = home.submit(master, List.of(home.connector()), SubmittedJob.class, files.toString());
        assertThat(driver.linesOf(SubmittedJob.FOUND))
                .as(driver::tail)
                .containsExactly(
                        "[[99990000,20000]]",
                        "[[1,2], [5001,2]]",
                        "[[1,1], [2,-1], [3,-1], [4,4]]",
                        "[[9999,4]]",
                        "[[false]]");
        assertThat(driver.exitValue()).as(driver::tail).isZero();
        assertThat(SavedFiles.npyLongs(files.resolve("x.npy")))
                .isEqualTo(LongStream.range(0, 20_000)
                        .map(row -> row == 2 || row == 3 ? -1 : row % 10_000)
                        .toArray());
        assertThat(SavedFiles.names(files)).containsExactly("shards", "x.npy");
        if (master.startsWith("local-cluster")) {
            assertThat(SparkHome.executorsLogged(
                            driver.linesOf(SubmittedJob.APPLICATION).get(0), "Aggregates are computed by"))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("scalar kernels: " + reasonForScalarKernels()));
        }
    }

    /** Spark 4's launcher adds the module of the vectors. C1, which is all that these executors have, makes none. */
    private static String reasonForScalarKernels() {
        return package$.MODULE$.SPARK_VERSION().startsWith("3.")
                ? "this JVM was started without --add-modules=jdk.incubator.vector"
                : "the JIT of this JVM makes no vectors: mixed mode";
    }

    @Test
    void theJarIsAlsoTheModuleOfPython() throws IOException, InterruptedException {
        PySpark.assumeFound(package$.MODULE$.SPARK_VERSION(), directory);
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        ChildJvm.Outcome driver =
                home.submitPython("local-cluster[2,1,1024]", ResourceFile.of("pyspark/submitted.py"), files.toString());
        assertThat(driver.linesOf(SubmittedJob.FOUND))
                .as(driver::tail)
                .containsExactly(
                        "module in " + SparkHome.CONNECTOR,
                        "executors see [0, 1, 2, 3]",
                        "sum 28.0",
                        "again [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]",
                        "Cannot make a DataFrame of an array on local-cluster[2,1,1024]: its executors may not see temporary"
                                + " files of this machine, expected path=, a new file on storage that the driver and all"
                                + " executors see at the same place");
        assertThat(driver.exitValue()).as(driver::tail).isZero();
    }
}
