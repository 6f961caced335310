package io.memmap.it;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The driver's JVM of {@link LocalClusterTest}: runs all scenarios in one session and prints a line for each. */
final class LocalClusterRuns {
    static final String PASSED = "PASSED ";
    static final String FAILED = "FAILED ";

    /** What a test asserts, by the name of the test. */
    @FunctionalInterface
    interface Scenario {
        void run() throws Exception;
    }

    private LocalClusterRuns() {}

    /** The arguments: a directory for the files, and the jars to ship. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        try (RunningCluster cluster = RunningCluster.start(directory.resolve("work"), args[1])) {
            Map<String, Scenario> scenarios = new LinkedHashMap<>();
            scenarios.putAll(new ClusterReads(cluster.session(), directory).scenarios());
            scenarios.putAll(new ClusterWrites(cluster.session(), directory).scenarios());
            scenarios.putAll(new ClusterLosses(cluster.session(), directory).scenarios());
            scenarios.forEach(LocalClusterRuns::run);
        }
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
