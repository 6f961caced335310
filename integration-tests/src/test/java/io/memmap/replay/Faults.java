package io.memmap.replay;

import io.memmap.replay.FaultPage.Mode;
import io.memmap.replay.Found.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Has single file operations of a write fail, or interrupts its thread there, and holds the write's answer against what
 * readers see, at once and when the next writer has finished what it found.
 */
final class Faults {
    /** What may become of an operation, and of those behind it. */
    enum Fault {
        EIO(Mode.ONCE, FaultPage.EIO),
        EIO_THOUGH_DONE(Mode.LATE, FaultPage.EIO),
        ENOSPC(Mode.ONCE, FaultPage.ENOSPC),
        FULL_FROM_HERE(Mode.FULL, FaultPage.ENOSPC),
        DEAD_FROM_HERE(Mode.DEAD, FaultPage.EIO),
        INTERRUPT(Mode.PAUSE, 0);

        private final Mode mode;
        private final int error;

        Fault(Mode mode, int error) {
            this.mode = mode;
            this.error = error;
        }
    }

    private static final int NEVER = Integer.MAX_VALUE;

    /** The answer of a write whose disk lets it neither finish nor undo what it began. */
    private static final String UNDECIDED = "; what was changed could not be undone: ";

    private final SparkSession spark;
    private final NumpyReader numpy;
    private final FaultPage page;
    private final Path templates;
    private final Path root;
    private final Report report = new Report();

    Faults(SparkSession spark, NumpyReader numpy, FileOps files) throws IOException {
        this.spark = spark;
        this.numpy = numpy;
        this.page = FaultPage.open(files.page());
        this.templates = Files.createDirectories(files.directory().resolve("templates"));
        this.root = Files.createDirectories(files.root().resolve("faults"));
    }

    Report report() {
        return report;
    }

    /** A fault and the number of its operation. */
    private record Trial(Fault fault, int at) {}

    /** Tries up to {@code most} faults with each of {@code kinds}. */
    void run(List<WriteKind> kinds, int most, Random random) throws IOException, InterruptedException {
        for (WriteKind kind : kinds) {
            report.count("kinds of write");
            Path template = Files.createDirectories(templates.resolve(kind.name()));
            kind.create(spark, template);
            new Attempt(kind, template, new Trial(Fault.EIO, NEVER)).count();
            List<Trial> trials = new ArrayList<>();
            for (Fault fault : Fault.values()) {
                for (int at = 1; at <= page.count(fault.mode); at++) {
                    trials.add(new Trial(fault, at));
                }
            }
            Collections.shuffle(trials, random);
            for (Trial trial : trials.subList(0, Math.min(most, trials.size()))) {
                new Attempt(kind, template, trial).check();
            }
        }
    }

    /** Returns true for a thread that runs a task; on Spark 3.5 it keeps that name while it waits for another one. */
    private static boolean isTask(Map.Entry<Thread, StackTraceElement[]> thread) {
        return thread.getKey().getName().contains("worker for task")
                && Stream.of(thread.getValue())
                        .noneMatch(frame -> frame.getMethodName().equals("getTask"));
    }

    /** One write with a fault at one of its operations. */
    private final class Attempt {
        private final WriteKind kind;
        private final Path template;
        private final Trial trial;
        private final Path home;
        private Throwable failure;

        Attempt(WriteKind kind, Path template, Trial trial) {
            this.kind = kind;
            this.template = template;
            this.trial = trial;
            this.home = root.resolve(kind.name());
        }

        /** Only counts the operations. */
        void count() throws IOException, InterruptedException {
            write();
            if (failure != null) {
                throw new IOException("Cannot write " + kind + ": " + failure, failure);
            }
        }

        void check() throws IOException, InterruptedException {
            write();
            if (!page.isHit()) {
                // Two tasks do not always share their work alike.
                return;
            }
            report.count("operations with " + trial.fault);
            State answer = failure == null ? State.NEW : State.OLD;
            Path target = kind.target(home);
            Found found = SparkReader.read(kind, target);
            check("this source reads", found, isUndecided() ? State.ERROR : answer);
            Found bytes =
                    numpy == null ? found : kind.isRaw() ? numpy.readBytes(kind, target) : numpy.read(kind, target);
            if (numpy != null && isUndecided() && bytes.state() == State.OLD) {
                fault("undecided, and NumPy reads OLD", bytes.toString());
            } else if (numpy != null && !isUndecided()) {
                check("NumPy reads", bytes, answer);
            }
            try {
                Replay.finish(target, false);
            } catch (IOException e) {
                fault("cannot be finished", e.getMessage());
                return;
            }
            Found then = SparkReader.read(kind, target);
            check("when finished, this source reads", then, isUndecided() && then.isWhole() ? then.state() : answer);
        }

        private void check(String who, Found found, State expected) {
            if (found.state() != expected) {
                fault(who + " " + found.state(), found.toString());
            }
        }

        private boolean isUndecided() {
            return failure != null && String.valueOf(failure.getMessage()).contains(UNDECIDED);
        }

        private void fault(String symptom, String detail) {
            String answer = failure == null ? "succeeded" : "failed";
            report.fault(
                    kind,
                    trial.fault + ", " + answer + ", " + symptom,
                    "operation " + trial.at + ", " + page.what() + ": " + detail
                            + (failure == null ? "" : "; the write: " + failure));
        }

        private void write() throws IOException, InterruptedException {
            copy();
            failure = null;
            Thread writer = new Thread(() -> {
                try {
                    kind.write(spark, home);
                } catch (Throwable e) {
                    failure = e;
                }
            });
            page.arm(trial.at, trial.fault.mode, trial.fault.error);
            writer.start();
            while (writer.isAlive()) {
                writer.join(1);
                if (page.isPaused()) {
                    interrupt(writer);
                }
            }
            page.disarm();
            while (Thread.getAllStackTraces().entrySet().stream().anyMatch(Faults::isTask)) {
                Thread.sleep(1);
            }
        }

        /** In a thread of its own: it may have to wait for the operation. */
        private void interrupt(Thread writer) throws InterruptedException {
            Thread interrupter = new Thread(writer::interrupt);
            interrupter.start();
            while (!writer.isInterrupted() && interrupter.isAlive()) {
                Thread.onSpinWait();
            }
            page.goOn();
            interrupter.join();
        }

        private void copy() throws IOException {
            Crash.delete(home);
            try (Stream<Path> below = Files.walk(template)) {
                for (Path path : below.toList()) {
                    Files.copy(path, home.resolve(template.relativize(path).toString()), LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }
}
