package io.memmap.spark.metric;

import org.apache.spark.sql.connector.metric.CustomMetric;

/** A metric of a scan in Spark's UI. */
public final class ScanMetric {
    private ScanMetric() {}

    /** All of them, in the order of the UI. */
    public static CustomMetric[] all() {
        return new CustomMetric[] {
            new FilesOpened(),
            new Partitions(),
            new RowsRead(),
            new RowsPruned(),
            new BytesRead(),
            new OpeningTime(),
            new DecodingTime(),
            new PlanningTime()
        };
    }

    /** Files that tasks opened; one of several partitions, or threads of one, counts in each. */
    public static final class FilesOpened extends SummedMetric {
        public FilesOpened() {
            super("FilesOpened", "files opened", Unit.COUNT);
        }
    }

    /** Partitions that were planned. */
    public static final class Partitions extends SummedMetric {
        public Partitions() {
            super("Partitions", "partitions", Unit.COUNT);
        }
    }

    /** Rows that were decoded, or added up where the aggregate is pushed down, before any condition on values. */
    public static final class RowsRead extends SummedMetric {
        public RowsRead() {
            super("RowsRead", "rows decoded", Unit.COUNT);
        }
    }

    /** Rows that conditions on positions, LIMIT and OFFSET left out before any was read. */
    public static final class RowsPruned extends SummedMetric {
        public RowsPruned() {
            super("RowsPruned", "rows pruned by range", Unit.COUNT);
        }
    }

    /** Bytes of files that were mapped, or read where files cannot be mapped. */
    public static final class BytesRead extends SummedMetric {
        public BytesRead() {
            super("BytesRead", "bytes mapped or read", Unit.SIZE);
        }
    }

    /** Time that tasks spent opening and checking files. */
    public static final class OpeningTime extends SummedMetric {
        public OpeningTime() {
            super("OpeningTime", "time opening files", Unit.TIME);
        }
    }

    /** Time that tasks spent decoding bytes, evaluating conditions and adding up. */
    public static final class DecodingTime extends SummedMetric {
        public DecodingTime() {
            super("DecodingTime", "time decoding", Unit.TIME);
        }
    }

    /** Time that the driver spent looking at headers and cutting partitions. */
    public static final class PlanningTime extends SummedMetric {
        public PlanningTime() {
            super("PlanningTime", "time planning", Unit.TIME);
        }
    }
}
