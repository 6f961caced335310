package io.memmap.dtype;

import java.util.Locale;
import java.util.regex.Pattern;

/** Strings, numbers and words: a place in a text that moves on, and the errors about it. */
abstract class LiteralScanner {

    enum Dialect {
        PYTHON(Dialect.VALUES, "nrt"),
        /** Without the suffix L of integers. */
        PYTHON_3(Dialect.VALUES, "nrt"),
        /** Python, and what {@code str} and {@code repr} make of dtypes, scalar classes and scalars, see {@link NumpyRepr}. */
        REPR("a dtype, " + Dialect.VALUES, "nrt"),
        JSON("a string, a number, true, false, null, an array or an object", "nrtbf/");

        private static final String VALUES = "a string, an integer, True, False, None, a tuple, a list or a dict";

        private final String expected;
        private final String escapes;

        Dialect(String expected, String escapes) {
            this.expected = expected;
            this.escapes = escapes;
        }

        /** The possible values, for messages. */
        String expected() {
            return expected;
        }
    }

    private static final Pattern JSON_NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");
    private static final int SHOWN_LENGTH = 24;

    final Dialect dialect;
    /** The index of the next character. */
    int at;

    private final String text;
    private final StringBuilder string = new StringBuilder();

    LiteralScanner(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    String string() {
        int start = at;
        char quote = text.charAt(at++);
        string.setLength(0);
        while (peek() != quote) {
            char c = peek();
            if (at == text.length()) {
                throw expected("a closing " + quote);
            } else if (dialect == Dialect.JSON ? c < ' ' : c == '\0' || c == '\n' || c == '\r') {
                throw expected("a closing " + quote + " before any "
                        + (dialect == Dialect.JSON ? "control character" : "line end or NUL"));
            } else if (c == '\\') {
                string.append(escape());
            } else {
                string.append(c);
                at++;
            }
        }
        at++;
        if (hasLoneSurrogate()) {
            throw new LiteralException(start, "a string with half a surrogate pair", "both or none");
        }
        return string.toString();
    }

    private boolean hasLoneSurrogate() {
        boolean high = false;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (high != Character.isLowSurrogate(c)) {
                return true;
            }
            high = Character.isHighSurrogate(c);
        }
        return high;
    }

    private String escape() {
        char c = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
        if (c == '\\' || isQuote(c)) {
            at += 2;
            return String.valueOf(c);
        }
        int simple = dialect.escapes.indexOf(c);
        if (simple >= 0) {
            at += 2;
            return String.valueOf("\n\r\t\b\f/".charAt(simple));
        }
        int digits = c == 'u' ? 4 : dialect == Dialect.JSON ? 0 : c == 'x' ? 2 : c == 'U' ? 8 : 0;
        if (digits == 0) {
            throw expected(
                    dialect == Dialect.JSON
                            ? "one of JSON's escapes"
                            : "only the escapes that repr writes: \\\\, \\', \\\", \\n, \\r, \\t, \\x, \\u and \\U");
        }
        return codePoint(c, digits);
    }

    private String codePoint(char letter, int digits) {
        long code = 0;
        for (int i = at + 2; i < at + 2 + digits; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw expected("\\" + letter + " and " + digits + " hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        boolean half = dialect != Dialect.JSON && code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
        if (half || code > Character.MAX_CODE_POINT) {
            throw expected("a code point, and no half of a surrogate pair");
        }
        at += 2 + digits;
        return Character.toString((int) code);
    }

    Object number() {
        int start = at;
        at++;
        while (isWord(peek()) || isExponentSign()) {
            at++;
        }
        String number = text.substring(start, at);
        boolean json = dialect == Dialect.JSON;
        boolean isLong = number.endsWith("L") && !json && dialect != Dialect.PYTHON_3;
        String digits = isLong ? number.substring(0, number.length() - 1) : number;
        if (isPlainInteger(digits)) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException e) {
                if (dialect != Dialect.REPR) {
                    throw new LiteralException(start, shown(number), "an integer from -2^63 to 2^63-1");
                }
            }
        }
        if (dialect == Dialect.REPR) {
            return NumpyRepr.number(number)
                    .orElseThrow(() -> new LiteralException(start, shown(number), "a decimal number"));
        } else if (!json || !JSON_NUMBER.matcher(number).matches()) {
            throw new LiteralException(start, shown(number), json ? "a JSON number" : "a plain decimal integer");
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw new LiteralException(start, shown(number), "a number within the range of a double");
        }
        return value;
    }

    private static boolean isPlainInteger(String number) {
        int first = number.startsWith("-") ? 1 : 0;
        boolean plain = first < number.length() && (number.charAt(first) != '0' || number.length() == first + 1);
        for (int i = first; i < number.length(); i++) {
            plain &= isDigit(number.charAt(i));
        }
        return plain;
    }

    private boolean isExponentSign() {
        char previous = text.charAt(at - 1);
        return (peek() == '-' || peek() == '+')
                && (previous == 'e' || previous == 'E')
                && (dialect == Dialect.JSON || dialect == Dialect.REPR);
    }

    void takeWord(String word) {
        if (!text.startsWith(word, at)) {
            throw expected("'" + word + "'");
        }
        at += word.length();
    }

    void take(char c, String what) {
        skipSpace();
        if (peek() != c) {
            throw expected(what);
        }
        at++;
    }

    void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    String takeWordCharacters() {
        int start = at;
        while (isWord(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    /** The text from there on, as far as it has been read. */
    String since(int start) {
        return text.substring(start, at);
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** NUL at the end of the text, which no rule accepts. */
    char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean isQuote(char c) {
        return c == '"' || (c == '\'' && dialect != Dialect.JSON);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '.';
    }

    LiteralException expected(String what) {
        return new LiteralException(at, found(), what);
    }

    private String found() {
        if (at == text.length()) {
            return "the end";
        }
        int end = at;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return shown(text.substring(at, end > at ? end : text.offsetByCodePoints(at, 1)));
    }

    static String shown(String part) {
        if (part.codePointCount(0, part.length()) == 1 && (part.charAt(0) <= ' ' || part.charAt(0) > '~')) {
            return String.format(Locale.ROOT, "U+%04X", part.codePointAt(0));
        }
        String cut = part.length() > SHOWN_LENGTH ? part.substring(0, SHOWN_LENGTH) + "..." : part;
        return Literal.quote(cut);
    }
}
