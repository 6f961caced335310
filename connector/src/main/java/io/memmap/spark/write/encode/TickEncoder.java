package io.memmap.spark.write.encode;

import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.Overflow;
import io.memmap.spark.schema.ValueOptions;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;

/**
 * Counts of one length of time as counts of another: times a factor, by a divisor. Stateless.
 *
 * @param times 0 where it leaves a long, as every product does then
 */
record TickEncoder(
        LongSource source,
        BigInteger exactTimes,
        BigInteger exactBy,
        long times,
        long by,
        Sink sink,
        ScalarDType dtype,
        DataType type,
        Overflow overflow,
        boolean truncate)
        implements ItemEncoder {
    /** The lowest long is NaT. */
    private static final long MIN = -Long.MAX_VALUE;

    /** @param length of what is counted, {@code tick} of what is stored, in one unit */
    static TickEncoder of(
            LongSource source,
            BigInteger length,
            BigInteger tick,
            ScalarDType dtype,
            DataType type,
            ValueOptions values) {
        BigInteger common = length.gcd(tick);
        BigInteger times = length.divide(common);
        BigInteger by = tick.divide(common);
        return new TickEncoder(
                source,
                times,
                by,
                orZero(times),
                orZero(by),
                Sink.of(dtype),
                dtype,
                type,
                values.overflow(),
                values.nanos() == Nanos.TRUNCATE);
    }

    private static long orZero(BigInteger factor) {
        return factor.bitLength() < Long.SIZE ? factor.longValue() : 0;
    }

    @Override
    public void encode(SpecializedGetters from, int ordinal, ByteBuffer target, int position) {
        long value = source.get(from, ordinal);
        put(value, value, target, position);
    }

    /** Puts {@code count}; {@code value} is what messages show. */
    void put(long count, long value, ByteBuffer target, int position) {
        long product = count * times;
        if (times == 0 || by == 0 || Math.multiplyHigh(count, times) != product >> 63) {
            sink.put(target, position, exact(count, value));
            return;
        }
        long tick = by == 1 ? product : Math.floorDiv(product, by);
        if (tick * by != product) {
            checkLoss(value);
        }
        sink.put(target, position, tick < MIN ? exact(count, value) : tick);
    }

    private long exact(long count, long value) {
        BigInteger product = BigInteger.valueOf(count).multiply(exactTimes);
        BigInteger[] parts = product.divideAndRemainder(exactBy);
        if (parts[1].signum() != 0) {
            checkLoss(value);
        }
        BigInteger tick = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
        if (tick.bitLength() < Long.SIZE && tick.longValue() >= MIN) {
            return tick.longValue();
        }
        return switch (overflow) {
            case ERROR ->
                throw new BadValueException(
                        "found " + shown(value) + ", expected a time within the range of " + "its dtype " + dtype
                                + "; give the column a coarser unit, or set overflow=saturate or overflow=wrap"
                                + Overflow.IN_SQL);
            case SATURATE -> tick.signum() < 0 ? MIN : Long.MAX_VALUE;
            case WRAP -> tick.longValue();
        };
    }

    /** @throws BadValueException unless the user wants times rounded down */
    void checkLoss(long value) {
        if (!truncate) {
            throw new BadValueException("found " + shown(value) + ", expected a whole number of ticks of its dtype "
                    + dtype + "; set nanos=truncate to round down, or give the column a finer unit");
        }
    }

    /** A value as messages show it. */
    String shown(long value) {
        return switch (type.typeName()) {
            case "date" -> LocalDate.ofEpochDay(value).toString();
            case "timestamp" -> Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString();
            case "timestamp_ntz" ->
                Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString().replace("Z", "");
            default ->
                dtype.unit().isCalendar()
                        ? Period.ofMonths((int) value).normalized().toString()
                        : Duration.of(value, ChronoUnit.MICROS).toString();
        };
    }
}
