package io.memmap.spark.options;

import io.memmap.dtype.Literal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The grammar of options that are lists: commas between the parts, but not in quotes, backquotes and brackets. */
final class OptionParts {
    private OptionParts() {}

    /** @throws IllegalArgumentException with the reason, when a part is empty or a quote or bracket is not closed */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (true) {
            int comma = indexOf(text, from, ',');
            String part =
                    text.substring(from, comma < 0 ? text.length() : comma).strip();
            if (part.isEmpty()) {
                throw new IllegalArgumentException("a part is empty");
            }
            parts.add(part);
            if (comma < 0) {
                return parts;
            }
            from = comma + 1;
        }
    }

    /** Finds a character from {@code from} on, outside all quotes and brackets; -1 if there is none. */
    static int indexOf(String text, int from, char wanted) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == wanted && depth == 0) {
                return at;
            } else if (c == '\'' || c == '"' || c == '`') {
                int close = text.indexOf(c, at + 1);
                if (close < 0) {
                    throw new IllegalArgumentException("the quote " + c + " at position " + at + " is not closed");
                }
                at = close;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        if (depth > 0) {
            throw new IllegalArgumentException("a bracket is not closed");
        }
        return -1;
    }

    /**
     * Reads Python's or JSON's dict of names and values, in its order. {@code None} is no value.
     *
     * @throws IllegalArgumentException with the reason, when the text is no dict or a name is empty
     */
    static Map<String, Object> dict(String text) {
        if (!(Literal.parseRepr(text) instanceof Map<?, ?> dict)) {
            throw new IllegalArgumentException("it is no dict");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        dict.forEach((name, value) -> {
            if (name.equals("")) {
                throw new IllegalArgumentException("a name is empty");
            } else if (value != null) {
                values.put((String) name, value);
            }
        });
        return values;
    }

    /** A column's name, out of its backquotes where it has some. */
    static String name(String text) {
        String stripped = text.strip();
        String name = isWithin(stripped, '`')
                ? stripped.substring(1, stripped.length() - 1).replace("``", "`")
                : stripped;
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name is empty");
        }
        return name;
    }

    /** A value, out of its quotes where it has some. */
    static String unquoted(String text) {
        String stripped = text.strip();
        return isWithin(stripped, '\'') || isWithin(stripped, '"')
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
    }

    private static boolean isWithin(String text, char quote) {
        return text.length() > 1 && text.charAt(0) == quote && text.charAt(text.length() - 1) == quote;
    }
}
