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

/** Counts of one length of time as counts of another: times a factor, by a divisor. Stateless. */
final class TickEncoder implements ItemEncoder {
    /** The lowest long is NaT. */
    private static final long MIN = -Long.MAX_VALUE;

    private final LongSource source;
    private final BigInteger exactTimes;
    private final BigInteger exactBy;
    /** 0 where it leaves a long; then every product does. */
    private final long times;

    private final long by;
    private final Sink sink;
    private final ScalarDType dtype;
    private final DataType type;
    private final Overflow overflow;
    private final boolean truncate;

    private TickEncoder(
            LongSource source, BigInteger times, BigInteger by, ScalarDType dtype, DataType type, ValueOptions values) {
        this.source = source;
        this.exactTimes = times;
        this.exactBy = by;
        this.times = times.bitLength() < Long.SIZE ? times.longValue() : 0;
        this.by = by.bitLength() < Long.SIZE ? by.longValue() : 0;
        this.sink = Sink.of(dtype);
        this.dtype = dtype;
        this.type = type;
        this.overflow = values.overflow();
        this.truncate = values.nanos() == Nanos.TRUNCATE;
    }

    /** @param length of what is counted, {@code tick} of what is stored, in one unit */
    static TickEncoder of(
            LongSource source,
            BigInteger length,
            BigInteger tick,
            ScalarDType dtype,
            DataType type,
            ValueOptions values) {
        BigInteger common = length.gcd(tick);
        return new TickEncoder(source, length.divide(common), tick.divide(common), dtype, type, values);
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
                                + "; give the column a coarser unit, or set overflow=saturate or overflow=wrap");
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
                TimeEncoders.isCalendar(dtype)
                        ? Period.ofMonths((int) value).normalized().toString()
                        : Duration.of(value, ChronoUnit.MICROS).toString();
        };
    }
}
