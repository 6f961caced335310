package io.memmap.it;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own that runs a main of these tests on this JVM's class path: for what may end a JVM, or needs other
 * limits. {@link SparkInstallation} says how it starts quickly.
 */
final class ChildJvm {

    /**
     * What is left of it.
     *
     * @param lines all that it printed, errors included
     */
    record Outcome(int exitValue, List<String> lines) {
        private static final int LINES = 60;

        /** The lines that begin with {@code prefix}, without it. */
        List<String> linesOf(String prefix) {
            return lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
        }

        /** What was printed from a line on, or in the end if there is no such line; for a message. */
        String reasonFor(String line) {
            int at = lines.indexOf(line);
            return at < 0 ? tail() : String.join("\n", lines.subList(at, Math.min(lines.size(), at + LINES)));
        }

        /** The end of the output, for a message. */
        String tail() {
            return "exit value " + exitValue + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        }
    }

    /** What this JVM was given to let Spark at the JDK. */
    private static final List<String> ACCESS = List.of("--add-opens", "--sun-misc", "--enable-native", "-XX:+Ignore");

    private ChildJvm() {}

    /** Kills a JVM, or what a command has started it with: that ends when it has seen the end of the JVM and of its locks. */
    static void kill(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        // A JVM may have started a command of the system, such as chmod.
        boolean jvm = process.info().command().orElse("").endsWith("java");
        if (jvm || started.isEmpty()) {
            process.destroyForcibly();
        }
        started.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    /** Runs {@code main} to its end; it is killed after {@code minutes}. */
    static Outcome run(Path directory, int minutes, List<String> jvmOptions, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(directory, minutes, Map.of(), jvmOptions, main, arguments);
    }

    /** The same with environment variables on top of this JVM's. */
    static Outcome run(
            Path directory,
            int minutes,
            Map<String, String> environment,
            List<String> jvmOptions,
            Class<?> main,
            String... arguments)
            throws IOException, InterruptedException {
        return run(
                directory,
                minutes,
                environment,
                shared(jvmOptions),
                SparkInstallation.classPath(),
                main.getName(),
                arguments);
    }

    /** The same on another class path. */
    static Outcome run(
            Path directory,
            int minutes,
            Map<String, String> environment,
            List<String> jvmOptions,
            String classPath,
            String main,
            String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = start(directory, output, environment, jvmOptions, classPath, main, arguments);
        boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        return new Outcome(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    }

    /** Only starts it. */
    static Process start(
            Path directory,
            Path output,
            Map<String, String> environment,
            List<String> jvmOptions,
            String classPath,
            String main,
            String... arguments)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(jvmOptions, classPath, main, arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The command that starts it on this JVM's class path, with Spark's classes shared. */
    static List<String> command(List<String> jvmOptions, Class<?> main, String... arguments) {
        return command(shared(jvmOptions), SparkInstallation.classPath(), main.getName(), arguments);
    }

    /** The options with those that share Spark's classes. */
    static List<String> shared(List<String> jvmOptions) {
        return Stream.concat(jvmOptions.stream(), SparkInstallation.archiveOptions().stream())
                .toList();
    }

    /** The command that starts it. */
    static List<String> command(List<String> jvmOptions, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> ACCESS.stream().anyMatch(argument::startsWith))
                .forEach(command::add);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
