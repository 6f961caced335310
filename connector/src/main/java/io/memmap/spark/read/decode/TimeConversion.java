package io.memmap.spark.read.decode;

import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.schema.TypeOptions;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Turns ticks of {@code M8} and {@code m8} into Spark's days, months and microseconds. NaT is null; what leaves the
 * target's range is an error, in months and years all but the years 1 to 9999, and so is a fraction of a microsecond unless {@code nanos=truncate}.
 */
final class TimeConversion {
    private static final long NAT = Long.MIN_VALUE;
    /** Spark's first and last year. A {@code java.sql.Date} shows years beyond them as others. */
    private static final int MIN_YEAR = 1;

    private static final int MAX_YEAR = 9999;

    /** One tick to one value of the target. */
    @FunctionalInterface
    private interface Tick {
        /** @throws ArithmeticException when the result leaves a long */
        long convert(long tick);
    }

    private TimeConversion() {}

    static Conversion of(ScalarDType dtype, DataType type, TypeOptions options) {
        boolean datetime = dtype.kind() == Kind.DATETIME;
        boolean calendar = dtype.unit().isCalendar();
        if (type.equals(DataTypes.LongType)) {
            return of(long[]::new, tick -> tick, dtype, type);
        } else if (datetime && type instanceof DateType && dtype.unit().compareTo(DatetimeUnit.DAY) <= 0) {
            return of(int[]::new, calendar ? daysOfMonths(months(dtype)) : days(dtype), dtype, type);
        } else if (datetime && (type instanceof TimestampType || type instanceof TimestampNTZType)) {
            return of(
                    long[]::new,
                    calendar ? microsOfDays(daysOfMonths(months(dtype))) : micros(dtype, options),
                    dtype,
                    type);
        } else if (!datetime && calendar && type.equals(DataTypes.createYearMonthIntervalType())) {
            return of(int[]::new, months(dtype), dtype, type);
        } else if (!datetime && !calendar && type.equals(DataTypes.createDayTimeIntervalType())) {
            return of(long[]::new, micros(dtype, options), dtype, type);
        }
        throw ItemReader.mismatch(
                dtype, type, List.of(SparkTypes.of(dtype, options).catalogString(), "bigint"));
    }

    private static Tick months(ScalarDType dtype) {
        return multiples(dtype.tickLength());
    }

    private static Tick days(ScalarDType dtype) {
        return multiples(dtype.tickLength().divide(DatetimeUnit.DAY.length()));
    }

    private static Tick multiples(BigInteger length) {
        if (length.bitLength() >= Long.SIZE) {
            return tick -> BigInteger.valueOf(tick).multiply(length).longValueExact();
        }
        long factor = length.longValue();
        return factor == 1 ? tick -> tick : tick -> Math.multiplyExact(tick, factor);
    }

    private static Tick daysOfMonths(Tick months) {
        return tick -> {
            long month = months.convert(tick);
            long year = 1970 + Math.floorDiv(month, 12L);
            if (year < MIN_YEAR || year > MAX_YEAR) {
                throw new ArithmeticException("year " + year);
            }
            return LocalDate.of((int) year, Math.floorMod(month, 12) + 1, 1).toEpochDay();
        };
    }

    private static Tick microsOfDays(Tick days) {
        return tick -> Math.multiplyExact(days.convert(tick), 86_400_000_000L);
    }

    /** Ticks times numerator by denominator, in lowest terms. */
    private static Tick micros(ScalarDType dtype, TypeOptions options) {
        BigInteger microsecond = DatetimeUnit.MICROSECOND.length();
        BigInteger common = dtype.tickLength().gcd(microsecond);
        BigInteger multiple = dtype.tickLength().divide(common);
        long by = microsecond.divide(common).longValueExact();
        if (by == 1) {
            return multiples(multiple);
        }
        long times = multiple.longValueExact();
        boolean truncate = options.nanos() == Nanos.TRUNCATE;
        return tick -> {
            long product = tick * times;
            boolean fits = Math.multiplyHigh(tick, times) == product >> 63;
            long micros = fits ? Math.floorDiv(product, by) : floorDiv(tick, multiple, by);
            // Both products wrap alike.
            if (!truncate && micros * by != product) {
                throw new FractionException();
            }
            return micros;
        };
    }

    private static long floorDiv(long tick, BigInteger times, long by) {
        BigInteger[] parts = BigInteger.valueOf(tick).multiply(times).divideAndRemainder(BigInteger.valueOf(by));
        return Math.addExact(parts[0].longValueExact(), Math.min(parts[1].signum(), 0));
    }

    /** A tick is no whole number of microseconds. */
    private static final class FractionException extends ArithmeticException {
        private static final long serialVersionUID = 1L;
    }

    private static Conversion of(IntFunction<Object> arrays, Tick ticks, ScalarDType dtype, DataType type) {
        return new Conversion(arrays, (from, count, to, nulls) -> {
            long[] in = (long[]) from;
            int[] ints = to instanceof int[] array ? array : null;
            long[] longs = ints == null ? (long[]) to : null;
            int numNulls = 0;
            for (int i = 0; i < count; i++) {
                nulls[i] = in[i] == NAT;
                if (nulls[i]) {
                    numNulls++;
                    continue;
                }
                try {
                    long value = ticks.convert(in[i]);
                    if (ints == null) {
                        longs[i] = value;
                    } else {
                        ints[i] = Math.toIntExact(value);
                    }
                } catch (ArithmeticException e) {
                    throw badTick(i, in[i], dtype, type, e);
                }
            }
            return numNulls;
        });
    }

    private static BadValueException badTick(
            int slot, long tick, ScalarDType dtype, DataType type, ArithmeticException e) {
        String found = "found " + tick + " in " + dtype;
        if (e instanceof FractionException) {
            return new BadValueException(
                    slot,
                    found
                            + ", expected a whole number of microseconds; set nanos=truncate to round down, or nanos=long "
                            + "to read the raw ticks");
        }
        return new BadValueException(
                slot,
                found + ", expected a value within the range of " + type.catalogString()
                        + "; ask for bigint in a schema to read the raw ticks");
    }
}
