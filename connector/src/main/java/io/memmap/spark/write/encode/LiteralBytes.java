package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.StringEncoding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bytes of a value that the user wrote as text: {@code nullValue} and {@code fillValue}. All fields and elements of
 * a record or sub-array get the same value.
 *
 * @param literals the option, which says how messages show its values
 */
record LiteralBytes(StringEncoding stringEncoding, ColumnLiterals literals) {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** Those of 2^64. */
    private static final int MAX_DIGITS = 20;

    private static final Pattern YEAR = Pattern.compile("[0-9]{4}");

    /**
     * One item.
     *
     * @param text null for none, which only times do with: they are NaT
     * @throws IllegalArgumentException when the dtype cannot hold it; the message is what was found and expected
     */
    byte[] of(DType dtype, String text) {
        ByteBuffer target = ByteBuffer.allocate(dtype.itemsize()).order(ByteOrder.LITTLE_ENDIAN);
        put(dtype, text, target, 0);
        return target.array();
    }

    private void put(DType dtype, String text, ByteBuffer target, int position) {
        if (dtype instanceof RecordDType record) {
            for (RecordDType.Field field : record.fields()) {
                put(field.dtype(), text, target, position + field.offset());
            }
        } else if (dtype instanceof SubArrayDType array) {
            byte[] element = of(array.base(), text);
            for (int at = position; at < position + array.itemsize(); at += element.length) {
                target.put(at, element);
            }
        } else {
            putScalar((ScalarDType) dtype, text, target, position);
        }
    }

    private void putScalar(ScalarDType dtype, String text, ByteBuffer target, int position) {
        if (text == null && dtype.isTime()) {
            Sink.of(dtype).put(target, position, Long.MIN_VALUE);
            return;
        } else if (text == null) {
            throw new IllegalArgumentException("found no value, expected one of " + dtype);
        }
        switch (dtype.kind()) {
            case BOOL -> Sink.of(dtype).put(target, position, flag(text));
            case INT, UINT -> Sink.of(dtype).put(target, position, integer(text, dtype));
            case FLOAT, BFLOAT16 -> Sink.of(dtype).put(target, position, number(text, dtype));
            case COMPLEX -> {
                ScalarDType part = dtype.part();
                Sink.of(part).put(target, position, number(text, part));
            }
            case BYTES ->
                putFitting(
                        ColumnLiterals.pythonBytes(text).orElseGet(() -> bytes(text)), text, dtype, target, position);
            case UNICODE -> putFitting(codePoints(text, dtype), text, dtype, target, position);
            case VOID ->
                putFitting(
                        ColumnLiterals.pythonBytes(text).orElseGet(() -> hex(text, dtype)),
                        text,
                        dtype,
                        target,
                        position);
            case DATETIME, TIMEDELTA -> Sink.of(dtype).put(target, position, ticks(text, dtype));
        }
    }

