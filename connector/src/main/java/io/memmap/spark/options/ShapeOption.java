package io.memmap.spark.options;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.layout.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shape as an option gives it: every length, or {@code -1} on axis 0 for as many rows as the file holds.
 *
 * @param rowsFromFile whether axis 0 was {@code -1}
 * @param given the lengths; 0 on axis 0 if the file decides
 */
public record ShapeOption(boolean rowsFromFile, Shape given) {

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,19}");
    /** The text that {@code str} writes between the brackets of an array. */
    private static final Pattern ARRAY = Pattern.compile("-?[0-9]+(?:\\s+-?[0-9]+)+");

    /**
     * Reads {@code 1000,8}, {@code (1000, 8)}, {@code [1000, 8]}, {@code (1000,)}, {@code 1000}, {@code ()},
     * {@code -1,8}, {@code (np.int64(1000), 8)} or {@code [1000 8]}, which is {@code str} of an array.
     *
     * @throws IllegalArgumentException with the reason, when the text is none of these
     */
    static ShapeOption parse(String text) {
        List<Long> dims = integers(unbracketed(text.strip()));
        boolean rowsFromFile = !dims.isEmpty() && dims.get(0) == -1;
        if (dims.lastIndexOf(-1L) > 0) {
            throw new IllegalArgumentException("-1 is for axis 0 only");
        }
        if (rowsFromFile && dims.contains(0L)) {
            throw new IllegalArgumentException("rows of no bytes cannot be counted");
        }
        if (rowsFromFile) {
            dims.set(0, 0L);
        }
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        try {
            shape.size();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("that is more than 2^63-1 elements", e);
        }
        return new ShapeOption(rowsFromFile, shape);
    }

    /** The lengths as they were given, {@code -1} included. */
    public List<Long> dims() {
        List<Long> dims = new ArrayList<>();
        for (long dim : given.toArray()) {
            dims.add(rowsFromFile && dims.isEmpty() ? -1L : dim);
        }
        return List.copyOf(dims);
    }

    /** The shape of one row. */
    public Shape trailing() {
        return given.trailing();
    }

    /** The text that Python writes for a tuple: {@code (-1, 8)}. */
    @Override
    public String toString() {
        return rowsFromFile ? given.toString().replaceFirst("0", "-1") : given.toString();
    }

    private static String unbracketed(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty text is no shape, () is a single element");
        }
        char first = text.charAt(0);
        if (first != '(' && first != '[') {
            return text;
        }
        if (text.length() < 2 || text.charAt(text.length() - 1) != (first == '(' ? ')' : ']')) {
            throw new IllegalArgumentException("the bracket " + first + " is not closed");
        }
        String inside = text.substring(1, text.length() - 1).strip();
        return ARRAY.matcher(inside).matches() ? inside.replaceAll("\\s+", ",") : inside;
    }

    private static List<Long> integers(String text) {
        // One comma may trail, as in a Python tuple.
        String items = text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
        String[] parts = text.isEmpty() ? new String[0] : items.split(",", -1);
        return Stream.of(parts).map(part -> integer(part.strip())).collect(Collectors.toCollection(ArrayList::new));
    }

    private static long integer(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return ofNumpy(text);
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " leaves 64 bits", e);
        }
    }

    private static long ofNumpy(String text) {
        try {
            if (Literal.parseRepr(text) instanceof Long integer) {
                return integer;
            }
        } catch (LiteralException e) {
            throw notInteger(text, e);
        }
        throw notInteger(text, null);
    }

    private static IllegalArgumentException notInteger(String text, LiteralException cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not an integer"
                        + (text.equals("None") ? ", -1 is as many rows as the file has" : ""),
                cause);
    }
}
