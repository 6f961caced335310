package io.memmap.dtype;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the word that was meant by a misspelt one, for error messages. */
public final class Spelling {
    /** Shorter words are in too many others. */
    private static final int LEAST_WITHIN = 4;

    private Spelling() {}

    /** The first of {@link #near}. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return near(word, known).stream().findFirst();
    }

    /**
     * The known words that may have been meant, nearest first, whatever the case: those that are few slips of the pen away
     * (a letter too many, too few, wrong, or two neighbours swapped), then those that hold the word or are in it.
     * Only the word itself where it is known but for capitals and underscores.
     */
    public static List<String> near(String word, Collection<String> known) {
        String lower = word.toLowerCase(Locale.ROOT).replace("_", "");
        int most = Math.max(2, word.length() / 3);
        Map<String, Integer> distances = new HashMap<>();
        for (String candidate : known) {
            String other = candidate.toLowerCase(Locale.ROOT).replace("_", "");
            int slips = slips(lower, other);
            boolean within = Math.min(lower.length(), other.length()) >= LEAST_WITHIN
                    && (lower.contains(other) || other.contains(lower));
            if (slips <= most || within) {
                distances.put(candidate, slips <= most ? slips : most + 1);
            }
        }
        boolean exact = distances.containsValue(0);
        return known.stream()
                .filter(candidate ->
                        exact ? distances.getOrDefault(candidate, 1) == 0 : distances.containsKey(candidate))
                .sorted(Comparator.comparing(distances::get))
                .toList();
    }

    /** Damerau and Levenshtein's distance, in its restricted form; three rows of the table are kept. */
    private static int slips(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int wrong = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(wrong, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
