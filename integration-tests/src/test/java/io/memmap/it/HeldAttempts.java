package io.memmap.it;

import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A Spark function that gives back its argument, and holds every attempt of a task that comes to one value until the
 * driver lets that attempt go. Executor side.
 *
 * @param deaf whether the held thread forgets that it was interrupted, as one does that hangs in a system call
 */
record HeldAttempts(Markers markers, long heldValue, boolean deaf) implements UDF1<Long, Long> {
    private static final String REACHED = "reached-";
    private static final String LET_GO = "let-go-";
    private static final String ENDED = "ended-";

    @Override
    public Long call(Long value) throws IOException {
        if (value == heldValue) {
            hold(TaskContext.get());
        }
        return value;
    }

    private void hold(TaskContext task) throws IOException {
        int attempt = task.attemptNumber();
        task.addTaskCompletionListener((TaskCompletionListener) ended -> end(attempt, ended));
        markers.put(REACHED + attempt, Long.toString(ProcessHandle.current().pid()));
        markers.await(LET_GO + attempt);
        if (deaf) {
            Thread.interrupted();
        }
    }

    private void end(int attempt, TaskContext task) {
        try {
            markers.put(ENDED + attempt, task.isFailed() || task.isInterrupted() ? "lost" : "won");
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Waits until an attempt is held; gives back the process id of its executor. Driver side, as are those below. */
    long awaitReached(int attempt) throws IOException {
        return Long.parseLong(markers.await(REACHED + attempt));
    }

    void letGo(int attempt) throws IOException {
        markers.put(LET_GO + attempt, "");
    }

    /** Waits until nothing of an attempt runs any more; tells whether it won or lost. */
    String awaitEnded(int attempt) throws IOException {
        return markers.await(ENDED + attempt);
    }

    boolean hasEnded(int attempt) {
        return markers.isThere(ENDED + attempt);
    }
}
