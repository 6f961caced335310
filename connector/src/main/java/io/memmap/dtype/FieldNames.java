package io.memmap.dtype;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fields in a spelling that NumPy lacks, {@code ts M8[ns], price: f8}, for the error that shows NumPy's. */
final class FieldNames {
    private static final Pattern FIELD = Pattern.compile("\\s*+(\\w++)(?:\\s*+:\\s*+|\\s++)([^\\s:]++)\\s*+");

    private FieldNames() {}

    /** Returns NumPy's list of these fields; empty unless each has a name of its own and a dtype. */
    static String inBrackets(String text) {
        List<String> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : text.split(",", -1)) {
            Matcher field = FIELD.matcher(part);
            if (!field.matches() || !isDType(field.group(2)) || !names.add(field.group(1))) {
                return "";
            }
            // One letter is a name as well as a dtype.
            if (field.group(1).length() > 1 && isDType(field.group(1))) {
                return "";
            }
            fields.add("('" + field.group(1) + "', " + Literal.quote(field.group(2)) + ")");
        }
        return "[" + String.join(", ", fields) + "]";
    }

    /** The advice for a dict of names and dtypes; empty for any other. */
    static String ofDict(Map<?, ?> dict) {
        String fields = dict.entrySet().stream()
                .map(field -> field.getKey() + " " + field.getValue())
                .collect(Collectors.joining(", "));
        String list = inBrackets(fields);
        return list.isEmpty() ? "" : "; write " + list;
    }

    private static boolean isDType(String text) {
        try {
            DTypeParser.parse(text);
            return true;
        } catch (DTypeException e) {
            return false;
        }
    }
}
