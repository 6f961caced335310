package io.memmap.spark.read.decode;

import io.memmap.compute.IntegerNumbers;
import io.memmap.compute.Numbers;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.schema.TypeOptions;
import java.math.BigInteger;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Turns decoded numbers into Spark's values of another type, array to array. Stateless.
 *
 * @see TimeConversion for dates, timestamps and intervals
 */
final class Conversion {
    /** Spark's values are the decoded ones. */
    static final Conversion NONE = new Conversion(length -> null, (from, count, to, nulls) -> 0);

    /** Converts the first {@code count} values and says which are null. */
    @FunctionalInterface
    interface Loop {
        int convert(Object from, int count, Object to, boolean[] nulls);
    }

    private final IntFunction<Object> arrays;
    private final Loop loop;

    Conversion(IntFunction<Object> arrays, Loop loop) {
        this.arrays = arrays;
        this.loop = loop;
    }

    Object allocate(int length) {
        return arrays.apply(length);
    }

    /**
     * Converts the first {@code count} values.
     *
     * @return how many are null
     * @throws BadValueException for a value that the target cannot hold
     */
    int convert(Object from, int count, Object to, boolean[] nulls) {
        return loop.convert(from, count, to, nulls);
    }

    /** The conversion from what {@link io.memmap.layout.Decoder} makes of a dtype to a Spark type. */
    static Conversion of(ScalarDType dtype, DataType type, TypeOptions options) {
        if (dtype.isTime()) {
            return TimeConversion.of(dtype, type, options);
        }
        if (type.equals(SparkTypes.of(dtype, options))) {
            return NONE;
        }
        Conversion conversion =
                switch (dtype.kind()) {
                    case INT, UINT -> ofInteger(dtype, type);
                    case FLOAT, BFLOAT16 -> type.equals(DataTypes.DoubleType) ? TO_DOUBLE : null;
                    default -> null;
                };
        if (conversion == null) {
            throw ItemReader.mismatch(dtype, type, wider(dtype, options));
        }
        return conversion;
    }

    private static List<String> wider(ScalarDType dtype, TypeOptions options) {
        String natural = SparkTypes.of(dtype, options).catalogString();
        return switch (dtype.kind()) {
            case INT, UINT -> List.of(natural, dtype.itemsize() == 8 ? "bigint" : "a wider integer or float");
            case FLOAT, BFLOAT16 -> List.of(natural, "double");
            default -> List.of(natural);
        };
    }

    /** To any wider integer, and to a float that holds every value. u8 has BIGINT only, where each value is checked. */
    private static Conversion ofInteger(ScalarDType dtype, DataType type) {
        if (dtype.itemsize() == 8) {
            return dtype.kind() == Kind.UINT && type.equals(DataTypes.LongType) ? UNSIGNED_TO_LONG : null;
        }
        int bits = dtype.itemsize() * 8 + (dtype.kind() == Kind.UINT ? 1 : 0);
        return switch (type.typeName()) {
            case "short" ->
                bits > 16
                        ? null
                        : new Conversion(short[]::new, (from, count, to, nulls) -> {
                            IntToLongFunction in = integers(from);
                            short[] out = (short[]) to;
                            for (int i = 0; i < count; i++) {
                                out[i] = (short) in.applyAsLong(i);
                            }
                            return 0;
                        });
            case "integer" ->
                bits > 32
                        ? null
                        : new Conversion(int[]::new, (from, count, to, nulls) -> {
                            IntToLongFunction in = integers(from);
                            int[] out = (int[]) to;
                            for (int i = 0; i < count; i++) {
                                out[i] = (int) in.applyAsLong(i);
                            }
                            return 0;
                        });
            case "long" ->
                new Conversion(long[]::new, (from, count, to, nulls) -> {
                    ((IntegerNumbers) Numbers.of(from, false)).copy(0, count, (long[]) to);
                    return 0;
                });
            case "float" ->
                bits > 24
                        ? null
                        : new Conversion(float[]::new, (from, count, to, nulls) -> {
                            IntToLongFunction in = integers(from);
                            float[] out = (float[]) to;
                            for (int i = 0; i < count; i++) {
                                out[i] = in.applyAsLong(i);
                            }
                            return 0;
                        });
            case "double" -> TO_DOUBLE;
            default -> null;
        };
    }

    private static IntToLongFunction integers(Object array) {
        if (array instanceof byte[] bytes) {
            return i -> bytes[i];
        } else if (array instanceof short[] shorts) {
            return i -> shorts[i];
        } else if (array instanceof int[] ints) {
            return i -> ints[i];
        }
        return i -> ((long[]) array)[i];
    }

    private static final Conversion TO_DOUBLE = new Conversion(double[]::new, (from, count, to, nulls) -> {
        Numbers.of(from, false).copy(0, count, (double[]) to);
        return 0;
    });

    private static final Conversion UNSIGNED_TO_LONG = new Conversion(long[]::new, (from, count, to, nulls) -> {
        long[] in = (long[]) from;
        long[] out = (long[]) to;
        for (int i = 0; i < count; i++) {
            if (in[i] < 0) {
                throw new BadValueException(
                        i,
                        "found " + new BigInteger(Long.toUnsignedString(in[i]))
                                + ", expected at most 9223372036854775807 as the schema asks for bigint; ask for "
                                + "decimal(20,0)");
            }
            out[i] = in[i];
        }
        return 0;
    });
}
