package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * As many {@link ClusterLongRun}s as one has time for, some five seconds each:
 *
 * <pre>mvn test -pl connector,examples,integration-tests -Dtest=LongRunTest -Dsurefire.failIfNoSpecifiedTests=false -Dlong.runs=400</pre>
 *
 * <p>{@code -Dlong.seed} repeats one. The ordinary build does each kind of accident once, in {@link LocalClusterTest}.
 */
class LongRunTest {
    private static final String RUNS = "long.runs";
    private static final int MINUTES = 120;

    @Test
    @EnabledIfSystemProperty(named = RUNS, matches = "\\d+", disabledReason = "-Dlong.runs=400 runs it, see its class")
    void everyResultIsRightAndNothingIsLeftBehind(@TempDir Path directory) throws IOException, InterruptedException {
        int runs = Integer.getInteger(RUNS);
        long seed = Long.getLong("long.seed", System.nanoTime());
        ChildJvm.Outcome driver = LocalClusterRuns.start(
                directory, MINUTES, LocalClusterRuns.LONG_RUN, Integer.toString(runs), Long.toString(seed));
        assertThat(driver.linesOf(LocalClusterRuns.FAILED)).as("seed %d", seed).isEmpty();
        assertThat(driver.linesOf(LocalClusterRuns.PASSED))
                .as(() -> "seed " + seed + ", " + driver.tail())
                .hasSize(runs);
    }
}
