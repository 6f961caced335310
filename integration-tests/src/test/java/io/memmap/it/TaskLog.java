package io.memmap.it;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Where the tasks of a job ran, and what they read. */
final class TaskLog extends SparkListener {

    /**
     * One attempt.
     *
     * @param index of its partition
     * @param readNbytes that its thread took from Hadoop file systems
     */
    record Attempt(int stage, int index, int number, String host, String locality, long readNbytes) {}

    private final List<Attempt> attempts = new ArrayList<>();

    private TaskLog() {}

    /** Runs a job, and gives back its first attempts in the order of stages and partitions. */
    static List<Attempt> of(SparkSession session, Callable<?> job) throws Exception {
        TaskLog log = new TaskLog();
        // An earlier job may be over before all of its tasks have been reported.
        session.sparkContext().listenerBus().waitUntilEmpty();
        session.sparkContext().addSparkListener(log);
        try {
            job.call();
            session.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            session.sparkContext().removeSparkListener(log);
        }
        synchronized (log) {
            return log.attempts.stream()
                    .filter(attempt -> attempt.number == 0)
                    .sorted(Comparator.comparing(Attempt::stage).thenComparing(Attempt::index))
                    .toList();
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        attempts.add(new Attempt(
                end.stageId(),
                end.taskInfo().index(),
                end.taskInfo().attemptNumber(),
                end.taskInfo().host(),
                end.taskInfo().taskLocality().toString(),
                end.taskMetrics() == null ? 0 : end.taskMetrics().inputMetrics().bytesRead()));
    }
}
