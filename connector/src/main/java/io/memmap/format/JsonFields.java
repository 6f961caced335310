package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeException;
import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.dtype.Spelling;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The keys of a JSON object that describes an array, each read with its check. Every method throws an IOException that
 * names the file, the key, the value and what was expected.
 */
record JsonFields(String file, Map<?, ?> fields) {
    /** The object that a file's text is. */
    static JsonFields parse(String json, String file) throws IOException {
        try {
            return of(Literal.parseJson(json), "the text", file);
        } catch (LiteralException e) {
            throw new IOException("Cannot read " + file + ": it is no JSON; " + e.problem(), e);
        }
    }

    /** The object that a value is. */
    static JsonFields of(Object value, String what, String file) throws IOException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IOException(
                    "Cannot read " + file + ": " + what + " is " + shown(value) + ", expected a JSON object");
        }
        return new JsonFields(file, map);
    }

    /** The only field of a description of arrays side by side; null where there is none. */
    Map<?, ?> columnPaths() throws IOException {
        if (!fields.containsKey("columnPaths")) {
            return null;
        }
        checkKeys(List.of("columnPaths"));
        return of(fields.get("columnPaths"), "columnPaths", file).fields;
    }

    /** Refuses a key that is not known, naming the nearest that is. */
    void checkKeys(List<String> known) throws IOException {
        for (Object key : fields.keySet()) {
            String name = String.valueOf(key);
            if (!known.contains(name)) {
                String nearest = Spelling.nearest(name, known)
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("");
                throw refused(
                        "unknown key '" + name + "', expected one of " + String.join(", ", known) + nearest, null);
            }
        }
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    /** A descr, as a text or as the list that it is in JSON. */
    DType dtype(String key) throws IOException {
        String text = fields.get(key) instanceof String string ? string : Literal.toJson(list(key, "a NumPy dtype"));
        try {
            return DType.parse(text);
        } catch (DTypeException e) {
            throw wrong(key, "a NumPy dtype; " + e.problem(), e);
        }
    }

    Shape shape(String key) throws IOException {
        String expected = "a list of lengths";
        List<?> list = list(key, expected);
        long[] dims = new long[list.size()];
        for (int i = 0; i < dims.length; i++) {
            if (!(list.get(i) instanceof Long dim)) {
                throw wrong(key, expected);
            }
            dims[i] = dim;
        }
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw wrong(key, expected + "; " + e.getMessage(), e);
        }
    }

    /** Empty where the key is missing. */
    Optional<Order> order(String key) throws IOException {
        if (!has(key)) {
            return Optional.empty();
        }
        for (Order order : Order.values()) {
            if (order.name().equals(fields.get(key))) {
                return Optional.of(order);
            }
        }
        throw wrong(key, "C or F");
    }

    /** Empty where the key is missing. */
    OptionalLong count(String key) throws IOException {
        return has(key) ? OptionalLong.of(neededCount(key)) : OptionalLong.empty();
    }

    long neededCount(String key) throws IOException {
        if (fields.get(key) instanceof Long count && count >= 0) {
            return count;
        }
        throw wrong(key, "an integer of 0 or more");
    }

    /** Empty where the key is missing. */
    List<String> names(String key) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (Object name : has(key) ? list(key, "a list of names") : List.of()) {
            if (!(name instanceof String text) || text.isEmpty() || !names.add(text)) {
                throw wrong(key, "a list of different names");
            }
        }
        return List.copyOf(names);
    }

    /**
     * Null where the key is missing.
     *
     * @param sideBySide whether columns may be arrays of their own
     */
    RowLayout layout(String key, boolean sideBySide) throws IOException {
        Optional<RowLayout> found = RowLayout.of(fields.get(key));
        if (has(key)
                && found.filter(layout -> sideBySide || layout != RowLayout.SIDE_BY_SIDE)
                        .isEmpty()) {
            throw wrong(key, "columns, array or elements");
        }
        return found.orElse(null);
    }

    /** False where the key is missing. */
    boolean flag(String key) throws IOException {
        if (has(key) && !(fields.get(key) instanceof Boolean)) {
            throw wrong(key, "true or false");
        }
        return has(key) && (Boolean) fields.get(key);
    }

    String text(String key) throws IOException {
        if (fields.get(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "a text");
    }

    /** An object of texts. */
    Map<String, String> texts(String key) throws IOException {
        if (!(fields.get(key) instanceof Map<?, ?> map)) {
            throw wrong(key, "an object of texts");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw wrong(key, "an object of texts");
            }
            texts.put((String) entry.getKey(), text);
        }
        return texts;
    }

    /** Refuses an array whose last byte lies beyond 64 bits. */
    void checkFits(DType dtype, Shape shape, Order order, long offset) throws IOException {
        try {
            new Layout(dtype, shape, order, offset);
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage(), e);
        }
    }

    /** An error about this file. */
    IOException refused(String problem, Exception cause) {
        return new IOException("Cannot read " + file + ": " + problem, cause);
    }

    private List<?> list(String key, String expected) throws IOException {
        if (fields.get(key) instanceof List<?> list) {
            return list;
        }
        throw wrong(key, expected);
    }

    /** An error about the value of a key. */
    IOException wrong(String key, String expected) {
        return wrong(key, expected, null);
    }

    private IOException wrong(String key, String expected, Exception cause) {
        String found = fields.containsKey(key)
                ? "key '" + key + "' is " + shown(fields.get(key))
                : "there is no key '" + key + "'";
        return refused(found + ", expected " + expected, cause);
    }

    /** The JSON text, cut if it is long. */
    private static String shown(Object value) {
        String json = Literal.toJson(value);
        return json.length() <= 80 ? json : json.substring(0, 80) + "…";
    }
}
