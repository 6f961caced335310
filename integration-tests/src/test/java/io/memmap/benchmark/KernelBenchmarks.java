package io.memmap.benchmark;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH benchmarks whose name matches the argument, or all. */
public final class KernelBenchmarks {
    private KernelBenchmarks() {}

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(args.length > 0 ? args[0] : "io.memmap")
                        .build())
                .run();
    }
}
