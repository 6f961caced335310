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

/**
 * A JVM of its own that runs a main of these tests on this JVM's class path: for what may end a JVM, or needs other
 * limits.
 */
final class ChildJvm {

    /**
     * What is left of it.
     *
     * @param lines all that it printed, errors included
     */
    record Outcome(int exitValue, List<String> lines) {
        /** The lines that begin with {@code prefix}, without it. */
        List<String> linesOf(String prefix) {
            return lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
        }

        /** The end of the output, for a message. */
        String tail() {
            return "exit value " + exitValue + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        }
    }

    private ChildJvm() {}

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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        return new Outcome(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    }
}
