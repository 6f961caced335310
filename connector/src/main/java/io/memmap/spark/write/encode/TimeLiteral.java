package io.memmap.spark.write.encode;

import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date or time as {@code str(date)}, {@code str(datetime)} and {@code str(np.datetime64)} write it: {@code 2020},
 * {@code 2020-01}, {@code 2020-01-31} or {@code 2020-01-31T12:30:00.000001}, from the year to the unit of the dtype, with
 * {@code T} or a blank before the time.
 *
 * @param attoseconds after the last whole second of the day
 */
record TimeLiteral(LocalDate date, LocalTime time, BigInteger attoseconds) {
    private static final int ATTOSECOND_DIGITS = 18;
    private static final Pattern ISO = Pattern.compile("(-[0-9]{3,9}|[0-9]{4,9})(?:-([0-9]{2})(?:-([0-9]{2})"
            + "(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,18}))?)?)?)?)?)?");

    /** The time that a text says; empty if it says none, or one that no calendar or clock shows. */
    static Optional<TimeLiteral> parse(String text) {
        Matcher parts = ISO.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            String fraction = parts.group(7) == null ? "" : parts.group(7);
            return Optional.of(new TimeLiteral(
                    LocalDate.of(number(parts, 1, 1970), number(parts, 2, 1), number(parts, 3, 1)),
                    LocalTime.of(number(parts, 4, 0), number(parts, 5, 0), number(parts, 6, 0)),
                    new BigInteger(fraction + "0".repeat(ATTOSECOND_DIGITS - fraction.length()))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher parts, int group, int otherwise) {
        return parts.group(group) == null ? otherwise : Integer.parseInt(parts.group(group));
    }

    /** The count of a dtype's ticks since 1970; empty if it is no whole number, or leaves a long. */
    Optional<Long> ticks(ScalarDType dtype) {
        BigInteger[] ticks =
                (dtype.unit().isCalendar() ? months() : attosecondsSince1970()).divideAndRemainder(dtype.tickLength());
        boolean whole = ticks[1].signum() == 0 && (!dtype.unit().isCalendar() || startsMonth());
        return whole && ticks[0].bitLength() < Long.SIZE && ticks[0].longValue() != Long.MIN_VALUE
                ? Optional.of(ticks[0].longValue())
                : Optional.empty();
    }

    private boolean startsMonth() {
        return date.getDayOfMonth() == 1 && time.equals(LocalTime.MIDNIGHT) && attoseconds.signum() == 0;
    }

    private BigInteger months() {
        return BigInteger.valueOf((date.getYear() - 1970) * 12L + date.getMonthValue() - 1);
    }

    private BigInteger attosecondsSince1970() {
        return BigInteger.valueOf(date.toEpochDay())
                .multiply(DatetimeUnit.DAY.length())
                .add(BigInteger.valueOf(time.toSecondOfDay()).multiply(DatetimeUnit.SECOND.length()))
                .add(attoseconds);
    }
}
