package io.memmap.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The driver's JVM of {@link LocalClusterTest}: runs all scenarios in one session and prints a line for each. */
final class LocalClusterRuns {
    static final String PASSED = "PASSED ";
    static final String FAILED = "FAILED ";
    static final String STANDALONE = "standalone";
    static final String LOCAL = "local-cluster";
    static final String LONG_RUN = "long-run";

    /** What a test asserts, by the name of the test. */
    @FunctionalInterface
    interface Scenario {
        void run() throws Exception;
    }

    private LocalClusterRuns() {}

    /** Runs it in a JVM of its own; the last arguments are those that follow the jars. */
    static ChildJvm.Outcome start(Path directory, int minutes, String... arguments)
            throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        return ChildJvm.run(
                directory,
                minutes,
                home.environment(),
                RunningCluster.QUICK_TO_START,
                LocalClusterRuns.class,
                Stream.concat(Stream.of(files.toString(), home.shipped()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** The arguments: a directory for the files, the jars to ship, the kind of cluster, and what that needs. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Path work = directory.resolve("work");
        switch (args[2]) {
            case STANDALONE -> {
                try (RunningHdfs hdfs = RunningHdfs.start(directory.resolve("hdfs"));
                        RunningCluster cluster = RunningCluster.start(work, args[1])) {
                    run(new ClusterWrites(cluster.session(), directory).withLateAttempts());
                    run(new ClusterHdfs(cluster.session(), directory, hdfs).scenarios());
                    run(new ClusterHdfsLosses(cluster.session(), directory, hdfs).scenarios());
                    run(onAnyCluster(cluster.session(), directory));
                }
            }
            case LOCAL -> {
                try (RunningCluster cluster = RunningCluster.startLocal(work, args[1])) {
                    run(onAnyCluster(cluster.session(), directory));
                }
            }
            case LONG_RUN -> {
                try (RunningCluster cluster = RunningCluster.start(work, args[1])) {
                    run(new ClusterLongRun(cluster.session(), directory, Long.parseLong(args[4]))
                            .scenarios(Integer.parseInt(args[3])));
                }
            }
            default -> throw new IllegalArgumentException("Cannot run " + args[2] + ", expected a kind of cluster");
        }
    }

    private static void run(Map<String, Scenario> scenarios) {
        scenarios.forEach(LocalClusterRuns::run);
    }

    private static Map<String, Scenario> onAnyCluster(SparkSession session, Path directory) {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.putAll(new ClusterReads(session, directory).scenarios());
        scenarios.putAll(new ClusterWrites(session, directory).scenarios());
        scenarios.putAll(new ClusterLosses(session, directory).scenarios());
        return scenarios;
    }

    private static void run(String name, Scenario scenario) {
        long start = System.nanoTime();
        try {
            scenario.run();
            System.out.println(PASSED + name + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
        } catch (Exception | AssertionError e) {
            System.out.println(FAILED + name);
            e.printStackTrace(System.out);
        }
    }
}
