package io.memmap.spark.write.encode;

import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.schema.ValueOptions;
import java.math.BigInteger;
import java.time.LocalDate;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * Times as {@code M8} and {@code m8}: a TIMESTAMP as its instant in UTC, a TIMESTAMP_NTZ as it is, a BIGINT as the count
 * of ticks.
 */
final class TimeEncoders {
    static final BigInteger ATTOSECONDS = BigInteger.TEN.pow(18);
    private static final BigInteger MICROSECOND = BigInteger.TEN.pow(12);
    static final BigInteger DAY = ATTOSECONDS.multiply(BigInteger.valueOf(86_400));
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private TimeEncoders() {}

    /** Returns true if its ticks are months or years. */
    static boolean isCalendar(ScalarDType dtype) {
        return dtype.unit().compareTo(DatetimeUnit.MONTH) <= 0;
    }

    /** Null when the type is no such time. */
    static ItemEncoder of(ScalarDType dtype, DataType type, ValueOptions values) {
        Sink sink = Sink.of(dtype);
        boolean datetime = dtype.kind() == Kind.DATETIME;
        boolean date = type instanceof DateType;
        boolean timestamp = type instanceof TimestampType || type instanceof TimestampNTZType;
        if (type instanceof LongType) {
            return (from, ordinal, target, position) -> sink.put(target, position, from.getLong(ordinal));
        } else if (datetime && (date || timestamp)) {
            LongSource source = date ? SpecializedGetters::getInt : SpecializedGetters::getLong;
            return isCalendar(dtype)
                    ? ofMonths(source, date ? 1 : MICROS_PER_DAY, dtype, type, values)
                    : TickEncoder.of(source, date ? DAY : MICROSECOND, tick(dtype), dtype, type, values);
        } else if (!datetime && type instanceof YearMonthIntervalType && isCalendar(dtype)) {
            return TickEncoder.of(SpecializedGetters::getInt, BigInteger.ONE, months(dtype), dtype, type, values);
        } else if (!datetime && type instanceof DayTimeIntervalType && !isCalendar(dtype)) {
            return TickEncoder.of(SpecializedGetters::getLong, MICROSECOND, tick(dtype), dtype, type, values);
        }
        return null;
    }

    /** Attoseconds of one tick. */
    static BigInteger tick(ScalarDType dtype) {
        BigInteger unit =
                switch (dtype.unit()) {
                    case WEEK -> DAY.multiply(BigInteger.valueOf(7));
                    case DAY -> DAY;
                    case HOUR -> ATTOSECONDS.multiply(BigInteger.valueOf(3_600));
                    case MINUTE -> ATTOSECONDS.multiply(BigInteger.valueOf(60));
                    case SECOND -> ATTOSECONDS;
                    case MILLISECOND -> BigInteger.TEN.pow(15);
                    case MICROSECOND -> MICROSECOND;
                    case NANOSECOND -> BigInteger.TEN.pow(9);
                    case PICOSECOND -> BigInteger.TEN.pow(6);
                    case FEMTOSECOND -> BigInteger.TEN.pow(3);
                    case ATTOSECOND -> BigInteger.ONE;
                    case YEAR, MONTH ->
                        throw new IllegalArgumentException("Cannot count attoseconds: unit "
                                + dtype.unit().symbol() + " has no fixed length, expected W to as");
                };
        return unit.multiply(BigInteger.valueOf(dtype.unitCount()));
    }

    /** Months of one tick. */
    static BigInteger months(ScalarDType dtype) {
        return BigInteger.valueOf(dtype.unitCount() * (dtype.unit() == DatetimeUnit.YEAR ? 12L : 1L));
    }

    /** Dates and timestamps as months or years, which begin on a first at midnight. */
    private static ItemEncoder ofMonths(
            LongSource source, long perDay, ScalarDType dtype, DataType type, ValueOptions values) {
        TickEncoder ticks = TickEncoder.of(source, BigInteger.ONE, months(dtype), dtype, type, values);
        return (from, ordinal, target, position) -> {
            long value = source.get(from, ordinal);
            LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(value, perDay));
            if (day.getYear() < 1 || day.getYear() > 9999) {
                throw new BadValueException("found " + ticks.shown(value)
                        + ", expected a year from 1 to 9999 for its dtype " + dtype
                        + "; give the column a unit of fixed length, such as D");
            }
            if (day.getDayOfMonth() != 1 || Math.floorMod(value, perDay) != 0) {
                ticks.checkLoss(value);
            }
            long months = (day.getYear() - 1970) * 12L + day.getMonthValue() - 1;
            ticks.put(months, value, target, position);
        };
    }
}
