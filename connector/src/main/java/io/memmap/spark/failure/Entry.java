package io.memmap.spark.failure;

import io.memmap.storage.GivenSecrets;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.connector.catalog.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The boundary between Spark and this source. Each method that Spark calls runs its work here, so that only a
 * {@link MemmapException} leaves it. Spark's own exceptions, interrupts and errors of the JVM leave as they are, and failures by
 * an interrupt as {@link InterruptedIOException}: Spark acts on their types. Driver and executors, any thread.
 */
public final class Entry {
    private static final Logger LOG = LoggerFactory.getLogger(Entry.class);
    /** Causes may form a circle. */
    private static final int MOST_CAUSES = 50;

    private Entry() {}

    /** Work that gives nothing back. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /**
     * Returns what the work returns.
     *
     * @throws MemmapException for every exception of this source, of the JDK or of Hadoop, but for interrupts
     */
    public static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw failure(e);
        }
    }

    /** Returns what the work returns, or this table if it fails: the table is there by then, which no failure may hide. */
    public static Table callAfterCommit(Table table, Callable<Table> work) {
        try {
            return work.call();
        } catch (Exception e) {
            LOG.warn("{}: was written, but cannot be read now", table.name(), GivenSecrets.hidden(e));
            return table;
        }
    }

    /** Runs the work, as {@link #call}. */
    public static void run(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            throw failure(e);
        }
    }

    /** Returns what an entry throws instead of this exception. For methods that are called for each row. */
    public static RuntimeException failure(Exception thrown) {
        Exception plain = thrown instanceof UncheckedIOException unchecked ? unchecked.getCause() : thrown;
        if (isSparks(thrown) || isInterrupt(plain)) {
            Entry.<RuntimeException>rethrow(thrown);
        }
        MemmapException failure = MemmapException.of(plain, thrown.getMessage());
        if (isOfInterrupt(plain)) {
            InterruptedIOException interrupt = new InterruptedIOException(failure.getMessage());
            interrupt.initCause(failure.getCause());
            Entry.<RuntimeException>rethrow(interrupt);
        }
        return failure;
    }

    private static boolean isSparks(Exception thrown) {
        return thrown instanceof SparkThrowable || thrown.getClass().getName().startsWith("org.apache.spark.");
    }

    /** Layers below put an interrupt into words, and clients of stores have exceptions of their own for it. */
    private static boolean isOfInterrupt(Exception thrown) {
        return Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
                        .takeWhile(cause -> !(cause instanceof SocketTimeoutException))
                        .limit(MOST_CAUSES)
                        .anyMatch(Entry::isInterrupt)
                || (Thread.currentThread().isInterrupted() && FailureCondition.of(thrown) == FailureCondition.IO_ERROR);
    }

    /** Time-outs of sockets are kinds of interrupts by their classes, and none. */
    private static boolean isInterrupt(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || thrown.getClass() == InterruptedIOException.class;
    }

    /** Throws checked exceptions too: the method of Spark that is implemented declares them. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void rethrow(Exception thrown) throws E {
        throw (E) thrown;
    }
}
