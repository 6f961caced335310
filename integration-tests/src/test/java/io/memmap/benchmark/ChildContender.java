package io.memmap.benchmark;

import io.memmap.benchmark.Workload.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Another process, which lives as long as the contender. It is asked on its standard input, one line a run, and takes the
 * time itself, so that its start and the pipe do not count.
 *
 * @param dialect what of a workload it understands
 */
record ChildContender(
        String name, String title, Optional<String> version, Process process, BufferedReader answers, Dialect dialect)
        implements Contender {

    /** Says a workload in one line; empty if it cannot be said. */
    interface Dialect {
        Optional<String> line(Workload workload, DataFiles files, Path target) throws IOException;
    }

    /** NumPy or Dask in a Python. */
    static ChildContender arrays(String name, String python) throws IOException {
        return start(name, List.of(python, script("arrays.py"), name), Map.of(), (workload, files, target) -> {
            boolean shardsInDask = name.equals("dask") && workload.data().shards() > 0;
            boolean written = name.equals("dask") && workload.task() == Task.WRITE;
            if (workload.numpy().isEmpty() || shardsInDask || written) {
                return Optional.empty();
            }
            Data data = workload.data();
            return Optional.of(String.join(
                    "\t",
                    files.array(data).toString(),
                    data.dtype(),
                    Long.toString(data.rows()),
                    Integer.toString(data.columns()),
                    data.order(),
                    target.toString(),
                    workload.numpy()));
        });
    }

    /**
     * The bare vector loop, whose API this build cannot compile against on all JDKs.
     *
     * @param form {@code blocks} or {@code straight}
     */
    static ChildContender vectorLoop(String form) throws IOException {
        List<String> command = List.of(java(), "--add-modules=jdk.incubator.vector", script("VectorLoop.java"), form);
        return start(form, command, Map.of(), (workload, files, target) -> {
            Data data = workload.data();
            if (!workload.sql().equals("SELECT sum(value) FROM t")
                    || !data.dtype().equals("<f8")
                    || data.shards() > 0) {
                return Optional.empty();
            }
            return Optional.of(files.array(data) + "\t" + data.rows());
        });
    }

    /** The program of this JVM. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Polars in a Node, which has it at this place or finds it itself. */
    static ChildContender polars(String node, String modules) throws IOException {
        Map<String, String> environment = modules.isEmpty()
                ? Map.of("POLARS_MAX_THREADS", "2")
                : Map.of(
                        "POLARS_MAX_THREADS",
                        "2",
                        "NODE_PATH",
                        Path.of(modules, "node_modules").toString());
        return start("polars", List.of(node, script("polars.js")), environment, (workload, files, target) -> {
            if (workload.task() != Task.QUERY) {
                return Optional.empty();
            }
            String parquet = files.parquet(workload.data(), "uncompressed") + "/*.parquet";
            return Optional.of(parquet + "\t" + wideSums(workload));
        });
    }

    /** Polars adds INTEGER up in 32 bits, and says nothing when they overflow. */
    private static String wideSums(Workload workload) {
        boolean isInteger =
                List.of("<i4", "<i2", "<u2").contains(workload.data().dtype());
        return isInteger ? workload.sql().replace("sum(value)", "sum(CAST(value AS BIGINT))") : workload.sql();
    }

    /**
     * Starts it and waits until it has found what it needs.
     *
     * @throws IOException if there is no such program, or it ends
     */
    static ChildContender start(String name, List<String> command, Map<String, String> environment, Dialect dialect)
            throws IOException {
        Path errors = Files.createTempFile("benchmark-" + name, ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
            String ready = answers.readLine();
            if (ready == null) {
                throw new IOException(lastLine(errors));
            }
            String[] fields = ready.split("\t", -1);
            return new ChildContender(name, fields[1], Optional.of(fields[2]), process, answers, dialect);
        } finally {
            Files.delete(errors);
        }
    }

    private static String lastLine(Path errors) throws IOException {
        return Files.readAllLines(errors).stream()
                .filter(line -> line.contains("Error"))
                .findFirst()
                .orElse("it ended");
    }

    private static String script(String name) throws IOException {
        Path script = Files.createTempFile("benchmark-", name);
        script.toFile().deleteOnExit();
        try (InputStream resource = ChildContender.class.getResourceAsStream("/benchmark/" + name)) {
            Files.write(script, resource.readAllBytes());
        }
        return script.toString();
    }

    @Override
    public Optional<Query> query(Workload workload, DataFiles files) throws IOException {
        Path target = files.target(this);
        return dialect.line(workload, files, target).map(line -> () -> {
            Answer answer = ask(line);
            DataFiles.delete(target);
            return answer;
        });
    }

    private Answer ask(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
        String reply = answers.readLine();
        if (reply == null) {
            throw new IOException("it ended");
        }
        String[] fields = reply.split("\t", -1);
        if (!fields[0].equals("ok")) {
            throw new IOException(reply);
        }
        double[] numbers = Arrays.stream(fields[2].split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Answer(Double.parseDouble(fields[1]), numbers);
    }

    /** Its standard input ends, and so does it. */
    @Override
    public void close() {
        process.destroy();
    }
}
