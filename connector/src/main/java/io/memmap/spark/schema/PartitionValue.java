package io.memmap.spark.schema;

import io.memmap.format.PartitionPath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The value of a partition column in the name of one directory, as Spark holds it internally. Times are in the forms that
 * Spark casts a string from, but for a time without a date. Driver only.
 */
final class PartitionValue {
    private static final Pattern DATE =
            Pattern.compile("([+-]?\\d{4,7})(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T].*)?)?)?", Pattern.DOTALL);
    private static final Pattern TIMESTAMP = Pattern.compile("([+-]?\\d{4,6})(?:-(\\d{1,2})(?:-(\\d{1,2})"
            + "(?:[ T](\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d*))?(\\D.*)?)?)?)?)?)?");
    private static final int MONTH = 2;
    private static final int DAY = 3;
    private static final int HOUR = 4;
    private static final int MINUTE = 5;
    private static final int SECOND = 6;
    private static final int FRACTION = 7;
    private static final int ZONE = 8;
    private static final int MICRO_DIGITS = 6;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1000;
    private static final String BEYOND = "it is beyond the range of the type";

    private PartitionValue() {}

    /**
     * Reads a value.
     *
     * @param raw as the name of the directory has it, escaped
     * @return null for NULL
     * @throws IllegalArgumentException for a value that the type cannot hold, or an unsupported type; the message is the
     *     reason
     */
    static Object of(String raw, DataType type, ZoneId zone) {
        if (raw.equals(PartitionPath.NULL) || type.equals(DataTypes.NullType)) {
            return null;
        } else if (type instanceof StringType) {
            return UTF8String.fromString(PartitionPath.unescaped(raw));
        } else if (type instanceof DecimalType decimal) {
            return decimal(new BigDecimal(raw), decimal);
        }
        return switch (type.typeName()) {
            case "binary" -> raw.getBytes(StandardCharsets.UTF_8);
            case "boolean" -> bool(raw);
            case "date" -> date(raw);
            case "timestamp" -> micros(PartitionPath.unescaped(raw), zone);
            case "timestamp_ntz" -> localMicros(PartitionPath.unescaped(raw));
            case "byte" -> Byte.parseByte(raw);
            case "short" -> Short.parseShort(raw);
            case "integer" -> Integer.parseInt(raw);
            case "long" -> Long.parseLong(raw);
            case "float" -> (float) Double.parseDouble(raw);
            case "double" -> Double.parseDouble(raw);
            default -> throw new IllegalArgumentException("the name of a directory holds no " + type.catalogString());
        };
    }

    /** A power of ten is spelled in few characters, and may have more digits than the memory holds. */
    private static Decimal decimal(BigDecimal value, DecimalType type) {
        BigDecimal shortest = value.stripTrailingZeros();
        long before = shortest.signum() == 0 ? 0 : (long) shortest.precision() - shortest.scale();
        if (shortest.scale() > type.scale() || before > type.precision() - type.scale()) {
            throw new IllegalArgumentException("it has too many digits");
        }
        return Decimal.apply(shortest.setScale(type.scale()), type.precision(), type.scale());
    }

    private static boolean bool(String raw) {
        if (raw.equalsIgnoreCase("true")) {
            return true;
        } else if (raw.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException("expected true or false");
    }

    private static int date(String raw) {
        long days = day(matched(DATE, raw)).toEpochDay();
        if (days != (int) days) {
            throw new IllegalArgumentException(BEYOND);
        }
        return (int) days;
    }

    private static long micros(String text, ZoneId zone) {
        Matcher parts = matched(TIMESTAMP, text);
        String own = parts.group(ZONE);
        Instant instant = local(parts)
                .atZone(own == null ? zone : PartitionRules.zone(own.strip()))
                .toInstant();
        return micros(instant);
    }

    private static long localMicros(String text) {
        return micros(local(matched(TIMESTAMP, text)).toInstant(ZoneOffset.UTC));
    }

    /** {@code ChronoUnit} counts microseconds by way of nanoseconds, which end in 2262. */
    private static long micros(Instant instant) {
        try {
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
                    instant.getNano() / NANOS_PER_MICRO);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(BEYOND, e);
        }
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher parts = pattern.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected a form such as 2026-01-31"
                    + (pattern.equals(TIMESTAMP) ? " or 2026-01-31 23:59:59.5" : ""));
        }
        return parts;
    }

    private static LocalDate day(Matcher parts) {
        try {
            return LocalDate.of(Integer.parseInt(parts.group(1)), number(parts, MONTH, 1), number(parts, DAY, 1));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static LocalDateTime local(Matcher parts) {
        String fraction = parts.group(FRACTION) == null ? "" : parts.group(FRACTION);
        String micros = (fraction + "0".repeat(MICRO_DIGITS)).substring(0, MICRO_DIGITS);
        try {
            LocalTime time = LocalTime.of(number(parts, HOUR, 0), number(parts, MINUTE, 0), number(parts, SECOND, 0));
            return LocalDateTime.of(day(parts), time.plus(Long.parseLong(micros), ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static int number(Matcher parts, int group, int otherwise) {
        return parts.group(group) == null ? otherwise : Integer.parseInt(parts.group(group));
    }
}
