package io.memmap.spark.options;

import io.memmap.dtype.Literal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The grammar of a list of column names: {@code a, b}, with a name that holds commas or outer spaces in backquotes (a
 * backquote in it doubled), or a JSON or Python list of strings.
 */
public final class ColumnNames {
    private ColumnNames() {}

    /** A name in backquotes, as SQL and a list of names take it. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** @throws IllegalArgumentException with the reason, when it is no such list, or a name is empty or repeated */
    static List<String> parse(String text) {
        String stripped = text.strip();
        List<String> names = stripped.startsWith("[") || stripped.startsWith("(")
                ? OptionType.strings(Literal.parseRepr(stripped))
                : separated(stripped);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("there is no name");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a name is empty");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException("'" + name + "' is given twice");
            }
        }
        return List.copyOf(names);
    }

    private static List<String> separated(String text) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder name = new StringBuilder();
            at = text.startsWith("`", at) ? quoted(text, at, name) : plain(text, at, name);
            names.add(name.toString());
            if (at == text.length()) {
                return names;
            }
            at = skipSpaces(text, at + 1);
        }
    }

    private static int plain(String text, int from, StringBuilder name) {
        int comma = text.indexOf(',', from);
        int end = comma < 0 ? text.length() : comma;
        name.append(text.substring(from, end).strip());
        return end;
    }

    /** Reads from the opening backquote on; gives the position of the comma after it, or of the end. */
    private static int quoted(String text, int from, StringBuilder name) {
        int at = from + 1;
        while (true) {
            int close = text.indexOf('`', at);
            if (close < 0) {
                throw new IllegalArgumentException("the backquote at position " + from + " is not closed");
            }
            name.append(text, at, close);
            if (!text.startsWith("`", close + 1)) {
                return separator(text, skipSpaces(text, close + 1));
            }
            name.append('`');
            at = close + 2;
        }
    }

    private static int separator(String text, int at) {
        if (at < text.length() && text.charAt(at) != ',') {
            throw new IllegalArgumentException("a comma is missing at position " + at);
        }
        return at;
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
