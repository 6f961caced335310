package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.it.KilledJob.Run;
import io.memmap.it.KilledTarget.Artefact;
import io.memmap.spark.MemmapRecovery;
import io.memmap.spark.failure.MemmapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers that are killed with SIGKILL while they write: afterwards there is the old array or the new one, whole, to
 * NumPy and to this reader, and the next write works and leaves nothing lying about.
 *
 * <p>A driver runs all {@link KilledJob}s side by side. The kill is fired when one of them shows the {@link Artefact}
 * that is wanted; the others die wherever they are, and count under what they had made. A job that runs no more, or
 * not yet, counts nowhere; its array must be whole all the same.
 *
 * <p>An overwritten single file is shown to NumPy before anybody else looks at it, and so is an {@code .npy} file that is
 * appended to: its header tells of the old rows or of all. New data of a raw file is never seen beside the old sidecar.
 * Other changes are made in place: once their record is there, the file may be half old and half new until the change is
 * ended. This reader refuses it until then, or gives whole old rows; the change is finished or discarded by turns.
 *
 * <p>The ordinary run goes on until a job has died at each artefact, the job that overwrites a raw file beside its new
 * data, and a MERGE half done. The long run goes on until eight have, and fires at the jobs by turns: {@code mvn verify
 * -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false -Dmemmap.kills=8}. With
 * {@code -Dmemmap.kills.processes=true} the tasks run in executors of their own, which outlive the driver for a while.
 * All print how many kills at what left the
 * old array and how many the new one. Only what stood on the disk after a kill counts, not what it was fired at.
 */
class KillTest {
    private static final int MOST_GENERATIONS = 8;
    private static final int MOST_TRIES = 10;
    private static final int BLOCK = 1000;

    /** A job that was killed, and what stood on the disk then. */
    private record Kill(KilledJob job, Artefact found) {}

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();
    private final Map<KilledJob, KilledTarget> targets = new EnumMap<>(KilledJob.class);
    private final Map<String, Integer> histogram = new TreeMap<>();
    private final Map<String, Integer> tries = new TreeMap<>();
    private final List<Kill> dead = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private NumpyRuns numpy;
    private int ends;
    /** Null where the tasks run within the driver. */
    private SparkHome home;
    /** The next driver, which starts while the targets of the last one are looked at. */
    private KilledChild ready;

    @BeforeEach
    void createTargets() throws IOException {
        numpy = startNumpy();
        if (Boolean.getBoolean("memmap.kills.processes")) {
            home = SparkHome.create(Files.createDirectory(directory.resolve("home")));
        }
        for (KilledJob job : KilledJob.values()) {
            Files.createDirectories(job.target(directory).getParent());
            job.create(spark, directory);
            targets.put(job, new KilledTarget(job, directory));
        }
        ready = startDriver();
    }

    private KilledChild startDriver() throws IOException {
        return KilledChild.start(directory, directory.resolve("driver.log"), targets, home);
    }

    /** Null where there is none: then only this reader looks. */
    private static NumpyRuns startNumpy() {
        try {
            NumpyRuns started = NumpyRuns.start();
            return started.version() == null ? null : started;
        } catch (IOException e) {
            return null;
        }
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        if (ready != null) {
            ready.kill();
        }
        if (numpy != null) {
            numpy.close();
        }
    }

    @Test
    void aKilledDriverLeavesTheOldArrayOrTheNewOne() throws IOException, InterruptedException {
        for (Artefact artefact : Artefact.values()) {
            reach(
                    artefact,
                    Stream.of(KilledJob.values())
                            .filter(job -> job.artefacts().contains(artefact))
                            .toList());
        }
        // Beside a raw file's new data, and a sidecar that mostly is in transit yet.
        reach(Artefact.PUBLISHED, List.of(KilledJob.OVERWRITE_RAW));
        // Beside new shards in directories that a manifest of old ones lists.
        reach(Artefact.SHARDS, List.of(KilledJob.OVERWRITE_PARTITIONED));
        reach(Artefact.SHARDS, List.of(KilledJob.OVERWRITE_SIDE_BY_SIDE));
        // Between rows that are changed and rows that are appended, or those and the sidecar.
        reach(Artefact.HALF_DONE, List.of(KilledJob.MERGE));
        histogram.forEach((line, count) -> System.out.printf("%4d %s%n", count, line));
        tries.forEach((line, count) -> System.out.printf("%4d kills fired at %s%n", count, line));
        assertThat(wrong).as(() -> String.join("\n", wrong)).isEmpty();
        Python.assumeFound(numpy != null, "all this was seen by this reader only: no python3 with numpy here");
    }

