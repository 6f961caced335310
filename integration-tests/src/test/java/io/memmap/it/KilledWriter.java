package io.memmap.it;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The driver that {@link KillTest} kills: runs all {@link KilledJob}s side by side, each over and over, until it is killed
 * or its input ends. The arguments are the root directory, then for each job the number of its last generation. Says
 * {@code begin <job> <generation>} before each, {@code end …} after it, and {@code failed <message>}.
 */
final class KilledWriter {
    private final SparkSession spark;
    private final Path root;

    private KilledWriter(SparkSession spark, Path root) {
        this.spark = spark;
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        KilledWriter writer = new KilledWriter(SharedSpark.session(), Path.of(args[0]));
        for (KilledJob job : KilledJob.values()) {
            int last = Integer.parseInt(args[1 + job.ordinal()]);
            Thread thread = new Thread(() -> writer.run(job, last));
            thread.setDaemon(true);
            thread.start();
        }
        while (System.in.read() >= 0) {
            continue;
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(KilledJob job, int last) {
        for (int generation = last + 1; ; generation++) {
            say("begin " + job + " " + generation);
            try {
                job.write(spark, root, generation);
            } catch (RuntimeException e) {
                say("failed " + job + " " + generation + ": " + e);
                return;
            }
            say("end " + job + " " + generation);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
