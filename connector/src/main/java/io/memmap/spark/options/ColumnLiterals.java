package io.memmap.spark.options;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Values as text, one for all columns or one for each of some: the options {@code nullValue} and {@code fillValue}.
 * Crosses the wire.
 *
 * @param all null where they are per column
 * @param byColumn empty where there is one for all
 * @param secret true if messages show none of them
 */
public record ColumnLiterals(String all, Map<String, String> byColumn, boolean secret) implements Serializable {

    /** No value for any column. */
    public static final ColumnLiterals NONE = new ColumnLiterals(null, Map.of());

    private static final Pattern PYTHON_BYTES = Pattern.compile("b['\"]");

    public ColumnLiterals {
        byColumn = Map.copyOf(byColumn);
    }

    /** Values that messages show. */
    public ColumnLiterals(String all, Map<String, String> byColumn) {
        this(all, byColumn, false);
    }

    /** The same values, which messages do not show. */
    ColumnLiterals redacted() {
        return new ColumnLiterals(all, byColumn, true);
    }

    /** The same for other names of the columns. */
    public ColumnLiterals withColumns(Map<String, String> columns) {
        return new ColumnLiterals(all, columns, secret);
    }

    /** Returns a value as messages show it. */
    public String shown(String literal) {
        return secret ? Redaction.REDACTED : literal;
    }

    @Override
    public String toString() {
        return secret ? Redaction.REDACTED : all == null ? byColumn.toString() : all;
    }

    /** The value of just this column; {@link #forAll} is not looked at. */
    public Optional<String> of(String column) {
        return Optional.ofNullable(byColumn.get(column));
    }

    /** The value for all columns. */
    public Optional<String> forAll() {
        return Optional.ofNullable(all);
    }

    /** Parses {@code b'ab'}, the {@code str} of Python's bytes; empty for any other value. */
    public static Optional<byte[]> pythonBytes(String literal) {
        if (!PYTHON_BYTES.matcher(literal).lookingAt()) {
            return Optional.empty();
        }
        try {
            return Literal.parseRepr(literal) instanceof Literal.Bytes bytes
                    ? Optional.of(bytes.latin1().getBytes(StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (LiteralException e) {
            return Optional.empty();
        }
    }

    /** Returns the number of characters that a value has as text. */
    public static int characters(String literal) {
        return pythonBytes(literal)
                .map(bytes -> bytes.length)
                .orElseGet(() -> literal.codePointCount(0, literal.length()));
    }

    /**
     * Reads {@code 0}, {@code 'n/a'}, {@code a=0, `b c`=-1, d='x, y'} or a Python or JSON dict of such values.
     *
     * @throws IllegalArgumentException with the reason, when a name is empty or repeated, or some values have one and
     *     others not
     */
    static ColumnLiterals parse(String text) {
        if (text.strip().startsWith("{")) {
            return ofDict(OptionParts.dict(text.strip()));
        }
        List<String> parts = OptionParts.split(text);
        if (parts.size() == 1 && OptionParts.indexOf(parts.get(0), 0, '=') < 0) {
            return new ColumnLiterals(OptionParts.unquoted(parts.get(0)), Map.of());
        }
        Map<String, String> byColumn = new LinkedHashMap<>();
        for (String part : parts) {
            int equals = OptionParts.indexOf(part, 0, '=');
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "'" + part + "' has no column, as in a=0; put a value with commas in quotes");
            }
            String name = OptionParts.name(part.substring(0, equals));
            if (byColumn.put(name, OptionParts.unquoted(part.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("'" + name + "' is given twice");
            }
        }
        return new ColumnLiterals(null, byColumn);
    }

    private static ColumnLiterals ofDict(Map<String, Object> values) {
        Map<String, String> byColumn = new LinkedHashMap<>();
        values.forEach((name, value) -> byColumn.put(name, text(name, value)));
        if (byColumn.isEmpty()) {
            throw new IllegalArgumentException("there is no value; put a text with braces in quotes");
        }
        return new ColumnLiterals(null, byColumn);
    }

    /** The spelling of the value in a list. */
    private static String text(String name, Object value) {
        boolean scalar = value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Literal.Bytes;
        if (!scalar) {
            throw new IllegalArgumentException("'" + name + "' has the value " + Literal.toPython(value)
                    + ", which is no number, text, bytes, date, time, True or False");
        }
        return value.toString();
    }
}
