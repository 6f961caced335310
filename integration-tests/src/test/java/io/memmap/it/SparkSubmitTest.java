package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
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
    }
}
