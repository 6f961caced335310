package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link GoldenTest}, with random arrays that the NumPy of this machine writes now. Skipped where {@code python3} or
 * its NumPy is missing. The names of the tests carry the seed; {@code -Dmemmap.seed=…} runs one again.
 */
class FreshNumpyTest {

    private static final int MINUTES = 2;

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> showsWhatNumpyWritesNow() throws IOException, InterruptedException {
        Outcome numpy = run(List.of("python3", "-c", "import numpy; print(numpy.__version__)"));
        assumeTrue(numpy.succeeded(), "python3 with numpy is missing here: " + numpy.output());
        int seed = Integer.getInteger("memmap.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
        Outcome made = run(List.of(
                "python3",
                ResourceFile.of("golden/make_golden.py").toString(),
                "--random",
                Integer.toString(seed),
                "--out",
                directory.toString()));
        assertThat(made.succeeded()).as("seed %d: %s", seed, made.output()).isTrue();

        SparkSession session = GoldenCase.session();
        return GoldenCase.readAll(directory).stream()
                .map(golden -> golden.named("seed " + seed + ", " + golden.name()))
                .flatMap(golden -> golden.tests(session));
    }

    private record Outcome(boolean succeeded, String output) {}

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Outcome(false, e.getMessage());
        }
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return ended
                ? new Outcome(process.exitValue() == 0, text)
                : new Outcome(false, "no end after " + MINUTES + " minutes: " + text);
    }
}
