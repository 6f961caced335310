package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spark-submit} in a JVM whose class path is Spark's: driver and executors get the connector from {@code --jars} only. */
class SparkSubmitTest {
    private static final int MINUTES = 3;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
    void theConnectorComesWithTheJob(String master) throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        ChildJvm.Outcome driver = submit(home, master, home.connector(), files);
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
    }

    private ChildJvm.Outcome submit(SparkHome home, String master, Path jars, Path files)
            throws IOException, InterruptedException {
        Path application = home.application(SubmittedJob.class);
        List<String> arguments = new ArrayList<>(List.of("--master", master, "--jars", jars.toString()));
        Map.of(
                        "spark.driver.host",
                        "127.0.0.1",
                        "spark.driver.bindAddress",
                        "127.0.0.1",
                        "spark.ui.enabled",
                        "false",
                        "spark.executor.memory",
                        "512m",
                        "spark.executor.extraJavaOptions",
                        String.join(" ", RunningCluster.QUICK_TO_START),
                        "spark.sql.shuffle.partitions",
                        "2",
                        "spark.sql.warehouse.dir",
                        directory.resolve("warehouse").toString(),
                        "spark.sql.catalog.memmap",
                        "io.memmap.spark.MemmapCatalog")
                .forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
        arguments.addAll(List.of("--class", SubmittedJob.class.getName(), application.toString(), files.toString()));
        return ChildJvm.run(
                directory,
                MINUTES,
                home.environment(),
                RunningCluster.QUICK_TO_START,
                home.directory().resolve("jars") + "/*",
                SparkSubmit.class.getName(),
                arguments.toArray(String[]::new));
    }
}
