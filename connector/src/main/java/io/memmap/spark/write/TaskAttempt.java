package io.memmap.spark.write;

import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One attempt of a task. Its files have names that no file of another attempt has. Executor side, one task thread.
 *
 * @param numbers of its files so far
 */
record TaskAttempt(WriteJob job, int partition, long task, AtomicInteger numbers) {

    TaskAttempt(WriteJob job, int partition, long task) {
        this(job, partition, task, new AtomicInteger());
    }

    /** That of the staging directory. */
    Storage storage() throws IOException {
        return Storage.of(job.staging(), job.settings());
    }

    int nextNumber() {
        return numbers.getAndIncrement();
    }

    /** The path of the next file in the staging directory. */
    String nextPath() {
        return job.staging() + "/.part-" + partition + "-" + task + "-" + nextNumber();
    }

    /** The path of its only patch. */
    String patchPath() {
        return job.staging() + "/.patch-" + partition + "-" + task;
    }
}
