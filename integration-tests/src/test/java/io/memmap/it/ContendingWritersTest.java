package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.MemmapRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers in process namespaces of their own, or of two users of a group, append to the same targets and are killed: every
 * write that one has reported is there exactly once, every other one whole or not at all. Half of the seconds is for the namespaces, half for the users; ten minutes for each by
 * {@code -Dmemmap.locks.seconds=1200}.
 */
class ContendingWritersTest {
    private static final int SECONDS = Integer.getInteger("memmap.locks.seconds", 30);
    private static final int MOST_SECONDS_BETWEEN_KILLS = 8;
    private static final long NUMBERS = 1_000_000_000;
    private static final int GROUP = 60000;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();
    private final List<Path> notes = new ArrayList<>();
    private final Random random = new Random(14);
    private Path shared;
    private int started;

    /** A driver that is started again when it was killed. */
    private final class Writer {
        private final List<String> starter;
        private Process process;
        private Path noted;

        Writer(List<String> starter) {
            this.starter = starter;
        }

        void start() throws IOException {
            noted = Files.createFile(directory.resolve("notes" + started));
            notes.add(noted);
            open(noted);
            Path home = Files.createDirectory(directory.resolve("home" + started));
            open(home);
            List<String> command = new ArrayList<>(starter);
            command.addAll(List.of("sh", "-c", "umask 002; exec \"$@\"", "sh"));
            List<String> options = new ArrayList<>(RunningCluster.QUICK_TO_START);
            options.addAll(List.of("-Xmx512m", "-Djava.io.tmpdir=" + home));
            command.addAll(ChildJvm.command(
                    options,
                    ContendingWriter.class,
                    shared.toString(),
                    noted.toString(),
                    Long.toString(started++ * NUMBERS)));
            process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("output").toFile())
                    .start();
        }

        void awaitDone(int writes) throws IOException, InterruptedException {
            while (lines(noted, ContendingWriter.DONE).size() < writes) {
                assertThat(process.isAlive()).as("a writer of " + noted).isTrue();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }

        void kill() {
            ChildJvm.kill(process);
        }
    }

    private static void open(Path path) throws IOException {
        Files.setAttribute(path, "unix:mode", 0777);
    }

    private static List<String> lines(Path noted, String prefix) throws IOException {
        return Files.readAllLines(noted).stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Test
    void driversInTwoProcessNamespaces() throws Exception {
        ProcessNamespace.assume();
        shared = Files.createDirectory(directory.resolve("shared"));
        contend(new Writer(ProcessNamespace.STARTER), new Writer(ProcessNamespace.STARTER));
    }

    @Test
    void driversOfTwoUsersOfAGroup() throws Exception {
        AnotherUser.assume();
        open(directory);
        shared = Files.createDirectory(directory.resolve("shared"));
        Files.setAttribute(shared, "unix:gid", GROUP);
        Files.setAttribute(shared, "unix:mode", 02775);
        contend(new Writer(ofGroup(1)), new Writer(ofGroup(65534)));
    }

    private static List<String> ofGroup(int user) {
        return List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + GROUP,
                "--clear-groups",
                "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search");
    }

    private void contend(Writer... writers) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS / 2);
        int kills = 0;
        try {
            for (Writer writer : writers) {
                writer.start();
            }
            do {
                Writer victim = writers[random.nextInt(writers.length)];
                victim.awaitDone(3);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1000 * Math.min(MOST_SECONDS_BETWEEN_KILLS, SECONDS / 8)));
                victim.kill();
                kills++;
                victim.start();
            } while (System.nanoTime() < end);
            for (Writer writer : writers) {
                writer.awaitDone(3);
            }
        } finally {
            for (Writer writer : writers) {
                writer.kill();
            }
        }
        check(kills);
    }

    private void check(int kills) throws IOException {
        int done = 0;
        for (String target : ContendingWriter.TARGETS) {
            Map<Long, Integer> found = found(target);
            for (Path noted : notes) {
                for (String write : lines(noted, ContendingWriter.DONE)) {
                    if (write.startsWith(target + " ")) {
                        done++;
                        Long first = Long.valueOf(write.substring(target.length() + 1));
                        assertThat(found).as(target + " of " + noted).containsEntry(first, 1);
                    }
                }
            }
            assertThat(found.values()).as(target).containsOnly(1);
        }
        System.out.println(getClass().getSimpleName() + ": " + done + " writes reported and there once, " + kills
                + " kills, refused: " + refusals());
        assertThat(done).isPositive();
    }

    /** How often each write is there, whole ones only. */
    private Map<Long, Integer> found(String target) throws IOException {
        Path path = shared.resolve(target);
        // What a dead writer left half done is ended by the next one of its user, or on request.
        MemmapRecovery.finish(path.toString());
        long[] numbers = SavedFiles.readLongs(spark, path);
        assertThat(numbers.length % ContendingWriter.ROWS).isZero();
        Map<Long, Integer> found = new TreeMap<>();
        for (int i = 0; i < numbers.length; i += ContendingWriter.ROWS) {
            long first = numbers[i];
            assertThat(Arrays.copyOfRange(numbers, i, i + ContendingWriter.ROWS))
                    .containsExactly(first, first + 1, first + 2);
            found.merge(first, 1, Integer::sum);
        }
        return found;
    }

    /** The messages of writes that failed, without what differs from one to the next. */
    private Map<String, Long> refusals() throws IOException {
        List<String> all = new ArrayList<>();
        for (Path noted : notes) {
            all.addAll(lines(noted, ContendingWriter.FAILED));
        }
        return all.stream()
                .map(message -> message.replaceAll("\\{.*?\\}|/[^ :,]*|[0-9]+|[0-9a-f-]{36}", "…"))
                .map(message -> message.substring(0, Math.min(160, message.length())))
                .collect(Collectors.groupingBy(message -> message, TreeMap::new, Collectors.counting()));
    }
}
