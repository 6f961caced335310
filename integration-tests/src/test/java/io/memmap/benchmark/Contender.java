package io.memmap.benchmark;

import java.io.IOException;
import java.util.Optional;

/** One way to answer the workloads. The benchmark that opened it closes it. */
interface Contender extends AutoCloseable {

    /** What the argument {@code contenders} chooses it by. */
    String name();

    /** For people. */
    String title();

    /** What answers and of which version, if it is neither Java nor Spark. */
    default Optional<String> version() {
        return Optional.empty();
    }

    /** Makes what it needs, untimed; empty if it has no way to answer this one. */
    Optional<Query> query(Workload workload, DataFiles files) throws IOException;

    @Override
    default void close() {}

    /** Answers once, from the path on: nothing is kept from one run to the next but what any caches keep. */
    interface Query {
        Answer run() throws Exception;
    }
}
