package io.memmap.spark.metric;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * A number that adds up over tasks, shown with its unit. Spark makes each class anew from its name, by its public
 * constructor without arguments.
 */
public abstract class SummedMetric implements CustomMetric {
    private static final long KIBI = 1024;

    enum Unit {
        COUNT,
        /** Bytes. */
        SIZE,
        /** Nanoseconds. */
        TIME
    }

    private final String name;
    private final String description;
    private final Unit unit;

    SummedMetric(String name, String description, Unit unit) {
        this.name = name;
        this.description = description;
        this.unit = unit;
    }

    /** One task's, or the driver's, part of it. */
    public final CustomTaskMetric of(long value) {
        return new Part(name, value);
    }

    private record Part(String name, long value) implements CustomTaskMetric {}

    @Override
    public final String name() {
        return name;
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
