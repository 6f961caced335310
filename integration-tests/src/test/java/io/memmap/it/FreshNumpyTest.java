package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
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

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> showsWhatNumpyWritesNow() throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
        int seed = Integer.getInteger("memmap.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
        Python.Outcome made = Python.run(
                directory,
                ResourceFile.of("golden/make_golden.py").toString(),
                "--random",
                Integer.toString(seed),
                "--out",
                directory.toString());
        assertThat(made.succeeded()).as("seed %d: %s", seed, made.output()).isTrue();

        SparkSession session = GoldenCase.session();
        return GoldenCase.readAll(directory).stream()
                .map(golden -> golden.named("seed " + seed + ", " + golden.name()))
                .flatMap(golden -> golden.tests(session));
    }
}
