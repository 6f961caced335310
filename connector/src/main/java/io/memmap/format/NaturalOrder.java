package io.memmap.format;

import java.util.Comparator;

/**
 * Orders names as a person would: {@code 2.npy} before {@code 10.npy}.
 *
 * <p>Runs of the digits 0 to 9 compare by their value, however long, all else by its UTF-16 code units. Names that
 * differ in leading zeros alone order by the first run that does, fewer zeros first: {@code 1} before {@code 01}.
 * Consistent with equals. Safe from any thread.
 */
public enum NaturalOrder implements Comparator<String> {
    NATURAL_ORDER;

    @Override
    public int compare(String a, String b) {
        int zeros = 0;
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (!isDigit(a.charAt(i)) || !isDigit(b.charAt(j))) {
                if (a.charAt(i) != b.charAt(j)) {
                    return Character.compare(a.charAt(i), b.charAt(j));
                }
                i++;
                j++;
                continue;
            }
            int firstOfA = skipZeros(a, i);
            int firstOfB = skipZeros(b, j);
            int endOfA = skipDigits(a, firstOfA);
            int endOfB = skipDigits(b, firstOfB);
            int byValue = compareDigits(a, firstOfA, endOfA, b, firstOfB, endOfB);
            if (byValue != 0) {
                return byValue;
            }
            if (zeros == 0) {
                zeros = Integer.compare(firstOfA - i, firstOfB - j);
            }
            i = endOfA;
            j = endOfB;
        }
        int byRest = Integer.compare(a.length() - i, b.length() - j);
        return byRest != 0 ? byRest : zeros;
    }

    /** Compares two runs without leading zeros: the longer is greater. */
    private static int compareDigits(String a, int fromA, int endOfA, String b, int fromB, int endOfB) {
        int byLength = Integer.compare(endOfA - fromA, endOfB - fromB);
        return byLength != 0 ? byLength : a.substring(fromA, endOfA).compareTo(b.substring(fromB, endOfB));
    }

    private static int skipZeros(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int skipDigits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
