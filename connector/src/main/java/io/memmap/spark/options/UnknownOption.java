package io.memmap.spark.options;

import io.memmap.dtype.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The error of an option that there is not. It names the nearest ones, then all of them by what they are for. */
final class UnknownOption {
    private static final int MOST_SUGGESTED = 3;

    private UnknownOption() {}

    static IllegalArgumentException named(String name) {
        List<String> known = OptionKey.all().stream().map(OptionKey::name).toList();
        List<String> near = Spelling.near(name, known).stream()
                .limit(MOST_SUGGESTED)
                .map(option -> "'" + option + "'")
                .toList();
        String all = Arrays.stream(OptionUse.values()).map(UnknownOption::all).collect(Collectors.joining("; "));
        return new IllegalArgumentException("Cannot read option '" + name + "': unknown, expected one of "
                + (near.isEmpty()
                        ? "these, "
                        : "the memmap options; did you mean " + String.join(" or ", near) + "? All are, ")
                + all);
    }

    /** {@code to read: access, concurrentWrites, …}. */
    private static String all(OptionUse use) {
        String purpose =
                switch (use) {
                    case READ -> "to read: ";
                    case WRITE -> "to write: ";
                    case EXISTING -> "for files that exist: ";
                    case BOTH -> "to read and to write: ";
                };
        return OptionKey.all().stream()
                .filter(key -> key.use() == use)
                .map(OptionKey::name)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .collect(Collectors.joining(", ", purpose, ""));
    }
}
