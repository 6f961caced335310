package io.memmap.spark.read.metric;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * A number that adds up over tasks. Spark makes each nested class anew from its name, by its public constructor without
 * arguments.
 */
public abstract class ScanMetric implements CustomMetric {
    private static final long KIBI = 1024;

    enum Unit {
        COUNT,
        /** Bytes. */
        SIZE,
        /** Nanoseconds. */
        TIME
    }

    private final String description;
    private final Unit unit;

    ScanMetric(String description, Unit unit) {
        this.description = description;
        this.unit = unit;
    }

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

    /** One task's, or the driver's, part of it. */
    public final CustomTaskMetric of(long value) {
        String name = name();
        return new CustomTaskMetric() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long value() {
                return value;
            }
        };
    }

    @Override
    public final String name() {
        return getClass().getSimpleName();
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final String aggregateTaskMetrics(long[] taskMetrics) {
        long sum = Arrays.stream(taskMetrics).sum();
        return switch (unit) {
            case COUNT -> String.format(Locale.ROOT, "%,d", sum);
            case SIZE -> size(sum);
            case TIME -> String.format(Locale.ROOT, "%,.1f ms", sum / 1e6);
        };
    }

    private static String size(long nbytes) {
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        if (nbytes < KIBI) {
            return nbytes + " B";
        }
        double value = nbytes;
        int at = -1;
        while (value >= KIBI && at < units.length - 1) {
            value /= KIBI;
            at++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[at]);
    }

    /** Files that tasks opened; one of several partitions counts in each. */
    public static final class FilesOpened extends ScanMetric {
        public FilesOpened() {
            super("files opened", Unit.COUNT);
        }
    }

    /** Partitions that were planned. */
    public static final class Partitions extends ScanMetric {
        public Partitions() {
            super("partitions", Unit.COUNT);
        }
    }

    /** Rows that were decoded, or added up where the aggregate is pushed down, before any condition on values. */
    public static final class RowsRead extends ScanMetric {
        public RowsRead() {
            super("rows decoded", Unit.COUNT);
        }
    }

    /** Rows that conditions on positions, LIMIT and OFFSET left out before any was read. */
    public static final class RowsPruned extends ScanMetric {
        public RowsPruned() {
            super("rows pruned by range", Unit.COUNT);
        }
    }

    /** Bytes of files that were mapped, or read where files cannot be mapped. */
    public static final class BytesRead extends ScanMetric {
        public BytesRead() {
            super("bytes mapped or read", Unit.SIZE);
        }
    }

    /** Time that tasks spent opening and checking files. */
    public static final class OpeningTime extends ScanMetric {
        public OpeningTime() {
            super("time opening files", Unit.TIME);
        }
    }

    /** Time that tasks spent decoding bytes, evaluating conditions and adding up. */
    public static final class DecodingTime extends ScanMetric {
        public DecodingTime() {
            super("time decoding", Unit.TIME);
        }
    }

    /** Time that the driver spent looking at headers and cutting partitions. */
    public static final class PlanningTime extends ScanMetric {
        public PlanningTime() {
            super("time planning", Unit.TIME);
        }
    }
}
