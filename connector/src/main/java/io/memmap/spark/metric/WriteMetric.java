package io.memmap.spark.metric;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** A metric of a write in Spark's UI. Spark adds metrics of these names to the task's own output metrics too. */
public final class WriteMetric {
    private WriteMetric() {}

    /** All of them, in the order of the UI. */
    public static CustomMetric[] all() {
        return new CustomMetric[] {new Rows(), new Nbytes()};
    }

    /** Those of one task so far. */
    public static CustomTaskMetric[] ofTask(long rows, long nbytes) {
        return new CustomTaskMetric[] {new Rows().of(rows), new Nbytes().of(nbytes)};
    }

    /** Rows that were saved, changed or added. */
    public static final class Rows extends SummedMetric {
        public Rows() {
            super("recordsWritten", "rows written", Unit.COUNT);
        }
    }

    /** Their bytes in the array; of a changed row those of its changed elements. */
    public static final class Nbytes extends SummedMetric {
        public Nbytes() {
            super("bytesWritten", "bytes written", Unit.SIZE);
        }
    }
}
