package io.memmap.spark.read.metric;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** A number that adds up over tasks. */
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
}
