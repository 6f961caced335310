package io.memmap.benchmark;

import io.memmap.array.MemmapArray;
import io.memmap.benchmark.Workload.Task;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * This source in a JVM and a Spark of its own, with another connector jar or with another option of the JVM. Two such JVMs
 * compare; one of them and the benchmark's own JVM, which runs the other formats too, compare less well.
 */
public final class SparkChild {
    private SparkChild() {}

    /** This connector with an option of the JVM. */
    static ChildContender start(String name, String title, String option) throws IOException {
        return start(name, title, connector().toString(), List.of(option));
    }

    /**
     * A connector jar.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    static ChildContender ofJar(int index, String jar) throws IOException {
        if (!Files.exists(Path.of(jar))) {
            throw new IllegalArgumentException("Cannot read argument jars: there is no " + jar);
        }
        String title = jarName(index) + " " + Path.of(jar).getFileName();
        return start(jarName(index), title, jar, List.of());
    }

    static String jarName(int index) {
        return "jar-" + (index + 1);
    }

    private static ChildContender start(String name, String title, String connector, List<String> options)
            throws IOException {
        Path replaced = connector().toRealPath();
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> isSame(Path.of(entry), replaced) ? connector : entry)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(ChildContender.java()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, SparkChild.class.getName(), title));
        return ChildContender.start(name, command, Map.of(), (workload, files, target) -> line(workload, files));
    }

    /** The connector of this JVM: a jar or a directory of classes. */
    private static Path connector() {
        try {
            return Path.of(MemmapArray.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static boolean isSame(Path entry, Path replaced) {
        try {
            return entry.toRealPath().equals(replaced);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> line(Workload workload, DataFiles files) throws IOException {
        Data data = workload.data();
        return Optional.of(String.join(
                "\t",
                files.array(data).getParent().toString(),
                data.name(),
                data.table(),
                data.dtype(),
                Integer.toString(data.columns()),
                Boolean.toString(data.fortran()),
                Long.toString(data.rows()),
                Integer.toString(data.shards()),
                workload.task().name(),
                workload.sql()));
    }

    public static void main(String[] args) throws IOException {
        SparkSession spark = QueryBenchmark.session();
        System.out.println("ready\t" + args[0] + "\t" + args[0]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Map<String, Contender.Query> queries = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(reply(spark, line, queries));
        }
        spark.stop();
    }

    private static String reply(SparkSession spark, String line, Map<String, Contender.Query> queries) {
        try {
            if (!queries.containsKey(line)) {
                queries.put(line, query(spark, line.split("\t", -1)));
            }
            Answer answer = queries.get(line).run();
            return "ok\t" + answer.seconds() + "\t"
                    + Arrays.stream(answer.values()).mapToObj(Double::toString).collect(Collectors.joining(" "));
        } catch (Exception e) {
            return "error\t" + e.toString().replace('\n', ' ');
        }
    }

    private static Contender.Query query(SparkSession spark, String[] fields) throws IOException {
        Data data = new Data(
                fields[1],
                fields[2],
                fields[3],
                Integer.parseInt(fields[4]),
                Boolean.parseBoolean(fields[5]),
                Long.parseLong(fields[6]),
                Integer.parseInt(fields[7]));
        Workload workload = new Workload("", "", data, Task.valueOf(fields[8]), 0, fields[9], "", Optional.empty(), 0);
        DataFiles files = new DataFiles(Path.of(fields[0]), spark);
        return SparkContender.memmap(spark).query(workload, files).orElseThrow();
    }
}
