package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark on processes of its own: executors that get the connector as a shipped jar, speculative attempts, executors
 * that are killed. All scenarios run in one driver, a child of this JVM, where they are asserted; each has a test here.
 *
 * <p>With the five properties of a committer: complete, exclusive, concurrent, abortable, and continuity of correctness
 * (what lost never appears).
 */
class LocalClusterTest {
    private static final int MINUTES = 10;

    private static ChildJvm.Outcome driver;

    @BeforeAll
    static void run(@TempDir Path directory) throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        driver = ChildJvm.run(
                directory,
                MINUTES,
                home.environment(),
                RunningCluster.QUICK_TO_START,
                LocalClusterRuns.class,
                files.toString(),
                home.shipped());
    }

    private static void assertPassed(String scenario) {
        assertThat(driver.linesOf(LocalClusterRuns.PASSED))
                .as(() -> driver.tail())
                .anyMatch(line -> line.startsWith(scenario + " "));
    }

    @Test
    void executorsNeedOnlyTheJar() {
        assertPassed("executorsNeedOnlyTheJar");
    }

    @Test
    void hadoopSettingsReachTheExecutors() {
        assertPassed("hadoopSettingsReachTheExecutors");
    }

    /** Complete. */
    @Test
    void everyRowIsWrittenOnce() {
        assertPassed("everyRowIsWrittenOnce");
    }

    /** Exclusive, concurrent, continuity of correctness; a second writer is refused. */
    @Test
    void aLateLoserLeavesTheFileAlone() {
        assertPassed("aLateLoserLeavesTheFileAlone");
    }

    /** Exclusive, concurrent, continuity of correctness; a second writer is refused. */
    @Test
    void aLateLoserLeavesAnAppendedFileAlone() {
        assertPassed("aLateLoserLeavesAnAppendedFileAlone");
    }

    /** Exclusive, concurrent, continuity of correctness; a second writer is refused. */
    @Test
    void aLateLoserLeavesTheShardsAlone() {
        assertPassed("aLateLoserLeavesTheShardsAlone");
    }

    /** Exclusive, concurrent, continuity of correctness; a second writer is refused. */
    @Test
    void aLateLoserLeavesAHadoopFileSystemAlone() {
        assertPassed("aLateLoserLeavesAHadoopFileSystemAlone");
    }

    /** Abortable, continuity of correctness. */
    @Test
    void aLateAttemptOfAFailedJobLeavesTheOldFileAlone() {
        assertPassed("aLateAttemptOfAFailedJobLeavesTheOldFileAlone");
    }

    /** Abortable, continuity of correctness. */
    @Test
    void aLateAttemptOfAFailedJobLeavesTheOldShardsAlone() {
        assertPassed("aLateAttemptOfAFailedJobLeavesTheOldShardsAlone");
    }

    /** Abortable, continuity of correctness. */
    @Test
    void aLateAttemptOfAFailedJobLeavesAHadoopFileSystemAlone() {
        assertPassed("aLateAttemptOfAFailedJobLeavesAHadoopFileSystemAlone");
    }

    /** Exclusive, when somebody says breakLock about a writer that lives. */
    @Test
    void aWriterThatLostItsLockLeavesTheOtherAlone() {
        assertPassed("aWriterThatLostItsLockLeavesTheOtherAlone");
    }

    @Test
    void aScanSurvivesItsExecutor() {
        assertPassed("aScanSurvivesItsExecutor");
    }

    @Test
    void aWriteSurvivesItsExecutor() {
        assertPassed("aWriteSurvivesItsExecutor");
    }
}
