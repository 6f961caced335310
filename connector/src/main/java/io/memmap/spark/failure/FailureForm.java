package io.memmap.spark.failure;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The form in which tasks send a {@link MemmapException} to the driver: as it is, or as an exception of the JDK with the same
 * message. Spark reads the failures of tasks on threads of its own. Where these cannot find the class, as after {@code ADD
 * JAR}, Spark reports an {@code UnknownReason} in place of the failure. Each plan brings the driver's answer to its tasks:
 * whoever reads it sets the form of all failures of this class loader.
 *
 * @param known true if Spark's threads find the class
 */
public record FailureForm(boolean known) implements Serializable {
    /** Its context class loader is that of the threads that read failures: all have it from the thread that started Spark. */
    private static final String THREAD = "dag-scheduler-event-loop";

    private static volatile boolean replaced;

    /** Returns the form for the tasks of this driver. */
    public static FailureForm ofTasks() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // With room for threads that start meanwhile.
        Thread[] threads = new Thread[2 * root.activeCount()];
        int count = root.enumerate(threads);
        return new FailureForm(Arrays.stream(threads, 0, count)
                .filter(thread -> thread.getName().equals(THREAD))
                .allMatch(thread -> hasFailures(thread.getContextClassLoader())));
    }

    private static boolean hasFailures(ClassLoader loader) {
        try {
            return Class.forName(MemmapException.class.getName(), false, loader) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Returns what is serialized in place of a failure. */
    static Exception sent(MemmapException failure) {
        if (!replaced) {
            return failure;
        }
        Exception text = new IllegalArgumentException(failure.getMessage());
        text.setStackTrace(failure.getStackTrace());
        return text;
    }

    private Object readResolve() {
        replaced = !known;
        return this;
    }
}
