package io.memmap.spark.options;

import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeException;
import io.memmap.dtype.Literal;
import io.memmap.format.ArrayFormat;
import io.memmap.format.Claims;
import io.memmap.layout.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One entry of the option {@code columnPaths}: a column, and the array that it is. Immutable; lives on the driver.
 *
 * @param path of a file or directory, or a glob; absolute, or relative to the path that is loaded
 * @param dtype null where it is not given, as are those that follow
 * @param shape its lengths, {@code -1} included
 * @param member the name of the array in its container
 */
public record ColumnPath(
        String name, String path, DType dtype, List<Long> shape, Order order, Long offset, String member) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*", Pattern.DOTALL);
    private static final String PATH = "path";
    private static final Set<String> KEYS = Set.of(PATH, "dtype", "shape", "order", "offset", "member");

    /**
     * Reads JSON's or Python's dict of columns and paths, in its order.
     *
     * @throws IllegalArgumentException with the reason, when it is none
     */
    static List<ColumnPath> parse(String text) {
        if (!(Literal.parseRepr(text) instanceof Map<?, ?> dict)) {
            throw new IllegalArgumentException("it is no dict");
        }
        return parse(dict);
    }

    /** The same of a dict, as JSON has it. */
    public static List<ColumnPath> parse(Map<?, ?> dict) {
        if (dict.isEmpty()) {
            throw new IllegalArgumentException("there is no column");
        }
        List<ColumnPath> columns = new ArrayList<>();
        dict.forEach((name, value) -> columns.add(of((String) name, value)));
        return List.copyOf(columns);
    }

    private static ColumnPath of(String name, Object value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name is empty");
        }
        Map<?, ?> entry = value instanceof Map<?, ?> given ? given : value == null ? Map.of() : Map.of(PATH, value);
        entry.keySet().stream().filter(key -> !KEYS.contains(key)).findFirst().ifPresent(key -> {
            throw bad(name, "'" + key + "' is none of " + KEYS.stream().sorted().toList(), null);
        });
        if (!(entry.get(PATH) instanceof String path) || path.isBlank()) {
            Object found = entry.get(PATH);
            String instead =
                    found == null ? "" : ", found " + Literal.toPython(found) + ", expected a text that is not blank";
            throw bad(name, "it has no path" + instead, null);
        }
        try {
            return new ColumnPath(
                    name,
                    path,
                    entry.get("dtype") == null ? null : DType.ofLiteral(entry.get("dtype")),
                    entry.get("shape") == null
                            ? null
                            : ShapeOption.parse(text(entry.get("shape"))).dims(),
                    entry.get("order") == null ? null : order(entry.get("order")),
                    entry.get("offset") == null ? null : offset(entry.get("offset")),
                    entry.get("member") == null ? null : text(entry.get("member")));
        } catch (DTypeException e) {
            throw bad(name, e.problem(), e);
        } catch (IllegalArgumentException e) {
            throw bad(name, e.getMessage(), e);
        }
    }

    private static String text(Object value) {
        return value instanceof String text ? text : Literal.toPython(value);
    }

    private static Order order(Object value) {
        return switch (value.toString().strip().toUpperCase(Locale.ROOT)) {
            case "C" -> Order.C;
            case "F" -> Order.F;
            default -> throw new IllegalArgumentException("order " + text(value) + " is none of C, F");
        };
    }

    private static long offset(Object value) {
        try {
            long offset = value instanceof Long number
                    ? number
                    : Long.parseLong(value.toString().strip());
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal.
        }
        throw new IllegalArgumentException("offset " + text(value) + " is no integer of 0 or more");
    }

    private static IllegalArgumentException bad(String name, String reason, Exception cause) {
        return new IllegalArgumentException("column '" + name + "': " + reason, cause);
    }

    /** Returns true if the path does not depend on the path that is loaded. */
    public boolean isAbsolute() {
        return path.startsWith("/") || SCHEME.matcher(path).matches();
    }

    /** Returns true if the path cannot lead out of the directory that it is relative to, except by a link. */
    public boolean isBelow() {
        return !isAbsolute() && !Arrays.asList(path.split("/", -1)).contains("..");
    }

    /**
     * The path to read.
     *
     * @param base the path that is loaded
     */
    public String resolve(String base) {
        return isAbsolute() ? path : base + (base.endsWith("/") ? "" : "/") + path;
    }

    /**
     * The statements of the entry about its files.
     *
     * @param container of all columns; null where it is not given
     */
    public Claims claims(ArrayFormat container) {
        Claims.Source source = new Claims.Source("columnPaths of column '" + name + "'", "correct columnPaths");
        return new Claims(source, dtype, shape, order, offset, container, List.of(), null);
    }

    @Override
    public String toString() {
        return name + ": " + path;
    }
}
