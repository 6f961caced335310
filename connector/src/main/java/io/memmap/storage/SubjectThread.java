package io.memmap.storage;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;

/**
 * Makes threads that act for the user of the thread that makes them, as Hadoop's clients expect. Before Java 24 every thread
 * did so.
 */
final class SubjectThread {
    /** {@code Subject.current()} and {@code Subject.callAs}, of Java 18; null before. */
    private static final MethodHandle CURRENT = find("current", MethodType.methodType(Subject.class));

    private static final MethodHandle CALL_AS =
            find("callAs", MethodType.methodType(Object.class, Subject.class, Callable.class));

    private SubjectThread() {}

    private static MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findStatic(Subject.class, name, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /** A thread for which a JVM waits before it ends. */
    static Thread of(Runnable work) {
        Subject subject = current();
        Thread thread = new Thread(subject == null ? work : () -> callAs(subject, work));
        thread.setDaemon(false);
        return thread;
    }

    private static Subject current() {
        try {
            return CURRENT == null ? null : (Subject) CURRENT.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void callAs(Subject subject, Runnable work) {
        Callable<Void> call = () -> {
            work.run();
            return null;
        };
        try {
            CALL_AS.invoke(subject, call);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
