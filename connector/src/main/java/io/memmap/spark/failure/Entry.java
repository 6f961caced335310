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
 * {@link MemmapException} leaves it. Spark's own exceptions, interrupts and errors of the JVM leave as they are: Spark
 * acts on their types. Driver and executors, any thread.
 */
public final class Entry {
    private static final Logger LOG = LoggerFactory.getLogger(Entry.class);

    private Entry() {}

    /** Work that gives nothing back. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /**
     * Returns what the work returns.
     *
     * @throws MemmapException for every exception of this source, of the JDK or of Hadoop
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
        if (Thread.currentThread().isInterrupted() || isOfInterrupt(plain)) {
            InterruptedIOException interrupt = new InterruptedIOException(thrown.getMessage());
            interrupt.initCause(thrown);
            Entry.<RuntimeException>rethrow(interrupt);
        }
        return MemmapException.of(plain, thrown.getMessage());
    }

    private static boolean isSparks(Exception thrown) {
        return thrown instanceof SparkThrowable || thrown.getClass().getName().startsWith("org.apache.spark.");
    }

    /** Layers below put words to an interrupt. */
    private static boolean isOfInterrupt(Exception thrown) {
        return Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(Entry::isInterrupt);
    }

    /** A time-out of a socket is called an interrupt, too, and is none. */
    private static boolean isInterrupt(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || (thrown instanceof InterruptedIOException && !(thrown instanceof SocketTimeoutException));
    }

    /** Throws checked exceptions too: the method of Spark that is implemented declares them. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void rethrow(Exception thrown) throws E {
        throw (E) thrown;
    }
}
