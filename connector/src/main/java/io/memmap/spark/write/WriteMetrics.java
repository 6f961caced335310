package io.memmap.spark.write;

import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * Metrics of an update in Spark's UI. Spark also adds metrics of these names to the task's own output metrics, and
 * instantiates them by their constructors without arguments.
 */
public final class WriteMetrics {
    private WriteMetrics() {}

    /** Rows that were changed or added. */
    public static final class Rows extends CustomSumMetric {
        @Override
        public String name() {
            return "recordsWritten";
        }

        @Override
        public String description() {
            return "rows changed or added";
        }
    }

    /** Their bytes in the array. */
    public static final class Nbytes extends CustomSumMetric {
        @Override
        public String name() {
            return "bytesWritten";
        }

        @Override
        public String description() {
            return "bytes changed or added";
        }
    }

    /** One task's share. */
    record OfTask(String name, long value) implements CustomTaskMetric {}

    static CustomTaskMetric[] ofTask(long rows, long nbytes) {
        return new CustomTaskMetric[] {new OfTask(new Rows().name(), rows), new OfTask(new Nbytes().name(), nbytes)};
    }
}
