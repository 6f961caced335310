package io.memmap.spark.options;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options among the properties of a table in Spark's session catalog. The properties hold {@code provider}, each
 * option twice ({@code dtype} and {@code option.dtype}), and others that are no options.
 */
final class TableProperties {
    private static final String PROVIDER = "provider";
    /** The last part of the names by which Spark's catalog may know this source. */
    private static final Pattern OURS = Pattern.compile("memmap|.*\\.MemmapDataSource", Pattern.CASE_INSENSITIVE);

    private static final String LOCATION = "location";
    private static final String OPTION_PREFIX = "option.";
    private static final String HADOOP_PREFIX = "fs.";

    private TableProperties() {}

    /** Returns false for the options of a reader or writer. */
    static boolean are(CaseInsensitiveStringMap options) {
        return options.containsKey(PROVIDER)
                && OURS.matcher(options.get(PROVIDER)).matches();
    }

    /** Returns the options by their names as they were spelt. */
    static Map<String, String> options(CaseInsensitiveStringMap properties) {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : properties.asCaseSensitiveMap().keySet()) {
            if (startsWith(name, OPTION_PREFIX)) {
                options.putIfAbsent(name.substring(OPTION_PREFIX.length()), properties.get(name));
            } else if (OptionKey.named(name).isPresent() || isHadoop(name)) {
                options.put(name, properties.get(name));
            }
        }
        if (properties.containsKey(LOCATION) && !options.containsKey(OptionKey.PATHS.name())) {
            options.putIfAbsent(OptionKey.PATH.name(), properties.get(LOCATION));
        }
        return options;
    }

    /** Returns true for a setting of Hadoop's file systems. */
    static boolean isHadoop(String option) {
        return startsWith(option, HADOOP_PREFIX);
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
