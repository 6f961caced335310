package io.memmap.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory of some files, and what the {@code name=value} directories on the way to it say: names and values as
 * Spark's own sources find them. Immutable; driver only.
 *
 * @param directory the directory itself
 * @param base the directory that the names begin below
 * @param names unescaped, outermost first; empty if the files are in no partition directory
 * @param values for each name the text after the equals sign, still escaped
 */
public record PartitionPath(String directory, String base, List<String> names, List<String> values) {
    /** The directory value that means NULL. */
    public static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private static final char EQUALS = '=';
    private static final int ESCAPED_LENGTH = 3;
    /** Beside control characters. */
    private static final String ESCAPED = "\"#%'*/:=?\\\u007f{[]^";

    public PartitionPath {
        names = List.copyOf(names);
        values = List.copyOf(values);
    }

    /** A directory whose name and those above it say nothing. */
    public static PartitionPath none(String directory) {
        return new PartitionPath(directory, directory, List.of(), List.of());
    }

    /** Returns true if a directory has a name of this kind. */
    public static boolean isPartition(String directoryName) {
        return directoryName.indexOf(EQUALS) >= 0;
    }

    /**
     * Reads the names from the innermost directory outwards, to a base or to the first directory without an equals sign
     * above one with it. The base at the root of a file system ends in a slash.
     *
     * @throws IllegalArgumentException for an empty name or value
     */
    public static PartitionPath of(String directory, Set<String> bases) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        String at = directory;
        while (!bases.contains(at) && !bases.contains(at + "/")) {
            int slash = at.lastIndexOf('/');
            String name = at.substring(slash + 1);
            int equals = name.indexOf(EQUALS);
            if (slash <= 0 || (equals < 0 && !names.isEmpty())) {
                break;
            }
            if (equals >= 0) {
                check(equals > 0, directory, name, "name");
                check(equals < name.length() - 1, directory, name, "value");
                names.add(unescaped(name.substring(0, equals)));
                values.add(name.substring(equals + 1));
            }
            at = at.substring(0, slash);
        }
        Collections.reverse(names);
        Collections.reverse(values);
        return names.isEmpty() ? none(directory) : new PartitionPath(directory, at, names, values);
    }

    private static void check(boolean holds, String directory, String name, String part) {
        if (!holds) {
            throw new IllegalArgumentException("Cannot read " + directory + " as a partition: '" + name
                    + "' has an empty " + part + ", expected name=value; rename it, or set recursiveFileLookup=true to"
                    + " read the files without their directories' values");
        }
    }

    /** The names of the columns that the directories of a path say, outermost first. */
    public static List<String> columns(String path) {
        return Stream.of(path.split("/"))
                .filter(PartitionPath::isPartition)
                .map(directory -> unescaped(directory.substring(0, directory.indexOf(EQUALS))))
                .toList();
    }

    public boolean isPartitioned() {
        return !names.isEmpty();
    }

    /**
     * A column's name or value as it is in the name of a directory.
     *
     * @see <a href="https://issues.apache.org/jira/browse/HIVE-1317">The characters that are escaped</a>
     */
    public static String escaped(String text) {
        return escaped(text, ESCAPED);
    }

    /** Writes control characters and these as {@code %2F} and the like. */
    static String escaped(String text, String characters) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || characters.indexOf(c) >= 0) {
                escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Reads {@code %2F} and the like; a percent sign without two hexadecimal digits is one. */
    public static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + ESCAPED_LENGTH <= text.length() ? hexDigit(text.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : hexDigit(text.charAt(i + 2));
            if (low < 0) {
                plain.append(c);
            } else {
                plain.append((char) (high << 4 | low));
                i += ESCAPED_LENGTH - 1;
            }
        }
        return plain.toString();
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
