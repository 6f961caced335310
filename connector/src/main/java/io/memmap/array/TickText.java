package io.memmap.array;

import io.memmap.dtype.DatetimeUnit;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** Spells ticks of a datetime as NumPy does, in quotes; those that Java's calendar does not know as their number. */
final class TickText {
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** Nanoseconds, and characters of the text that the unit has after the date. */
    private record Precision(long nanos, int length) {}

    private static final Map<DatetimeUnit, Precision> TIMES = Map.of(
            DatetimeUnit.HOUR, new Precision(3600_000_000_000L, 3),
            DatetimeUnit.MINUTE, new Precision(60_000_000_000L, 6),
            DatetimeUnit.SECOND, new Precision(1_000_000_000, 9),
            DatetimeUnit.MILLISECOND, new Precision(1_000_000, 13),
            DatetimeUnit.MICROSECOND, new Precision(1_000, 16),
            DatetimeUnit.NANOSECOND, new Precision(1, 19));

    private TickText() {}

    static String of(long ticks, DatetimeUnit unit, int unitCount) {
        if (ticks == Long.MIN_VALUE) {
            return "'NaT'";
        }
        try {
            return "'" + text(BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(unitCount)), unit) + "'";
        } catch (DateTimeException | ArithmeticException e) {
            return Long.toString(ticks);
        }
    }

    private static String text(BigInteger ticks, DatetimeUnit unit) {
        LocalDate epoch = LocalDate.EPOCH;
        long count = TIMES.containsKey(unit) ? 0 : ticks.longValueExact();
        return switch (unit) {
            case YEAR -> year(epoch.plusYears(count));
            case MONTH -> text(epoch.plusMonths(count)).replaceFirst("-..$", "");
            case WEEK -> text(epoch.plusWeeks(count));
            case DAY -> text(epoch.plusDays(count));
            default -> time(ticks, unit);
        };
    }

    /** Java's own text of a year has another sign and width, or none. */
    private static String year(LocalDate date) {
        return String.format(Locale.ROOT, "%04d", date.getYear());
    }

    private static String text(LocalDate date) {
        return year(date) + String.format(Locale.ROOT, "-%tm-%<td", date);
    }

    private static String time(BigInteger ticks, DatetimeUnit unit) {
        Precision precision = TIMES.get(unit);
        if (precision == null) {
            throw new ArithmeticException("finer than a nanosecond");
        }
        BigInteger[] parts = ticks.multiply(BigInteger.valueOf(precision.nanos)).divideAndRemainder(NANOS);
        LocalDateTime time = LocalDateTime.ofEpochSecond(parts[0].longValueExact(), 0, ZoneOffset.UTC)
                .plus(parts[1].longValueExact(), ChronoUnit.NANOS);
        return text(time.toLocalDate())
                + String.format(Locale.ROOT, "T%tT.%<tN", time).substring(0, precision.length);
    }
}
