package io.memmap.it;

import io.memmap.it.KilledTarget.Artefact;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link KilledWriter} that runs, and the thread that listens to it. */
final class KilledChild {
    private static final int PATIENCE_SECONDS = 180;
    private static final Path NICE = Path.of("/usr/bin/nice");
    /** How often a job may pass the artefact unseen before its driver is killed wherever it is. */
    private static final int MOST_MISSED = 6;
    /** Between two looks, as the jobs need the processor too; far less than any artefact lasts. */
    private static final long PAUSE_NANOS = 200_000;

    private final Process process;
    private final Map<KilledJob, KilledTarget> targets;
    private final List<String> failures = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread listener;

    private KilledChild(Process process, Map<KilledJob, KilledTarget> targets) {
        this.process = process;
        this.targets = targets;
        this.listener = new Thread(this::listen);
    }

    /**
     * Starts a driver, which gets ready and waits for {@link #go}.
     *
     * @param home a Spark whose executors are processes of their own, which outlive the driver for a while; or null
     */
    static KilledChild start(Path root, Path log, Map<KilledJob, KilledTarget> targets, SparkHome home)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            // The thread that watches it must get the processor at once: some artefacts last for milliseconds.
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        List<String> options = new ArrayList<>(RunningCluster.QUICK_TO_START);
        options.addAll(List.of("-Xmx512m", "-Duser.timezone=UTC"));
        List<String> arguments = new ArrayList<>(
                List.of(root.toString(), log.resolveSibling("trial").toString()));
        if (home != null) {
            arguments.add(home.shipped());
        }
        command.addAll(ChildJvm.command(options, KilledWriter.class, arguments.toArray(String[]::new)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(log.getParent().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (home != null) {
            builder.environment().putAll(home.environment());
        }
        Process process = builder.start();
        KilledChild child = new KilledChild(process, targets);
        child.listener.start();
        return child;
    }

    /** Has the jobs go on behind the last generation of each target. */
    void go() throws IOException {
        String generations = Stream.of(KilledJob.values())
                .map(job -> Integer.toString(targets.get(job).generation()))
                .collect(Collectors.joining(" "));
        BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(generations + "\n");
        input.flush();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("begin") && words.length == 3) {
                    targets.get(KilledJob.valueOf(words[1])).begin(Integer.parseInt(words[2]));
                    begun.countDown();
                } else if (words[0].equals("failed")) {
                    failures.add(line);
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        } finally {
            begun.countDown();
        }
    }

    /**
     * Kills it as soon as a job has made an artefact. A job that has gone past it unseen makes it again, with its next
     * generation; if that happens too often, or takes too long, the driver is killed wherever it is.
     */
    void killAt(KilledJob job, Artefact artefact) throws IOException, InterruptedException {
        KilledTarget target = targets.get(job);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        int turn = 0;
        int missed = 0;
        begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Artefact before = null;
        Artefact now = target.look();
        while (System.nanoTime() < end && process.isAlive()) {
            // Not what was there before: the run would be older than the wish.
            if (now != null && now.compareTo(artefact) >= 0 && (before == null || before.compareTo(artefact) < 0)) {
                // Nobody can aim at the lock: the staging directory is there at once.
                if (now == artefact || artefact == Artefact.LOCK || ++missed == MOST_MISSED) {
                    break;
                }
            }
            // The others are looked at for how they were before their jobs, one at a time: this loop must be quick.
            targets.get(KilledJob.values()[turn++ % KilledJob.values().length]).look();
            before = now;
            LockSupport.parkNanos(PAUSE_NANOS);
            now = target.look();
        }
        kill();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        listener.join();
    }

    /** What went wrong in it before it was killed. */
    List<String> failures() {
        return failures;
    }
}
