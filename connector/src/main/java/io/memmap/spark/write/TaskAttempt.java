package io.memmap.spark.write;

import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.util.function.IntSupplier;

/**
 * One attempt of a task, as far as the names of its files tell: those of other attempts have others. Executor side.
 *
 * @param storage of the staging directory
 * @param array that it writes, of one or of several
 * @param numbers of the attempt's files; no two files have the same
 */
record TaskAttempt(
        Storage storage,
        String staging,
        HadoopSettings settings,
        WrittenArray array,
        int partition,
        long task,
        IntSupplier numbers) {

    int nextNumber() {
        return numbers.getAsInt();
    }

    /** The path of the next file in the staging directory. */
    String nextPath() {
        return staging + "/.part-" + partition + "-" + task + "-" + nextNumber();
    }
}
