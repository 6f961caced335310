package io.memmap.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The driver that {@link KillTest} kills: starts Spark, waits for a line with the last generation of each job, and
 * runs all {@link KilledJob}s side by side, each over and over, until it is killed or its input ends. The arguments
 * are the root directory, one for trying Spark out, and, for executors in processes of their own, the jars to ship. Says {@code begin <job> <generation>} before each job, and
 * {@code failed <job> <generation>: <message>}.
 */
final class KilledWriter {
    private final SparkSession spark;
    private final Path root;

    private KilledWriter(SparkSession spark, Path root) {
        this.spark = spark;
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        Path trial = Path.of(args[1]);
        SparkSession spark = args.length < 3
                ? SharedSpark.session()
                : RunningCluster.startLocal(trial.getParent(), args[2]).session();
        KilledWriter writer = new KilledWriter(spark, Path.of(args[0]));
        KilledJob.OVERWRITE_NPY.create(spark, trial);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String go = input.readLine();
        if (go == null) {
            return;
        }
        String[] generations = go.split(" ");
        for (KilledJob job : KilledJob.values()) {
            int last = Integer.parseInt(generations[job.ordinal()]);
            Thread thread = new Thread(() -> writer.run(job, last));
            thread.setDaemon(true);
            thread.start();
        }
        input.readLine();
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
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
