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
    private static final BigInteger MICROSECOND = DatetimeUnit.MICROSECOND.length();
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private TimeEncoders() {}

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
            return dtype.unit().isCalendar()
                    ? ofMonths(source, date ? 1 : MICROS_PER_DAY, dtype, type, values)
                    : TickEncoder.of(
                            source,
                            date ? DatetimeUnit.DAY.length() : MICROSECOND,
                            dtype.tickLength(),
                            dtype,
                            type,
                            values);
        } else if (!datetime
                && type instanceof YearMonthIntervalType
                && dtype.unit().isCalendar()) {
            return TickEncoder.of(SpecializedGetters::getInt, BigInteger.ONE, dtype.tickLength(), dtype, type, values);
        } else if (!datetime
                && type instanceof DayTimeIntervalType
                && !dtype.unit().isCalendar()) {
            return TickEncoder.of(SpecializedGetters::getLong, MICROSECOND, dtype.tickLength(), dtype, type, values);
        }
        return null;
    }

    /** Dates and timestamps as months or years, which begin on a first at midnight. */
    private static ItemEncoder ofMonths(
            LongSource source, long perDay, ScalarDType dtype, DataType type, ValueOptions values) {
        TickEncoder ticks = TickEncoder.of(source, BigInteger.ONE, dtype.tickLength(), dtype, type, values);
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
