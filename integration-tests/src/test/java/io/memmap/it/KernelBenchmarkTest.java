package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs each kernel benchmark once, for as short as it can be, so that they stay runnable. */
class KernelBenchmarkTest {

    @ParameterizedTest
    @CsvSource({"DecoderBenchmark,22", "KernelsBenchmark,48"})
    void everyKernelRuns(String name, int kernels) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(name)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .shouldFailOnError(true)
                        .build())
                .run();
        assertThat(results).hasSize(kernels).allSatisfy(result -> assertThat(
                        result.getPrimaryResult().getScore())
                .isPositive());
    }
}
