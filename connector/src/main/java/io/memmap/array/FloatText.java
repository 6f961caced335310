package io.memmap.array;

import io.memmap.dtype.HalfFloat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Spells floats of one array as NumPy's {@code repr} does: the fewest digits that tell a float from its neighbours, at most
 * eight after the point, points below one another, and exponents for all if the largest is much larger than the least.
 */
final class FloatText {
    private static final int PRECISION = 8;
    private static final int MAX_DIGITS = 17;
    private static final double LEAST_POSITIONAL = 1e-4;
    private static final double WIDEST_POSITIONAL = 1000;

    private final DoubleUnaryOperator rounding;
    private final boolean signed;
    private final boolean scientific;
    private int fraction;
    private int exponentDigits;
    private int padLeft;

    /** The digits before and after the point, and the exponent, empty if there is none. */
    private record Parts(String whole, String fraction, String exponent) {}

    /**
     * @param itemsize of the dtype
     * @param signed true if also positive numbers have a sign
     */
    FloatText(List<Double> shown, int itemsize, boolean signed) {
        this.signed = signed;
        this.rounding = switch (itemsize) {
            case 2 -> x -> HalfFloat.toFloat(HalfFloat.ofDouble(x));
            case 4 -> x -> (float) x;
            default -> x -> x;
        };
        double[] sizes = shown.stream()
                .filter(Double::isFinite)
                .mapToDouble(Math::abs)
                .filter(x -> x != 0)
                .sorted()
                .toArray();
        double least = sizes.length == 0 ? 1 : sizes[0];
        double most = sizes.length == 0 ? 1 : sizes[sizes.length - 1];
        double cutoff = itemsize == 2 ? 1e3 : itemsize == 4 ? 1e6 : 1e8;
        this.scientific = most >= cutoff || least < LEAST_POSITIONAL || most / least > WIDEST_POSITIONAL;
        measure(shown);
    }

    private void measure(List<Double> shown) {
        for (double x : shown) {
            if (Double.isFinite(x)) {
                Parts parts = scientific ? scientific(x, PRECISION) : positional(x);
                padLeft = Math.max(padLeft, parts.whole.length());
                fraction = Math.max(fraction, parts.fraction.length());
                exponentDigits = Math.max(exponentDigits, parts.exponent.length());
            }
        }
        for (double x : shown) {
            if (!Double.isFinite(x)) {
                padLeft = Math.max(padLeft, other(x).length() - padRight());
            }
        }
    }

    /** Characters from the point on. */
    private int padRight() {
        return 1 + fraction + (scientific ? "e+".length() + exponentDigits : 0);
    }

    String of(double x) {
        if (!Double.isFinite(x)) {
            return " ".repeat(padLeft + padRight() - other(x).length()) + other(x);
        }
        Parts parts = scientific ? exact(x) : positional(x);
        String digits = parts.whole + "." + parts.fraction;
        return " ".repeat(padLeft - parts.whole.length())
                + digits
                + (scientific ? exponent(parts) : "")
                + " ".repeat(scientific ? 0 : fraction - parts.fraction.length());
    }

    private String exponent(Parts parts) {
        boolean negative = parts.exponent.startsWith("-");
        String digits = negative ? parts.exponent.substring(1) : parts.exponent;
        return (negative ? "e-" : "e+") + "0".repeat(exponentDigits - digits.length()) + digits;
    }

    private String other(double x) {
        if (Double.isNaN(x)) {
            return signed ? "+nan" : "nan";
        }
        return x < 0 ? "-inf" : signed ? "+inf" : "inf";
    }

    private String sign(double x) {
        return Double.doubleToRawLongBits(x) < 0 ? "-" : signed ? "+" : "";
    }

    private Parts positional(double x) {
        BigDecimal number = shortest(Math.abs(x));
        if (number.scale() > PRECISION) {
            number = new BigDecimal(Math.abs(x)).setScale(PRECISION, RoundingMode.HALF_EVEN);
        }
        return parts(x, number, "");
    }

    /** The fewest digits, at most so many after the point. */
    private Parts scientific(double x, int precision) {
        BigDecimal number = shortest(Math.abs(x));
        if (number.precision() > precision + 1) {
            number = rounded(x, precision);
        }
        int exponent = exponent(number);
        String digits = Integer.toString(Math.abs(exponent));
        return parts(x, number.movePointLeft(exponent), digits.length() < 2 ? "0" + digits : digits);
    }

    /** With the number of digits that all elements of the array have. */
    private Parts exact(double x) {
        BigDecimal number = rounded(x, fraction);
        int exponent = exponent(number);
        Parts parts = parts(x, number.movePointLeft(exponent), Integer.toString(exponent));
        return new Parts(parts.whole, parts.fraction + "0".repeat(fraction - parts.fraction.length()), parts.exponent);
    }

    private Parts parts(double x, BigDecimal number, String exponent) {
        String digits = number.toPlainString();
        int point = digits.indexOf('.');
        String fraction = point < 0 ? "" : digits.substring(point + 1).replaceAll("0+$", "");
        return new Parts(sign(x) + (point < 0 ? digits : digits.substring(0, point)), fraction, exponent);
    }

    private static int exponent(BigDecimal number) {
        return number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    }

    private static BigDecimal rounded(double x, int precision) {
        return new BigDecimal(Math.abs(x)).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    }

    private BigDecimal shortest(double x) {
        BigDecimal exact = new BigDecimal(x);
        for (int digits = 1; digits < MAX_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounding.applyAsDouble(rounded.doubleValue()) == x) {
                return rounded;
            }
        }
        return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
    }
}
