package io.memmap.spark.write.encode;

import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as {@code str(np.timedelta64)} writes it, {@code 5 seconds}, or {@code str(timedelta)}, {@code -1 day,
 * 0:00:05.000007}.
 *
 * @param months whether {@code length} counts months; else it counts attoseconds
 */
record DurationLiteral(boolean months, BigInteger length) {
    private static final Pattern COUNT = Pattern.compile("([+-]?[0-9]+) ([a-z]+?)s?");
    private static final Pattern CLOCK =
            Pattern.compile("(?:([+-]?[0-9]+) days?, )?([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]{6}))?");

    /** The length that a text says; empty if it says none. */
    static Optional<DurationLiteral> parse(String text) {
        Matcher count = COUNT.matcher(text);
        if (count.matches()) {
            return Arrays.stream(DatetimeUnit.values())
                    .filter(unit -> unit.name().toLowerCase(Locale.ROOT).equals(count.group(2)))
                    .findFirst()
                    .map(unit -> of(count.group(1), unit));
        }
        Matcher clock = CLOCK.matcher(text);
        if (!clock.matches()) {
            return Optional.empty();
        }
        BigInteger length = of(clock, 1, DatetimeUnit.DAY)
                .add(of(clock, 2, DatetimeUnit.HOUR))
                .add(of(clock, 3, DatetimeUnit.MINUTE))
                .add(of(clock, 4, DatetimeUnit.SECOND))
                .add(of(clock, 5, DatetimeUnit.MICROSECOND));
        return Optional.of(new DurationLiteral(false, length));
    }

    private static BigInteger of(Matcher parts, int group, DatetimeUnit unit) {
        return parts.group(group) == null
                ? BigInteger.ZERO
                : of(parts.group(group), unit).length();
    }

    private static DurationLiteral of(String count, DatetimeUnit unit) {
        return new DurationLiteral(unit.isCalendar(), new BigInteger(count).multiply(unit.length()));
    }

    /** The count of a dtype's ticks; empty if it is no whole number, or leaves a long. */
    Optional<Long> ticks(ScalarDType dtype) {
        if (months != dtype.unit().isCalendar()) {
            return Optional.empty();
        }
        BigInteger[] ticks = length.divideAndRemainder(dtype.tickLength());
        return ticks[1].signum() == 0 && ticks[0].bitLength() < Long.SIZE && ticks[0].longValue() != Long.MIN_VALUE
                ? Optional.of(ticks[0].longValue())
                : Optional.empty();
    }
}
