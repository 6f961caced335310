package io.memmap.it;

import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** A JVM that holds the lock of a target until it is killed. */
final class LockHolder implements AutoCloseable {
    private static final String HELD = "held";

    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** The other JVM; it ends with whoever started it, or prints why it gets no lock. */
    public static void main(String[] args) throws IOException {
        try {
            TargetLock.take(
                    Storage.of(args[0], new HadoopSettings(new Configuration(), Map.of())), args[0], "a test", false);
        } catch (IOException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
        System.out.println(HELD);
        System.in.read();
    }

    /** Starts it and waits until it has the lock. */
    static LockHolder of(Path target) throws IOException {
        return of(target, List.of());
    }

    /** The same, started by another command: in namespaces of its own, or as another user. */
    static LockHolder of(Path target, List<String> starter) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.addAll(ChildJvm.command(RunningCluster.QUICK_TO_START, LockHolder.class, target.toString()));
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> printed = new ArrayList<>();
        for (String line = output.readLine(); !HELD.equals(line); line = output.readLine()) {
            if (line == null) {
                throw new IOException("Cannot hold the lock of " + target + ": the other JVM ended: " + printed);
            }
            printed.add(line);
        }
        return new LockHolder(process);
    }

    long pid() {
        return process.pid();
    }

    /** Kills the process, which leaves its lock behind. */
    void kill() {
        ChildJvm.kill(process);
    }

    @Override
    public void close() {
        kill();
    }
}
