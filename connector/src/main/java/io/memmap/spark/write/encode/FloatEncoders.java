package io.memmap.spark.write.encode;

import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Overflow;
import io.memmap.spark.schema.ValueOptions;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Numbers as {@code f2}, {@code bfloat16}, {@code f4} and {@code f8}. */
record FloatEncoders(ScalarDType dtype, FloatFormat format, Overflow overflow, Sink sink) {
    /** Null when the type is no number. */
    static ItemEncoder of(ScalarDType dtype, DataType type, ValueOptions values) {
        FloatEncoders encoders = new FloatEncoders(dtype, FloatFormat.of(dtype), values.overflow(), Sink.of(dtype));
        if (type instanceof DecimalType decimal) {
            return encoders.ofDecimals(decimal.precision(), decimal.scale());
        }
        DoubleSource doubles = DoubleSource.of(type);
        if (doubles != null) {
            return encoders.ofDoubles(doubles, type);
        }
        LongSource longs = LongSource.ofInteger(type);
        return longs == null ? null : encoders.ofLongs(longs, LongSource.bits(type));
    }

    private ItemEncoder ofDoubles(DoubleSource source, DataType type) {
        boolean single = type.typeName().equals("float");
        Sink put = sink;
        if (single && format == FloatFormat.FLOAT) {
            // Not by way of double, which would make a signalling NaN quiet.
            return ItemEncoder.isInOrder(dtype)
                    ? (from, ordinal, target, position) -> target.putFloat(position, from.getFloat(ordinal))
                    : (from, ordinal, target, position) ->
                            put.put(target, position, Float.floatToRawIntBits(from.getFloat(ordinal)));
        } else if (!single && format == FloatFormat.DOUBLE && ItemEncoder.isInOrder(dtype)) {
            return (from, ordinal, target, position) -> target.putDouble(position, from.getDouble(ordinal));
        }
        return (from, ordinal, target, position) -> put(source.get(from, ordinal), target, position);
    }

    private ItemEncoder ofDecimals(int precision, int scale) {
        return (from, ordinal, target, position) -> {
            BigDecimal value = IntegerEncoders.decimal(from, ordinal, precision, scale);
            put(format == FloatFormat.FLOAT ? value.floatValue() : value.doubleValue(), target, position);
        };
    }

    private void put(double value, ByteBuffer target, int position) {
        long bits = format.bits(value);
        if (overflow != Overflow.WRAP && Double.isInfinite(format.value(bits)) && !Double.isInfinite(value)) {
            if (overflow == Overflow.ERROR) {
                throw tooLarge(Double.toString(value));
            }
            bits = format.bits(Math.copySign(format.max(), value));
        }
        sink.put(target, position, bits);
    }

    private ItemEncoder ofLongs(LongSource source, int bits) {
        if (bits <= format.precision()) {
            return (from, ordinal, target, position) ->
                    sink.put(target, position, format.bits((double) source.get(from, ordinal)));
        }
        return (from, ordinal, target, position) -> {
            long value = source.get(from, ordinal);
            if (overflow == Overflow.ERROR) {
                checkExact(value);
            }
            put(rounded(value), target, position);
        };
    }

    /** To the one rounding that a float takes from a long without a double between. */
    private double rounded(long value) {
        return format == FloatFormat.FLOAT ? (float) value : (double) value;
    }

    private void checkExact(long value) {
        double stored = format.value(format.bits(rounded(value)));
        if (Double.isInfinite(stored)) {
            throw tooLarge(Long.toString(value));
        } else if (stored == 0x1p63 || (long) stored != value) {
            throw new BadValueException("found " + value + ", expected a number that its dtype " + dtype
                    + " holds exactly; set overflow=saturate to round it, or give the column a wider dtype"
                    + Overflow.IN_SQL);
        }
    }

    private BadValueException tooLarge(String found) {
        return new BadValueException(
                "found " + found + ", expected at most " + format.max() + " either way as its dtype is " + dtype
                        + "; set overflow=saturate, overflow=wrap for an infinity, or give the column a wider dtype"
                        + Overflow.IN_SQL);
    }
}
