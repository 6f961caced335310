package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.it.ChildJvm.Outcome;
import io.memmap.replay.FileOps;
import io.memmap.replay.ReplayMain;
import io.memmap.replay.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of write, killed, cut off from power, failed or interrupted at any of its file operations: readers get the old
 * array or the new one, and what the write has answered.
 *
 * <p>The ordinary run replays crashes of some kinds of write. On demand, {@code -Dmemmap.replay=sample} takes others by a seed
 * that it prints and that {@code -Dmemmap.replay.seed} sets, and faults of operations too; all of both:
 * {@code mvn verify -Dtest=ReplayTest -Dsurefire.failIfNoSpecifiedTests=false -Dmemmap.replay=all}. Either can be limited
 * to kinds of write: {@code -Dmemmap.replay.kinds=UPDATE_RAW,UPDATE_NPY}.
 * Skipped where there is no gcc to compile the library that logs the operations.
 */
class ReplayTest {
    private static final String DEMAND = System.getProperty("memmap.replay", "");
    private static final String KINDS = System.getProperty("memmap.replay.kinds", "");
    private static final boolean ALL = DEMAND.equals("all");
    private static final boolean FAULTS_TOO = ALL || DEMAND.equals("sample");
    private static final String STATES = ALL ? "0" : "5";
    private static final String FAULTS = ALL ? "0" : "2";
    private static final String ORDINARY_SEED = "14";
    private static final int MINUTES = ALL ? 120 : 10;

    @TempDir
    private static Path directory;

    private static Outcome replayed;
    private static Outcome failed;

    @BeforeAll
    static void run() throws Exception {
        String seed = System.getProperty(
                "memmap.replay.seed", DEMAND.isEmpty() ? ORDINARY_SEED : Long.toString(System.nanoTime()));
        System.out.println("memmap.replay.seed=" + seed);
        FileOps recorded = library("recorded");
        Outcome record = child(recorded, "record", seed, STATES);
        assertThat(record.lines()).as(record::tail).contains(ReplayMain.DONE);
        // Only now: the locks that the log has must be of a process that is gone.
        CompletableFuture<Outcome> replaying =
                CompletableFuture.supplyAsync(() -> unchecked(recorded, "replay", seed, STATES));
        if (FAULTS_TOO) {
            failed = child(library("failing"), "fail", seed, FAULTS);
            check(failed);
        }
        replayed = replaying.join();
        check(replayed);
    }

    private static void check(Outcome outcome) {
        outcome.linesOf(Report.COUNT).forEach(System.out::println);
        assertThat(outcome.lines()).as(outcome::tail).contains(ReplayMain.DONE);
    }

    private static FileOps library(String name) throws IOException, InterruptedException {
        try {
            return FileOps.compile(Files.createDirectory(directory.resolve(name)));
        } catch (IOException e) {
            assumeTrue(false, "no library that logs file operations: " + e.getMessage());
            throw e;
        }
    }

    private static Outcome child(FileOps files, String what, String seed, String most)
            throws IOException, InterruptedException {
        return ChildJvm.run(
                files.directory(),
                MINUTES,
                files.environment(),
                List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC"),
                ReplayMain.class,
                what,
                files.directory().toString(),
                seed,
                most,
                KINDS);
    }

    private static Outcome unchecked(FileOps files, String what, String seed, String most) {
        try {
            return child(files, what, seed, most);
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void aCrashAtAnyOperationLeavesTheOldArrayOrTheNewOne() {
        assertThat(replayed.linesOf(Report.FAULT)).isEmpty();
    }

    /** Else only this library would have read what a crash leaves. */
    @Test
    void numpyReadsAlong() {
        String one = 1 + ReplayMain.NUMPY_READERS;
        Python.assumeFound(
                replayed.linesOf(Report.COUNT).contains(one)
                        && (failed == null || failed.linesOf(Report.COUNT).contains(one)),
                "python3 with numpy is missing here: it read nothing of the replay");
    }

    @Test
    void theAnswerOfAWriteIsWhatReadersSee() {
        assumeTrue(FAULTS_TOO, "on demand: -Dmemmap.replay=sample or all");
        assertThat(failed.linesOf(Report.FAULT)).isEmpty();
    }

    /** Else the replay would be blind. */
    @Test
    void aFlushOrARenameThatIsLeftOutIsFound() {
        assumeTrue(KINDS.isEmpty(), "only " + KINDS);
        assertThat(replayed.linesOf(ReplayMain.CAUGHT))
                .anyMatch(line -> line.matches("sync OVERWRITE_NPY/\\S*/\\.assembled"))
                .anyMatch(line -> line.matches("rename OVERWRITE_NPY/\\S*/\\.assembled -> OVERWRITE_NPY/x\\.npy"))
                .anyMatch(line -> line.matches("sync OVERWRITE_DIRECTORY/\\S*/\\.part-\\S*"))
                .anyMatch(line -> line.matches("rename \\S* -> OVERWRITE_DIRECTORY/x/_memmap\\.json"));
    }
}