    /** Fires until enough jobs have died with this on the disk; those that died later count for what was there. */
    private void reach(Artefact wanted, List<KilledJob> jobs) throws IOException, InterruptedException {
        int kills = Integer.getInteger("memmap.kills", 1);
        boolean lock = wanted == Artefact.LOCK;
        for (int i = 0; killed(jobs, wanted) < kills && i < kills * (lock ? 1 : MOST_TRIES); i++) {
            fire(jobs.get((i + wanted.ordinal()) % jobs.size()), wanted);
            tries.merge(jobs + " at " + wanted, 1, Integer::sum);
        }
        if (killed(jobs, wanted) < kills && !lock) {
            wrong.add(jobs + " died " + killed(jobs, wanted) + " times at " + wanted + ", expected " + kills);
        }
    }

    private long killed(List<KilledJob> jobs, Artefact found) {
        return dead.stream()
                .filter(kill -> jobs.contains(kill.job) && kill.found == found)
                .count();
    }

    private void fire(KilledJob job, Artefact wanted) throws IOException, InterruptedException {
        KilledChild driver = ready;
        driver.go();
        driver.killAt(job, wanted);
        ready = startDriver();
        wrong.addAll(driver.failures());
        for (KilledJob each : KilledJob.values()) {
            checkAndGoOn(each, each == job ? wanted + ", found " : "in passing ");
        }
    }

