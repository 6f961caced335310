package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spark on processes of its own: executors that get the connector as a shipped jar, speculative attempts, executors
 * that are killed, HDFS. All scenarios run in one driver, a child of this JVM, where they are asserted; each has a test
 * here. Those that need no two hosts run once more on Spark's local-cluster.
 *
 * <p>With the five properties of a committer: complete, exclusive, concurrent, abortable, and continuity of correctness
 * (what lost never appears).
 */
class LocalClusterTest {
    private static final int MINUTES = 10;

    private static ChildJvm.Outcome driver;
    private static ChildJvm.Outcome localDriver;

    @BeforeAll
    static void run(@TempDir Path standalone, @TempDir Path local) throws IOException, InterruptedException {
        driver = LocalClusterRuns.start(standalone, MINUTES, LocalClusterRuns.STANDALONE);
        localDriver = LocalClusterRuns.start(local, MINUTES, LocalClusterRuns.LOCAL);
    }

    private static void assertPassed(String scenario) {
        assertPassed(driver, scenario);
    }

    private static void assertPassed(ChildJvm.Outcome in, String scenario) {
        assertThat(in.linesOf(LocalClusterRuns.PASSED))
                .as(() -> in.reasonFor(LocalClusterRuns.FAILED + scenario))
                .anyMatch(line -> line.startsWith(scenario + " "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "executorsNeedOnlyTheJar",
                "executorsOfSpark4HaveTheVectorModule",
                "hadoopSettingsReachTheExecutors",
                "everyRowIsWrittenOnce",
                "rowsAreUpdatedInPlace",
                "sqlUpdatesAndMerges",
                "settingsOfTheDriverReachTheExecutors",
                "aScanSurvivesItsExecutor",
                "aWriteSurvivesItsExecutor"
            })
    void localClusterDoesTheSame(String scenario) {
        assertPassed(localDriver, scenario);
    }

    @Test
    void executorsNeedOnlyTheJar() {
        assertPassed("executorsNeedOnlyTheJar");
    }

    @Test
    void executorsOfSpark4HaveTheVectorModule() {
        assertPassed("executorsOfSpark4HaveTheVectorModule");
    }

    @Test
    void hadoopSettingsReachTheExecutors() {
        assertPassed("hadoopSettingsReachTheExecutors");
    }

    @Test
    void settingsOfTheDriverReachTheExecutors() {
        assertPassed("settingsOfTheDriverReachTheExecutors");
    }

    /** Complete. */
    @Test
    void everyRowIsWrittenOnce() {
        assertPassed("everyRowIsWrittenOnce");
    }

    @Test
    void rowsAreUpdatedInPlace() {
        assertPassed("rowsAreUpdatedInPlace");
    }

    /** Complete. */
    @Test
    void sqlUpdatesAndMerges() {
        assertPassed("sqlUpdatesAndMerges");
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

    @Test
    void tasksRunWhereTheirBlocksAre() {
        assertPassed("tasksRunWhereTheirBlocksAre");
    }

    @Test
    void onlyTheBytesAskedForAreRead() {
        assertPassed("onlyTheBytesAskedForAreRead");
    }

    @Test
    void filesAreConcatenatedByTheNameNode() {
        assertPassed("filesAreConcatenatedByTheNameNode");
    }

    @Test
    void partsWithoutRowsAreWrittenToOneFile() {
        assertPassed("partsWithoutRowsAreWrittenToOneFile");
    }

    @Test
    void mapsAreRefused() {
        assertPassed("mapsAreRefused");
    }

    @Test
    void hdfsThereAndBack() {
        assertPassed("hdfsThereAndBack");
    }

    @Test
    void containersAreReadAsLocally() {
        assertPassed("containersAreReadAsLocally");
    }

    @Test
    void columnsSideBySideOnHdfs() {
        assertPassed("columnsSideBySideOnHdfs");
    }

    @Test
    void theReadmesFirstQueryOnHdfs() {
        assertPassed("theReadmesFirstQueryOnHdfs");
    }

    @Test
    void pathsNeedNoNameNode() {
        assertPassed("pathsNeedNoNameNode");
    }

    @Test
    void changesInPlaceAreRefused() {
        assertPassed("changesInPlaceAreRefused");
    }

    @Test
    void aScanSurvivesADataNode() {
        assertPassed("aScanSurvivesADataNode");
    }
}
