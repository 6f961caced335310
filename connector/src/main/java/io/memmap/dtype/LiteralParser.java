package io.memmap.dtype;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values and brackets: one pass of recursive descent over one text; see {@link Literal} for the grammar. */
final class LiteralParser extends LiteralScanner {

    /** A word that is no literal: {@code float32} or {@code <class 'numpy.float32'>}. */
    record Name(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** {@code dtype(…, align=True)}. */
    record Aligned(Object value) {
        @Override
        public String toString() {
            return "dtype(" + Literal.toPython(value) + ", align=True)";
        }
    }

    private static final Pattern DTYPE_CALL = Pattern.compile("(?:np\\.|numpy\\.)?dtype");

    private int depth;
    private boolean afterComma;

    LiteralParser(String text, Dialect dialect) {
        super(text, dialect);
    }

    Object parse() {
        Object value = value();
        skipSpace();
        if (!atEnd()) {
            throw expected("the end of the text");
        }
        return value;
    }

    private Object value() {
        skipSpace();
        char c = peek();
        if (c == '[') {
            return Collections.unmodifiableList(items(']'));
        } else if (c == '{') {
            return map();
        } else if (isQuote(c)) {
            return string();
        } else if (c == '-' || isDigit(c)) {
            return number();
        } else if (c == '(' && dialect != Dialect.JSON) {
            return parentheses();
        } else if (c == '<' && dialect == Dialect.DTYPE) {
            return scalarClass();
        }
        return word();
    }

    /** Python's rule: it is the comma that makes a tuple, {@code (4)} is 4. */
    private Object parentheses() {
        List<Object> items = items(')');
        return items.size() == 1 && !afterComma ? items.get(0) : new Literal.Tuple(items);
    }

    private List<Object> items(char close) {
        enter();
        List<Object> items = new ArrayList<>();
        while (!leave(close)) {
            items.add(value());
            separator(close);
        }
        return items;
    }

    private Map<String, Object> map() {
        enter();
        Map<String, Object> map = new LinkedHashMap<>();
        while (!leave('}')) {
            int start = at;
            if (!isQuote(peek())) {
                throw expected("a string as key");
            }
            String key = string();
            if (map.containsKey(key)) {
                throw new LiteralException(start, "the key " + shown(key) + " again", "each key once");
            }
            take(':', "':'");
            map.put(key, value());
            separator('}');
        }
        return Collections.unmodifiableMap(map);
    }

    private void enter() {
        if (depth == Literal.MAX_DEPTH) {
            throw new LiteralException(at, "bracket " + (depth + 1) + " inside others", "at most " + Literal.MAX_DEPTH);
        }
        depth++;
        at++;
        afterComma = false;
    }

    private boolean leave(char close) {
        skipSpace();
        if (peek() != close) {
            return false;
        }
        if (afterComma && dialect == Dialect.JSON) {
            throw expected("a value after ','");
        }
        depth--;
        at++;
        return true;
    }

    private void separator(char close) {
        skipSpace();
        afterComma = peek() != close;
        if (afterComma) {
            take(',', "',' or '" + close + "'");
        }
    }

    private Object word() {
        int start = at;
        String word = takeWordCharacters();
        boolean json = dialect == Dialect.JSON;
        if (word.equals(json ? "null" : "None")) {
            return null;
        } else if (word.equals(json ? "true" : "True")) {
            return true;
        } else if (word.equals(json ? "false" : "False")) {
            return false;
        } else if (dialect == Dialect.DTYPE && !word.isEmpty()) {
            return DTYPE_CALL.matcher(word).matches() && peek() == '(' ? dtypeCall() : new Name(word);
        }
        at = start;
        throw expected(dialect.expected());
    }

    private Object dtypeCall() {
        enter();
        Object value = value();
        separator(')');
        if (!leave(')')) {
            takeWord("align");
            take('=', "'='");
            skipSpace();
            int start = at;
            if (!(value() instanceof Boolean align)) {
                at = start;
                throw expected("True or False");
            }
            value = align ? new Aligned(value) : value;
            separator(')');
            if (!leave(')')) {
                throw expected("')'");
            }
        }
        return value;
    }

    private Object scalarClass() {
        at++;
        takeWord("class");
        skipSpace();
        if (!isQuote(peek())) {
            throw expected("the quoted name of a class");
        }
        Name name = new Name(string());
        take('>', "'>'");
        return name;
    }
}