    private void checkAndGoOn(KilledJob job, String when) throws IOException {
        KilledTarget target = targets.get(job);
        Artefact found = target.look();
        try {
            String outcome = check(job, target, found);
            int last = target.generation() - (outcome.equals("new") ? 0 : 1);
            target.begin(last);
            if (found != null) {
                dead.add(new Kill(job, found));
                histogram.merge(String.format("%-19s %-32s %s", job, when + found, outcome), 1, Integer::sum);
            }
            if (found != null || !target.leftovers().isEmpty()) {
                writeNext(job, target, last + 1);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            wrong.add(job + " " + when + found + ", generation " + target.generation() + ": " + e);
            start(job, target);
        }
    }

    /** Says whether it is the old array or the new one that is there. */
    private String check(KilledJob job, KilledTarget target, Artefact found) throws IOException {
        if (job == KilledJob.OVERWRITE_RAW) {
            target.assertNoOtherSidecar();
        }
        if (numpy != null && (job.overwrites() || job == KilledJob.APPEND_NPY) && !job.directory()) {
            Path path = target.path();
            List<Run> first = elements(job.raw() ? numpy.bytes(path) : numpy.npy(path));
            assertThat(first)
                    .as("before any reader")
                    .isIn(job.runs(target.generation() - 1), job.runs(target.generation()));
        }
        if (target.inTransit()) {
            endTransit(job, target);
        }
        boolean pending = Files.exists(target.record());
        if (found == null && !pending && numpy != null && !job.directory()) {
            return checkOldOrNew(job, target, found, elements(shown(job, target)));
        }
        String ended = pending ? end(job, target) : null;
        String outcome = pending
                ? checkOldOrNew(job, target, null, runs(job, target))
                : checkOldOrNew(job, target, found, runs(job, target));
        assertThat(outcome).isIn(ended == null ? List.of("old", "new") : List.of(ended));
        if (numpy != null && !job.directory()) {
            assertThat(checkOldOrNew(job, target, pending ? null : found, elements(shown(job, target))))
                    .isEqualTo(outcome);
        }
        return outcome;
    }

    /** Finishing and discarding are one: the file that is there decides. */
    private void endTransit(KilledJob job, KilledTarget target) throws IOException {
        List<Run> rows = runs(job, target);
        assertThat(rows).isIn(job.runs(target.generation() - 1), job.runs(target.generation()));
        String path = target.path().toString();
        assertThat(ends++ % 2 == 0 ? MemmapRecovery.finish(path) : MemmapRecovery.discard(path))
                .isTrue();
        histogram.merge(job + " with a sidecar in transit", 1, Integer::sum);
        assertThat(target.inTransit()).isFalse();
        target.assertNoOtherSidecar();
        assertThat(runs(job, target)).isEqualTo(rows);
    }

    /** Ends a change that is pending, and says which array is there then. */
    private String end(KilledJob job, KilledTarget target) throws IOException {
        String path = target.path().toString();
        try {
            assertThat(runs(job, target))
                    .as("read while a change is pending")
                    .isIn(job.runs(target.generation() - 1), job.runs(target.generation()));
        } catch (MemmapException e) {
            assertThat(e).hasMessageContaining("a change of it is not finished");
        }
        boolean finished = ends++ % 2 == 0;
        assertThat(finished ? MemmapRecovery.finish(path) : MemmapRecovery.discard(path))
                .isTrue();
        assertThat(target.record()).doesNotExist();
        return finished ? "new" : "old";
    }

    /** As a user of NumPy opens it. */
    private String shown(KilledJob job, KilledTarget target) throws IOException {
        return job.raw() ? numpy.raw(target.path()) : numpy.npy(target.path());
    }

    private static String checkOldOrNew(KilledJob job, KilledTarget target, Artefact found, List<Run> runs) {
        List<Run> old = job.runs(Math.max(0, target.generation() - 1));
        List<Run> now = job.runs(target.generation());
        if (found == null) {
            assertThat(runs).isIn(old, now);
        } else {
            assertThat(runs).isEqualTo(found.committed() ? now : old);
        }
        return runs.equals(now) ? "new" : "old";
    }

    /** NumPy's runs of elements as runs of rows. */
    private static List<Run> elements(String shown) {
        assertThat(shown).matches("[0-9: ]+");
        return Arrays.stream(shown.split(" "))
                .map(run -> run.split(":"))
                .map(run -> {
                    long count = Long.parseLong(run[1]);
                    assertThat(count % KilledJob.WIDTH).as(shown).isZero();
                    return new Run(Long.parseLong(run[0]), count / KilledJob.WIDTH);
                })
                .toList();
    }

    /** This reader's rows: all edges between generations lie at multiples of the block. */
    private List<Run> runs(KilledJob job, KilledTarget target) {
        List<Row> blocks = spark.read()
                .format("memmap")
                .options(job.readOptions())
                .load(target.path().toString())
                .selectExpr("_row DIV " + BLOCK + " AS block", job.rowValues() + " AS value")
                .selectExpr("block", "array_min(value) AS low", "array_max(value) AS high")
                .groupBy("block", "low", "high")
                .count()
                .orderBy("block", "low", "high")
                .collectAsList();
        List<Run> runs = new ArrayList<>();
        for (Row block : blocks) {
            assertThat(block.getLong(1)).as("a row of one value").isEqualTo(block.getLong(2));
            Run run = new Run(block.getLong(1), block.getLong(3));
            Run last = runs.isEmpty() ? run : runs.get(runs.size() - 1);
            if (!runs.isEmpty() && last.value() == run.value()) {
                runs.set(runs.size() - 1, new Run(run.value(), last.rows() + run.rows()));
            } else {
                runs.add(run);
            }
        }
        return runs;
    }

    /** The next write takes over what the dead one left. */
    private void writeNext(KilledJob job, KilledTarget target, int next) throws IOException {
        job.write(spark, directory, next);
        target.begin(next);
        assertThat(target.leftovers()).as("what is left after the next write").isEmpty();
        List<Run> runs = numpy == null || job.directory() ? runs(job, target) : elements(shown(job, target));
        assertThat(runs).as("after the next write").isEqualTo(job.runs(next));
        if (next >= MOST_GENERATIONS) {
            start(job, target);
        }
    }

    private void start(KilledJob job, KilledTarget target) throws IOException {
        target.delete();
        Files.createDirectories(target.path().getParent());
        job.create(spark, directory);
        target.begin(0);
    }
}