    private long flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> 1;
            case "false", "0" -> 0;
            default -> throw wrong(text, "true or false", null);
        };
    }

    private long integer(String text, ScalarDType dtype) {
        boolean signed = dtype.kind() != Kind.UINT;
        int bits = dtype.itemsize() * Byte.SIZE - (signed ? 1 : 0);
        BigInteger value;
        try {
            value = whole(new BigDecimal(text.strip()));
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(text, "an integer that " + dtype + " holds", e);
        }
        if (value.bitLength() > bits || (!signed && value.signum() < 0)) {
            throw wrong(text, "an integer that " + dtype + " holds", null);
        }
        return value.longValue();
    }

    /** Looks at the number of digits first: an exponent may mean any number of them. */
    private static BigInteger whole(BigDecimal value) {
        long digits = (long) value.precision() - value.scale();
        if (value.signum() == 0) {
            return BigInteger.ZERO;
        } else if (digits <= 0 || digits > MAX_DIGITS) {
            throw new ArithmeticException("found " + digits + " digits before the point");
        }
        return value.toBigIntegerExact();
    }

    private long number(String text, ScalarDType dtype) {
        FloatFormat format = FloatFormat.of(dtype);
        double value =
                switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "nan" -> Double.NaN;
                    case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
                    case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                    default -> finite(text, dtype);
                };
        long bits = format.bits(value);
        if (Double.isInfinite(format.value(bits)) && !Double.isInfinite(value)) {
            throw wrong(text, "a number that " + dtype + " holds", null);
        }
        return bits;
    }

    private double finite(String text, ScalarDType dtype) {
        try {
            return new BigDecimal(text.strip()).doubleValue();
        } catch (NumberFormatException e) {
            throw wrong(text, "a number, nan, inf or -inf for " + dtype, e);
        }
    }

    private byte[] bytes(String text) {
        if (stringEncoding != StringEncoding.LATIN1) {
            return text.getBytes(StandardCharsets.UTF_8);
        } else if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            throw wrong(text, "only characters of Latin-1, as stringEncoding is latin1", null);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** NumPy too takes bytes for text only where they are ASCII. */
    private byte[] codePoints(String text, ScalarDType dtype) {
        String shown = ColumnLiterals.pythonBytes(text)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .orElse(text);
        if (!shown.equals(text) && !StandardCharsets.US_ASCII.newEncoder().canEncode(shown)) {
            throw wrong(text, "bytes of ASCII for " + dtype, null);
        }
        int[] codePoints = shown.codePoints().toArray();
        ByteBuffer units = ByteBuffer.allocate(Integer.BYTES * codePoints.length)
                .order(dtype.byteOrder().nio());
        units.asIntBuffer().put(codePoints);
        return units.array();
    }

    private byte[] hex(String text, ScalarDType dtype) {
        String digits = text.strip();
        if (digits.equals("0")) {
            return new byte[dtype.itemsize()];
        }
        if (!digits.startsWith("0x") || digits.length() != 2 + 2L * dtype.itemsize()) {
            throw wrong(text, "0, or 0x and two hexadecimal digits for each byte of " + dtype, null);
        }
        try {
            return HexFormat.of().parseHex(digits.substring(2));
        } catch (IllegalArgumentException e) {
            throw wrong(text, "0, or 0x and two hexadecimal digits for each byte of " + dtype, e);
        }
    }

    private void putFitting(byte[] bytes, String text, ScalarDType dtype, ByteBuffer target, int position) {
        if (bytes.length > dtype.itemsize() || (dtype.kind() != Kind.VOID && text.endsWith("\0"))) {
            throw wrong(text, "a text that fits " + dtype + " and does not end in NUL", null);
        }
        target.put(position, Arrays.copyOf(bytes, dtype.itemsize()));
    }

    /** NaT, a count of ticks, a date or time, or a length of time. A bare number of four digits is a year only where ticks are years. */
    private long ticks(String text, ScalarDType dtype) {
        String stripped = text.strip();
        boolean datetime = dtype.kind() == Kind.DATETIME;
        if (stripped.equalsIgnoreCase("NaT")) {
            return Long.MIN_VALUE;
        }
        boolean year = datetime
                && dtype.unit() == DatetimeUnit.YEAR
                && YEAR.matcher(stripped).matches();
        if (INTEGER.matcher(stripped).matches() && !year) {
            BigInteger count = new BigInteger(stripped);
            if (count.bitLength() < Long.SIZE) {
                return count.longValue();
            }
        } else {
            Optional<Long> ticks = datetime
                    ? TimeLiteral.parse(stripped).flatMap(time -> time.ticks(dtype))
                    : DurationLiteral.parse(stripped).flatMap(length -> length.ticks(dtype));
            if (ticks.isPresent()) {
                return ticks.get();
            }
        }
        String unit = (dtype.unitCount() == 1 ? "" : dtype.unitCount() + " ")
                + dtype.unit().symbol();
        String expected = datetime
                ? "NaT, a count of " + unit + " since 1970, or a date or time in whole " + unit + ", such as 1970-01-01"
                : "NaT, or a count of " + unit;
        throw wrong(text, expected, null);
    }

    private IllegalArgumentException wrong(String text, String expected, Exception cause) {
        return new IllegalArgumentException(
                "found '" + literals.shown(text) + "', expected " + expected, literals.secret() ? null : cause);
    }
}
