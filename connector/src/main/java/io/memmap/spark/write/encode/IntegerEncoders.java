package io.memmap.spark.write.encode;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Overflow;
import io.memmap.spark.schema.ValueOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Numbers as {@code b1}, {@code i} and {@code u}. */
record IntegerEncoders(ScalarDType dtype, Overflow overflow, Sink sink, BigInteger min, BigInteger max) {
    /** Null when the type is no number. */
    static ItemEncoder of(ScalarDType dtype, DataType type, ValueOptions values) {
        Sink sink = Sink.of(dtype);
        if (type.typeName().equals("boolean")) {
            return (from, ordinal, target, position) -> sink.put(target, position, from.getBoolean(ordinal) ? 1 : 0);
        } else if (dtype.kind() == Kind.BOOL) {
            return null;
        }
        boolean signed = dtype.kind() == Kind.INT;
        BigInteger end = BigInteger.ONE.shiftLeft(dtype.itemsize() * Byte.SIZE - (signed ? 1 : 0));
        IntegerEncoders encoders = new IntegerEncoders(
                dtype, values.overflow(), sink, signed ? end.negate() : BigInteger.ZERO, end.subtract(BigInteger.ONE));
        if (type instanceof DecimalType decimal) {
            return encoders.ofDecimals(decimal.precision(), decimal.scale());
        }
        DoubleSource doubles = DoubleSource.of(type);
        if (doubles != null) {
            return encoders.ofDoubles(doubles);
        }
        LongSource longs = LongSource.ofInteger(type);
        return longs == null ? null : encoders.ofLongs(longs, type);
    }

    private ItemEncoder ofLongs(LongSource source, DataType type) {
        boolean fits = dtype.kind() == Kind.INT && LongSource.bits(type) < dtype.itemsize() * Byte.SIZE;
        if (fits && ItemEncoder.isInOrder(dtype) && type.defaultSize() == dtype.itemsize()) {
            return same(dtype.itemsize());
        } else if (fits || overflow == Overflow.WRAP) {
            Sink unchecked = sink;
            return (from, ordinal, target, position) -> unchecked.put(target, position, source.get(from, ordinal));
        }
        long least = min.longValue();
        long most = max.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
        return (from, ordinal, target, position) -> {
            long value = source.get(from, ordinal);
            long stored = Math.max(least, Math.min(most, value));
            if (stored != value && overflow == Overflow.ERROR) {
                throw outOfRange(Long.toString(value));
            }
            sink.put(target, position, stored);
        };
    }

    private static ItemEncoder same(int itemsize) {
        return switch (itemsize) {
            case 1 -> (from, ordinal, target, position) -> target.put(position, from.getByte(ordinal));
            case 2 -> (from, ordinal, target, position) -> target.putShort(position, from.getShort(ordinal));
            case 4 -> (from, ordinal, target, position) -> target.putInt(position, from.getInt(ordinal));
            default -> (from, ordinal, target, position) -> target.putLong(position, from.getLong(ordinal));
        };
    }

    private ItemEncoder ofDoubles(DoubleSource source) {
        double least = min.doubleValue();
        double tooMuch = max.add(BigInteger.ONE).doubleValue();
        return (from, ordinal, target, position) -> {
            double value = source.get(from, ordinal);
            double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
            boolean fits = whole >= least && whole < tooMuch && (whole == value || overflow != Overflow.ERROR);
            sink.put(target, position, fits ? lowBits(whole) : misfit(value));
        };
    }

    /** The two's complement of a whole number below 2^64. */
    private static long lowBits(double whole) {
        return whole >= 0x1p63 ? (long) (whole - 0x1p63) | Long.MIN_VALUE : (long) whole;
    }

    /** The integer to store for a number that is not finite, not whole or out of range. */
    private long misfit(double value) {
        if (Double.isNaN(value)) {
            throw new BadValueException("found NaN, expected a number as its dtype is " + dtype
                    + "; replace it, or give the column a float dtype");
        } else if (Double.isInfinite(value)) {
            if (overflow != Overflow.SATURATE) {
                throw outOfRange(Double.toString(value));
            }
            return (value < 0 ? min : max).longValue();
        }
        return stored(new BigDecimal(value));
    }

    private ItemEncoder ofDecimals(int precision, int scale) {
        return (from, ordinal, target, position) ->
                sink.put(target, position, stored(decimal(from, ordinal, precision, scale)));
    }

    static BigDecimal decimal(SpecializedGetters from, int ordinal, int precision, int scale) {
        return from.getDecimal(ordinal, precision, scale).toJavaBigDecimal();
    }

    private long stored(BigDecimal value) {
        BigInteger whole = value.toBigInteger();
        if (overflow == Overflow.ERROR && value.compareTo(new BigDecimal(whole)) != 0) {
            throw new BadValueException("found " + value.toPlainString() + ", expected a whole number as its dtype is "
                    + dtype + "; set overflow=saturate to cut fractions off, or give the column a float dtype"
                    + Overflow.IN_SQL);
        } else if (overflow == Overflow.WRAP || (whole.compareTo(min) >= 0 && whole.compareTo(max) <= 0)) {
            return whole.longValue();
        } else if (overflow == Overflow.ERROR) {
            throw outOfRange(whole.toString());
        }
        return (whole.signum() < 0 ? min : max).longValue();
    }

    private BadValueException outOfRange(String found) {
        return new BadValueException("found " + found + ", expected " + min + " to " + max + " as its dtype is " + dtype
                + "; set overflow=saturate or overflow=wrap, or give the column a wider dtype" + Overflow.IN_SQL);
    }
}
