package io.memmap.spark.write;

import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of the shards that one write adds to a directory: in the order of the rows, after the existing ones.
 * Crosses the wire.
 *
 * @param first its smallest number
 * @param id of the write
 */
record ShardNames(String directory, int first, String id, boolean raw) implements Serializable {
    /** Shards with their sidecars; the first group is the shard, the second its number. */
    static final Pattern PATTERN = Pattern.compile(
            "(part-(\\d{6,9})-[0-9a-f]{8}(?:-\\d+-\\d{6})?(?:" + suffixes() + "))(?:\\.memmap\\.json)?");

    private static final Pattern NUMBERED = Pattern.compile("part-(\\d{1,9})-.*");
    private static final int ID_LENGTH = 8;

    ShardNames {
        id = id.substring(0, ID_LENGTH);
    }

    private static String suffixes() {
        return ArrayFormats.builtIn().all().stream()
                .filter(ArrayFormat::takesRows)
                .flatMap(format -> format.writtenSuffixes().stream().limit(1))
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
    }

    /** One more than that of a file; 0 for one without a number. */
    static int numberBehind(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) + 1 : 0;
    }

    /** The name of the shard that is so many after the first. */
    String name(int index) {
        return String.format(Locale.ROOT, "part-%06d-%s%s", first + index, id, suffix());
    }

    /**
     * A path that no other attempt has, where shards cannot be renamed once their number is known.
     *
     * @param below the path of a directory below, with a slash after it, or nothing
     */
    String path(String below, int partition, long task, int segment) {
        return directory + "/" + below
                + String.format(Locale.ROOT, "part-%06d-%s-%d-%06d%s", first + partition, id, task, segment, suffix());
    }

    private String suffix() {
        return ArrayFormats.ofNewArrays(!raw).writtenSuffixes().get(0);
    }
}
