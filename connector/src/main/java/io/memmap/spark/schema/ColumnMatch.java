package io.memmap.spark.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The columns of an array, or fields of a record, that a list of names means: the names of a DataFrame that is written into
 * the array, or of a schema that a user declares for it. The one rule for all of them.
 *
 * <p>Names match by name, exactly or, unless the session is case-sensitive, ignoring the case. Columns match by position
 * only if the array has no recorded names, the list has none of its natural names ({@code value} or {@code c0…}), and both
 * have the same number of columns.
 *
 * @param positions for each name, the position of its column in the array; -1 for an unknown name
 * @param unknown the names that are no columns of the array
 * @param missing the columns of the array that no name means
 */
public record ColumnMatch(List<Integer> positions, List<String> unknown, List<String> missing) {
    private static final int UNKNOWN = -1;

    public ColumnMatch {
        positions = List.copyOf(positions);
        unknown = List.copyOf(unknown);
        missing = List.copyOf(missing);
    }

    /**
     * Applies the rule.
     *
     * @param own the names of the array's columns
     * @param recorded true if {@code own} are the fields of a record, or come from a manifest, a sidecar or
     *     {@code columnNames}; false if they are natural
     */
    public static ColumnMatch of(List<String> own, boolean recorded, List<String> given, boolean caseSensitive) {
        Map<String, Integer> exact = new HashMap<>();
        for (int i = 0; i < own.size(); i++) {
            exact.put(own.get(i), i);
        }
        Map<String, Integer> anyCase =
                caseSensitive || exact.keySet().containsAll(given) ? Map.of() : positionsInAnyCase(own);
        List<Integer> positions = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        boolean[] meant = new boolean[own.size()];
        for (String name : given) {
            int position = exact.getOrDefault(name, anyCase.getOrDefault(name, UNKNOWN));
            if (position == UNKNOWN || meant[position]) {
                unknown.add(name);
                positions.add(UNKNOWN);
            } else {
                meant[position] = true;
                positions.add(position);
            }
        }
        if (!recorded && unknown.size() == own.size() && given.size() == own.size()) {
            return new ColumnMatch(IntStream.range(0, own.size()).boxed().toList(), List.of(), List.of());
        }
        List<String> missing = IntStream.range(0, own.size())
                .filter(i -> !meant[i])
                .mapToObj(own::get)
                .toList();
        return new ColumnMatch(positions, unknown, missing);
    }

    private static Map<String, Integer> positionsInAnyCase(List<String> names) {
        Map<String, Integer> positions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < names.size(); i++) {
            positions.merge(names.get(i), i, (one, other) -> UNKNOWN);
        }
        return positions;
    }

    /** Returns true if each name means a column and each column has a name. */
    public boolean isComplete() {
        return unknown.isEmpty() && missing.isEmpty();
    }

    /** Returns true if each name means a column; other columns may be missing. */
    boolean isPartial() {
        return unknown.isEmpty();
    }

    /** The cause in a message that shows both lists. */
    String difference() {
        return (unknown.isEmpty() ? "" : "the array has no " + unknown)
                + (unknown.isEmpty() || missing.isEmpty() ? "" : ", ")
                + (missing.isEmpty() ? "" : "nothing is given for " + missing);
    }

    /** The names as they are compared. */
    public static List<String> folded(List<String> names, boolean caseSensitive) {
        return caseSensitive
                ? names
                : names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** Returns true if two names are of one column. */
    public static boolean same(String one, String other, boolean caseSensitive) {
        return caseSensitive ? one.equals(other) : one.equalsIgnoreCase(other);
    }
}
