package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that another process cuts or replaces while Spark reads them: each query ends with the exact rows or with our
 * message, and Spark lives on. Spark runs in a JVM of its own, which a fault in Spark's frames would end.
 *
 * <p>{@code -Dmemmap.truncation.runs=30} is the long run, {@code -Dmemmap.seed=…} runs one again.
 */
class TruncationTest {
    private static final int MINUTES = 30;

    @TempDir
    Path directory;

    @Test
    void endsWithTheExactRowsOrWithOurMessage() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/truncate")), "no truncate(1) to cut a file with");
        int runs = Integer.getInteger("memmap.truncation.runs", 2);
        int seed = Integer.getInteger("memmap.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));

        ChildJvm.Outcome child = ChildJvm.run(
                directory,
                MINUTES,
                List.of("-Xmx1g", "-Duser.timezone=UTC"),
                TruncationRuns.class,
                directory.toString(),
                Integer.toString(runs),
                Integer.toString(seed));

        Map<String, Long> histogram = child.linesOf(TruncationRuns.RUN).stream()
                .collect(Collectors.groupingBy(line -> line, TreeMap::new, Collectors.counting()));
        histogram.forEach((outcome, count) -> System.out.printf("%4d %s%n", count, outcome));
        String seeded = "seed " + seed + ", " + child.tail();
        assertThat(child.linesOf(TruncationRuns.WRONG)).as(seeded).isEmpty();
        assertThat(child.exitValue()).as(seeded).isZero();
        assertThat(child.linesOf(TruncationRuns.RUN)).as(seeded).hasSize(TruncationRuns.CONFIGURATIONS * runs);
        for (TruncationRuns.Cut cut : TruncationRuns.Cut.values()) {
            assertThat(histogram.keySet())
                    .as("no %s was noticed, %s", cut, seeded)
                    .anyMatch(outcome -> outcome.startsWith(cut.name()) && !outcome.contains("exact"));
        }
    }
}
