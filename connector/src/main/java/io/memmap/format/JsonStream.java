package io.memmap.format;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.IOException;
import java.io.Reader;

/**
 * A JSON text that is too long to be held: members and items are read one by one, each by {@link Literal}. One value has at
 * most {@link #MAX_VALUE_LENGTH} characters. Every error names the file and the character.
 */
final class JsonStream {
    static final int MAX_VALUE_LENGTH = 16 << 20;

    private static final int END = -1;

    private final Reader reader;
    private final String file;
    private final char[] buffer = new char[8192];
    private int at;
    private int count;
    /** Characters before the buffer. */
    private long before;

    JsonStream(Reader reader, String file) {
        this.reader = reader;
        this.file = file;
    }

    /** Returns true if the next value is an object or array that opens with this bracket. */
    boolean opens(char bracket) throws IOException {
        return peekBehindSpace() == bracket;
    }

    /** Reads one character after spaces. */
    void take(char c) throws IOException {
        if (peekBehindSpace() != c) {
            throw expected("'" + c + "'");
        }
        at++;
    }

    /** Returns true if a member or item follows; else reads the closing bracket. */
    boolean hasNext(char close, boolean first) throws IOException {
        if (peekBehindSpace() == close) {
            at++;
            return false;
        }
        if (!first) {
            if (peek() != ',') {
                throw expected("',' or '" + close + "'");
            }
            at++;
        }
        return true;
    }

    /** Refuses anything but spaces at the end. */
    void end() throws IOException {
        if (peekBehindSpace() != END) {
            throw expected("the end of the text");
        }
    }

    Object value() throws IOException {
        peekBehindSpace();
        long start = before + at;
        String text = text();
        if (text.isEmpty()) {
            throw expected("a value");
        }
        try {
            return Literal.parseJson(text);
        } catch (LiteralException e) {
            throw notJson(e.problem("at character " + (start + e.position())));
        }
    }

    /** The characters of the next value, up to where it can only end. */
    private String text() throws IOException {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        while (peek() != END) {
            char c = (char) peek();
            boolean ends = !quoted && depth == 0 && (",:]}".indexOf(c) >= 0 || isSpace(c));
            if (ends) {
                break;
            }
            at++;
            text.append(c);
            if (text.length() > MAX_VALUE_LENGTH) {
                throw notJson("found a value of more than " + MAX_VALUE_LENGTH + " characters at character "
                        + (before + at - text.length()) + ", expected a shorter one");
            }
            if (quoted && c == '\\' && peek() != END) {
                text.append((char) peek());
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
            } else if (!quoted && (c == '}' || c == ']')) {
                depth--;
            }
        }
        return text.toString();
    }

    private int peekBehindSpace() throws IOException {
        while (peek() != END && isSpace((char) peek())) {
            at++;
        }
        return peek();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private int peek() throws IOException {
        if (at == count) {
            before += count;
            at = 0;
            count = Math.max(0, reader.read(buffer));
        }
        return at == count ? END : buffer[at];
    }

    private IOException expected(String what) throws IOException {
        int found = peek();
        return notJson("found " + (found == END ? "the end" : Literal.quote(String.valueOf((char) found)))
                + " at character " + (before + at) + ", expected " + what);
    }

    private IOException notJson(String problem) {
        return new IOException("Cannot read " + file + ": it is no JSON; " + problem);
    }
}
