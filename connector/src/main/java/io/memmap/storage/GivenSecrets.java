package io.memmap.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of {@code fs.*} that options gave last, which exceptions of Hadoop may quote: these do not tell whose settings
 * they met, so the values are those of the process. Driver and executors; thread-safe.
 */
public final class GivenSecrets {
    private static final int KEPT = 256;
    /** Shorter values are parts of any message. */
    private static final int MIN_LENGTH = 4;

    /** Flags, small numbers, and addresses without a user: no secrets, and parts of other messages. */
    private static final Pattern PLAIN =
            Pattern.compile("(?i)true|false|[0-9.]{1,7}[a-z%]{0,2}|[a-z][a-z0-9+.-]*://[^@?\\s]*");

    private static final String HIDDEN = "*********(redacted)";

    private static final Map<String, Pattern> VALUES = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
            return size() > KEPT;
        }
    };

    private GivenSecrets() {}

    static void add(Collection<String> values) {
        synchronized (VALUES) {
            for (String value : values) {
                if (value.length() >= MIN_LENGTH && !PLAIN.matcher(value).matches()) {
                    VALUES.computeIfAbsent(value, GivenSecrets::whole);
                }
            }
        }
    }

    /** Matches the value where it is no part of a longer word. */
    private static Pattern whole(String value) {
        return Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(value) + "(?![A-Za-z0-9])");
    }

    /** Returns the message of a foreign exception without the values. Null for null. */
    public static String hidden(String message) {
        if (message == null) {
            return null;
        }
        List<Pattern> longestFirst;
        synchronized (VALUES) {
            longestFirst = VALUES.values().stream()
                    .sorted(Comparator.comparing(
                                    (Pattern value) -> value.pattern().length())
                            .reversed())
                    .toList();
        }
        String hidden = message;
        for (Pattern value : longestFirst) {
            hidden = value.matcher(hidden).replaceAll(Matcher.quoteReplacement(HIDDEN));
        }
        return hidden;
    }

    /** Returns the exception itself, or one that shows it, its causes and what is suppressed without the values. */
    public static Throwable hidden(Throwable thrown) {
        return shown(thrown, seen());
    }

    /** A set for causes and suppressed exceptions, which may be in a circle. */
    private static Set<Throwable> seen() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** The exception without the values; null for one that was seen. */
    private static Throwable shown(Throwable thrown, Set<Throwable> seen) {
        if (isFree(thrown)) {
            return thrown;
        }
        if (!seen.add(thrown)) {
            return null;
        }
        IOException shown = new IOException(hidden(thrown.toString()), shown(thrown.getCause(), seen));
        shown.setStackTrace(thrown.getStackTrace());
        for (Throwable suppressed : thrown.getSuppressed()) {
            Optional.ofNullable(shown(suppressed, seen)).ifPresent(shown::addSuppressed);
        }
        return shown;
    }

    /** Returns true if no value is in what a log shows of an exception, which may be long. */
    private static boolean isFree(Throwable thrown) {
        Set<Throwable> seen = seen();
        Deque<Throwable> left = new ArrayDeque<>();
        for (Throwable each = thrown; each != null; each = left.poll()) {
            if (!seen.add(each)) {
                continue;
            }
            if (!each.toString().equals(hidden(each.toString()))) {
                return false;
            }
            Collections.addAll(left, each.getSuppressed());
            Optional.ofNullable(each.getCause()).ifPresent(left::add);
        }
        return true;
    }
}
