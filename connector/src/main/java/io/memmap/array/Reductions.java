package io.memmap.array;

import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.util.function.Supplier;

/**
 * One number out of all elements of a {@link MemmapArray}, in whatever order they are stored.
 *
 * <p>Every method throws {@link IllegalStateException} when the array is closed, and
 * {@link java.io.UncheckedIOException} instead of a result when the file was cut or its disk failed.
 */
public abstract sealed class Reductions extends TypedElements permits MemmapArray {
    Reductions(MemmapFile file, Strided view) {
        super(file, view);
    }

    /**
     * The sum of all numbers: of integers as near as a double gets to the exact one, of floats in double precision
     * whatever their width.
     *
     * @throws IllegalArgumentException for a dtype that is no number
     */
    public double sum() {
        ScalarDType dtype = numbersWithoutTimes("sum", "sumLong()");
        var windows = file.windows();
        return Bulk.isFloat(dtype)
                ? file.read(() -> ReductionKernels.sumDoubles(windows, view))
                : file.read(() -> ReductionKernels.sumIntegers(windows, view)).doubleValue();
    }

    /**
     * The exact sum of integers or timedeltas, which are NaT ({@link Long#MIN_VALUE}) as soon as one is.
     *
     * @throws ArithmeticException when a long cannot hold it, where NumPy's would wrap
     * @throws IllegalArgumentException for floats, datetimes and what is no number
     */
    public long sumLong() {
        ScalarDType dtype = integers("sum");
        if (dtype.kind() == Kind.DATETIME) {
            throw new IllegalArgumentException("Cannot sum datetimes: dtype " + dtype + ", expected numbers or m8");
        }
        if (dtype.kind() == Kind.TIMEDELTA && view.size() > 0 && minLong() == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        var windows = file.windows();
        BigInteger sum = file.read(() -> ReductionKernels.sumIntegers(windows, view));
        if (sum.bitLength() >= Long.SIZE) {
            throw new ArithmeticException("Cannot sum " + file.path() + ": " + sum + ", expected at most "
                    + Long.MAX_VALUE + "; sum() gives the nearest double");
        }
        return sum.longValue();
    }

    /** {@link #sum} by {@code size()}; NaN of no elements. */
    public double mean() {
        return sum() / view.size();
    }

    /**
     * The smallest number; NaN as soon as one is.
     *
     * @throws IllegalArgumentException when there are no elements, or none that are numbers
     */
    public double min() {
        return extreme("min", false);
    }

    /** The largest number, as {@link #min}. */
    public double max() {
        return extreme("max", true);
    }

    private double extreme(String verb, boolean largest) {
        ScalarDType dtype = numbersWithoutTimes(verb, verb + "Long()");
        var windows = file.windows();
        if (Bulk.isFloat(dtype)) {
            return nonEmpty(verb, () -> ReductionKernels.extremeDouble(windows, view, largest));
        }
        long value = nonEmpty(verb, () -> ReductionKernels.extremeLong(windows, view, largest));
        return Bulk.isUnsignedLong(dtype) ? Conversions.unsignedToDouble(value) : (double) value;
    }

    /**
     * The smallest integer, exactly, or the earliest time's ticks; NaT as soon as one is.
     *
     * @throws ArithmeticException when a long cannot hold it
     * @throws IllegalArgumentException when there are no elements, or none that are integers
     */
    public long minLong() {
        return extremeLong("min", false);
    }

    /** The largest integer, as {@link #minLong}. */
    public long maxLong() {
        return extremeLong("max", true);
    }

    private long extremeLong(String verb, boolean largest) {
        ScalarDType dtype = integers(verb);
        var windows = file.windows();
        long value = nonEmpty(verb, () -> ReductionKernels.extremeLong(windows, view, largest));
        return Conversions.within(value, Long.MIN_VALUE, Long.MAX_VALUE, Bulk.isUnsignedLong(dtype), "long");
    }

    private <T> T nonEmpty(String verb, Supplier<T> work) {
        if (view.size() == 0) {
            throw new IllegalArgumentException(
                    "Cannot take the " + verb + ": shape " + view.shape() + " has no elements, expected at least 1");
        }
        return file.read(work);
    }

    private ScalarDType numbersWithoutTimes(String verb, String advice) {
        ScalarDType dtype = numbers(verb);
        if (dtype.unit() != null) {
            throw new IllegalArgumentException("Cannot " + verb + " times as a double: dtype " + dtype
                    + ", expected a number; " + advice + " gives ticks where it makes sense");
        }
        return dtype;
    }

    private ScalarDType integers(String verb) {
        ScalarDType dtype = numbers(verb);
        if (Bulk.isFloat(dtype)) {
            throw new IllegalArgumentException("Cannot " + verb + " floats as a long: dtype " + dtype
                    + ", expected integers; " + verb + "() gives a double");
        }
        return dtype;
    }

    final ScalarDType numbers(String verb) {
        file.windows();
        if (view.dtype() instanceof ScalarDType scalar && !(element instanceof BytesElement)) {
            return scalar;
        }
        throw new IllegalArgumentException("Cannot " + verb + ": dtype " + view.dtype()
                + ", expected a number; field(), real() and imag() give views of parts");
    }
}
