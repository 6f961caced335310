package io.memmap.dtype;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values and brackets: one pass of recursive descent over one text; see {@link Literal} for the grammar. */
final class LiteralParser extends LiteralScanner {

    /** A word that is no literal: {@code float32} or {@code <class 'numpy.float32'>}. */
    record Name(String text) {
        /** Returns true if it is the class of a recarray's elements, which says nothing about their bytes. */
        boolean isRecordClass() {
            return NumpyRepr.withoutModule(text).equals("record");
        }

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
        } else if (c == '<' && dialect == Dialect.REPR) {
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
            if (!(isQuote(peek()) || dialect == Dialect.REPR) || !(value() instanceof String key)) {
                at = start;
                throw expected("a string as key");
            }
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
        boolean repr = dialect == Dialect.REPR;
        if (word.equals(json ? "null" : "None") || (repr && word.equals("null"))) {
            return null;
        } else if (word.equals(json ? "true" : "True")) {
            return true;
        } else if (word.equals(json ? "false" : "False")) {
            return false;
        } else if (repr && !word.isEmpty()) {
            return ofNumpy(start, word);
        }
        at = start;
        throw expected(dialect.expected());
    }

    /** The spellings that only {@code repr} writes: calls, bytes, numbers that are not finite, and names of dtypes. */
    private Object ofNumpy(int start, String word) {
        String name = NumpyRepr.withoutModule(word);
        if (word.equals("b") && isQuote(peek())) {
            return new Literal.Bytes(string());
        } else if (peek() != '(') {
            return NumpyRepr.constant(name).orElse(new Name(word));
        } else if (name.equals("dtype")) {
            return dtypeCall();
        } else if (!NumpyRepr.isCall(name)) {
            at = start;
            throw expected(dialect.expected());
        }
        return NumpyRepr.call(name, items(')'))
                .orElseThrow(() -> new LiteralException(start, shown(since(start)), "it as repr writes it"));
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
