package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.spark.MemmapDataSource;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The {@code python3} of this machine. */
final class Python {
    private static final int MINUTES = 2;

    private Python() {}

    /** What a run printed, errors included. */
    record Outcome(boolean succeeded, String output) {}

    /** Skips the test where there is no NumPy; fails it where {@code -Dmemmap.strict=true} is set. */
    static void assumeNumpy(Path directory) throws IOException, InterruptedException {
        Outcome numpy = run(directory, "-c", "import numpy; print(numpy.__version__)");
        assumeFound(numpy.succeeded(), "python3 with numpy is missing here: " + numpy.output());
    }

    /** Skips the test with this reason unless it holds; fails it where {@code -Dmemmap.strict=true} is set. */
    static void assumeFound(boolean found, String reason) {
        if (Boolean.getBoolean("memmap.strict")) {
            assertThat(found).as("memmap.strict is set: " + reason).isTrue();
        }
        assumeTrue(found, reason);
    }

    /** Variables that put the connector, which is a Python module too, before this JVM's own path of modules. */
    static Map<String, String> environment() {
        String own = System.getenv("PYTHONPATH");
        String connector = SparkHome.locationOf(MemmapDataSource.class).toString();
        return Map.of(
                "PYTHONPATH",
                own == null ? connector : connector + File.pathSeparator + own,
                "PYTHONDONTWRITEBYTECODE",
                "1");
    }

    /**
     * Runs it to its end.
     *
     * @param directory for what it prints
     */
    static Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("python3"), Stream.of(arguments)).toList();
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Outcome(false, e.getMessage());
        }
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return ended
                ? new Outcome(process.exitValue() == 0, text)
                : new Outcome(false, "no end after " + MINUTES + " minutes: " + text);
    }
}
