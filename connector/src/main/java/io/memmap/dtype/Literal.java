package io.memmap.dtype;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Python literals and JSON as plain Java values, and back. The one parser of dtype texts, .npy headers, options and
 * sidecars.
 *
 * <p>Values are immutable: {@link String}, {@link Long}, {@link Boolean}, null for {@code None} and {@code null},
 * {@link List}, {@link Map} in the order of the text, and {@link Tuple}; from JSON also {@link Double}. The grammar is
 * closed: nothing is evaluated, at most {@link #MAX_DEPTH} brackets nest, keys are distinct strings, integers fit
 * a long. Of Python it knows no floats, bytes, comments, adjacent strings, triple quotes, and only the escapes that
 * {@code repr} writes. For any text a parse returns or throws a {@link LiteralException}, in time and heap linear in the
 * text. Safe from any thread.
 */
public final class Literal {
    /** The greatest depth of nested brackets. */
    public static final int MAX_DEPTH = 32;

    /** A Python tuple; JSON has none. */
    public record Tuple(List<Object> items) {
        public Tuple {
            items = Collections.unmodifiableList(new ArrayList<>(items));
        }
    }

    /** Python's bytes, a character for each. */
    public record Bytes(String latin1) {
        @Override
        public String toString() {
            return "b" + quote(latin1);
        }
    }

    private Literal() {}

    /**
     * Reads a Python literal, such as {@code {'shape': (3, 4L), 'fortran_order': False}}; Python 2 wrote the L.
     *
     * @throws LiteralException when the text is anything else
     */
    public static Object parsePython(String text) {
        return new LiteralParser(text, LiteralScanner.Dialect.PYTHON).parse();
    }

    /** Reads a literal of Python 3, whose integers end in no L; else as {@link #parsePython}. */
    public static Object parsePython3(String text) {
        return new LiteralParser(text, LiteralScanner.Dialect.PYTHON_3).parse();
    }

    /**
     * Reads a JSON text.
     *
     * @throws LiteralException when the text is anything else
     */
    public static Object parseJson(String text) {
        return new LiteralParser(text, LiteralScanner.Dialect.JSON).parse();
    }

    /**
     * Reads what Python's {@code str} makes of dtypes, tuples, lists and dicts, or a JSON text. Beside the values of
     * {@link #parsePython} there are {@link Bytes}, {@link java.math.BigDecimal} for finite numbers that are no long,
     * {@link Double} for the others, and objects whose text is the name of a dtype. NumPy's scalars are their values,
     * times their text as {@code str} writes it. {@link NumpyRepr} lists all that is known; nothing is evaluated.
     *
     * @throws LiteralException when the text is anything else: about the grammar that it follows for longer
     */
    public static Object parseRepr(String text) {
        try {
            return new LiteralParser(text, LiteralScanner.Dialect.REPR).parse();
        } catch (LiteralException notPython) {
            try {
                return parseJson(text);
            } catch (LiteralException notJson) {
                throw notJson.position() > notPython.position() ? notJson : notPython;
            }
        }
    }

    /**
     * Writes a string as Python's {@code repr} does: in double quotes if it holds only single ones, and with escapes for
     * what is not printable.
     */
    public static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (isPrintable(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(escape(c));
            }
        });
        return quoted.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR -> c == ' ';
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String escape(int c) {
        return switch (c) {
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default -> String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        };
    }

    /** Writes a parsed value as Python's {@code repr} does: {@code {'shape': (3,), 'fortran_order': False}}. */
    public static String toPython(Object value) {
        StringBuilder python = new StringBuilder();
        appendPython(python, value);
        return python.toString();
    }

    private static void appendPython(StringBuilder python, Object value) {
        if (value instanceof String string) {
            python.append(quote(string));
        } else if (value instanceof Boolean flag) {
            python.append(flag ? "True" : "False");
        } else if (value instanceof List<?> list) {
            appendPythonItems(python.append('['), list);
            python.append(']');
        } else if (value instanceof Tuple tuple) {
            appendPythonItems(python.append('('), tuple.items());
            python.append(tuple.items().size() == 1 ? ",)" : ")");
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                appendPython(python.append(separator), entry.getKey());
                appendPython(python.append(": "), entry.getValue());
                separator = ", ";
            }
            python.append(map.isEmpty() ? "{}" : "}");
        } else {
            python.append(value == null ? "None" : value);
        }
    }

    private static void appendPythonItems(StringBuilder python, List<?> items) {
        String separator = "";
        for (Object item : items) {
            appendPython(python.append(separator), item);
            separator = ", ";
        }
    }

    /**
     * Writes a value as JSON on one line, {@code {"shape": [3, 4], "order": "C"}}, keys in the map's own order.
     *
     * @throws IllegalArgumentException for a value or key that JSON has no form for
     */
    public static String toJson(Object value) {
        StringBuilder json = new StringBuilder();
        appendJson(json, value);
        return json.toString();
    }

    private static void appendJson(StringBuilder json, Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "";
            json.append('{');
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String key)) {
                    throw new IllegalArgumentException(
                            "Cannot write JSON: key " + entry.getKey() + ", expected a string");
                }
                appendJsonString(json.append(separator), key);
                appendJson(json.append(": "), entry.getValue());
                separator = ", ";
            }
            json.append('}');
        } else if (value instanceof List<?> list) {
            appendJsonArray(json, list);
        } else if (value instanceof Tuple tuple) {
            appendJsonArray(json, tuple.items());
        } else if (value instanceof String string) {
            appendJsonString(json, string);
        } else if (value == null || value instanceof Boolean || isFiniteNumber(value)) {
            json.append(value);
        } else {
            throw new IllegalArgumentException("Cannot write JSON: value " + value + " of "
                    + value.getClass().getName() + ", expected a map, list, string, finite number, boolean or null");
        }
    }

    private static boolean isFiniteNumber(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    private static void appendJsonArray(StringBuilder json, List<?> items) {
        String separator = "";
        json.append('[');
        for (Object item : items) {
            appendJson(json.append(separator), item);
            separator = ", ";
        }
        json.append(']');
    }

    private static void appendJsonString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
