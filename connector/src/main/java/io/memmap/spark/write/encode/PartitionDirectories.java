package io.memmap.spark.write.encode;

import io.memmap.format.PartitionPath;
import io.memmap.spark.schema.WrittenPartition;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The directories of rows, {@code date=2026-01-01/hour=7/}, spelt as Spark's own sources spell them, but for NUL, which no
 * name of a file has: it becomes {@code %00}. Belongs to one task thread.
 *
 * @see PartitionPath
 */
public final class PartitionDirectories {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private final List<WrittenPartition> partitions;
    private final ZoneId zone;
    private final Object[] values;
    private String directory;

    /** @param zone of the session, in which a TIMESTAMP is spelt */
    public PartitionDirectories(List<WrittenPartition> partitions, ZoneId zone) {
        this.partitions = List.copyOf(partitions);
        this.zone = zone;
        this.values = new Object[partitions.size()];
    }

    /** The directory of a row, with a slash after it; empty without partitions. */
    public String of(InternalRow row) {
        boolean same = directory != null;
        for (int i = 0; i < values.length; i++) {
            WrittenPartition partition = partitions.get(i);
            Object value = row.isNullAt(partition.ordinal()) ? null : row.get(partition.ordinal(), partition.type());
            if (!same || (value == null ? values[i] != null : !value.equals(values[i]))) {
                // The row's memory is used again for the next one.
                values[i] = value instanceof UTF8String text ? text.copy() : value;
                same = false;
            }
        }
        if (!same) {
            directory = text();
        }
        return directory;
    }

    private String text() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            String text =
                    values[i] == null ? "" : text(values[i], partitions.get(i).type());
            append(path, partitions.get(i).name(), text.isEmpty() ? PartitionPath.NULL : PartitionPath.escaped(text));
        }
        return path.toString();
    }

    /** The directory of rows that have NULL in each of these columns. */
    public static String ofNulls(List<WrittenPartition> partitions) {
        StringBuilder path = new StringBuilder();
        partitions.forEach(partition -> append(path, partition.name(), PartitionPath.NULL));
        return path.toString();
    }

    private static void append(StringBuilder path, String name, String value) {
        path.append(PartitionPath.escaped(name)).append('=').append(value).append('/');
    }

    private String text(Object value, DataType type) {
        if (type.equals(DataTypes.DateType)) {
            return LocalDate.ofEpochDay((int) value).toString();
        } else if (type.equals(DataTypes.TimestampType)) {
            return TIME.format(local(instant((long) value)));
        } else if (type.equals(DataTypes.TimestampNTZType)) {
            return TIME.format(LocalDateTime.ofInstant(instant((long) value), ZoneOffset.UTC));
        } else if (type instanceof DecimalType) {
            return ((Decimal) value).toJavaBigDecimal().toPlainString();
        }
        return value.toString();
    }

    /** The directory has no zone, so the hour that a clock shows twice means the first of the two. */
    private LocalDateTime local(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        if (!local.atZone(zone).toInstant().equals(instant)) {
            throw new IllegalArgumentException("Cannot write the rows of " + instant + " to a partition: " + local
                    + " is shown twice by the clocks of " + zone + ", and would be read as "
                    + local.atZone(zone).toInstant() + ", expected a time that is shown once;"
                    + " partition by a TIMESTAMP_NTZ or a DATE, or write a new array under"
                    + " spark.sql.session.timeZone=UTC");
        }
        return local;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
