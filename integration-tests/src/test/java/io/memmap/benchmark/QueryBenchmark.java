package io.memmap.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Asks this source and others the same questions over the same rows, in turn, several times after warm-up, and prints
 * the medians and their ratios. Every contender starts from the path each time: opening the files is part of what is
 * timed, for all of them. The files lie in the page cache. A contender that answers otherwise than the first one ends the
 * benchmark with an error.
 *
 * <p>Run from the top folder; {@link Arguments} says what can be chosen, and none need be:
 *
 * <pre>mvn -q -P benchmark -pl integration-tests -am test-compile exec:exec -Dbenchmark=QueryBenchmark \
 *     -Dargs="workloads=sum,filter size=0.8"</pre>
 */
public final class QueryBenchmark {

    private QueryBenchmark() {}

    public static void main(String[] args) throws IOException {
        Arguments.parse(args);
        SparkSession spark = session();
        try {
            run(spark, args);
        } finally {
            spark.stop();
        }
    }

    static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "ERROR")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    /** Runs in a session that is there. */
    public static Results run(SparkSession spark, String... args) throws IOException {
        Arguments arguments = Arguments.parse(args);
        boolean temporary = arguments.directory().isEmpty();
        Path directory = temporary ? Files.createTempDirectory("memmap-benchmark") : Path.of(arguments.directory());
        List<Contender> contenders = Contenders.open(arguments, spark);
        String machine = machine(spark, contenders);
        System.out.println(machine + "; load average "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        try {
            Results results = race(arguments, contenders, new DataFiles(directory, spark), machine);
            System.out.println();
            System.out.println(results.markdown());
            System.out.println("Median seconds, in brackets how many times those of memmap; – is not asked of it.");
            return results;
        } finally {
            contenders.forEach(Contender::close);
            if (temporary) {
                DataFiles.delete(directory);
            }
        }
    }

    private static Results race(Arguments arguments, List<Contender> contenders, DataFiles files, String machine)
            throws IOException {
        List<Result> results = new ArrayList<>();
        for (double gigabytes : arguments.sizes()) {
            for (Workload workload : Workloads.of(gigabytes * 1e9, arguments.shards(), arguments.dimensions())) {
                if (arguments.chooses(workload)) {
                    System.out.println(workload.title() + ", " + gigabytes + " GB");
                    Race race = new Race(workload, contenders, files);
                    results.addAll(race.run(arguments.warmUps(), arguments.rounds(), arguments.seconds()));
                    race.ratios(arguments.base()).forEach(ratio -> System.out.println("  " + ratio));
                    if (!arguments.out().isEmpty()) {
                        write(new Results(results), Path.of(arguments.out()), machine);
                    }
                }
            }
        }
        return new Results(results);
    }

    private static void write(Results results, Path directory, String machine) throws IOException {
        Files.createDirectories(directory);
        Path tsv = directory.resolve("results.tsv");
        List<String> order = Workloads.of(1, 1, 1).stream().map(Workload::name).toList();
        Results all = results.withEarlier(tsv, order);
        Files.write(tsv, all.tsv());
        Files.writeString(directory.resolve("results.md"), all.markdown() + "\n" + machine + "\n");
        Files.writeString(directory.resolve("results.svg"), Chart.svg(all, machine));
    }

    private static String machine(SparkSession spark, List<Contender> contenders) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(Runtime.getRuntime().availableProcessors() + " cores" + processor());
        parts.add("Java " + Runtime.version().feature());
        parts.add("Spark " + spark.version() + " local[2]");
        contenders.forEach(contender -> contender.version().ifPresent(parts::add));
        return parts.stream().distinct().collect(Collectors.joining(", "));
    }

    private static String processor() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        if (!Files.exists(cpus)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(cpus)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " of " + line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        }
    }
}
