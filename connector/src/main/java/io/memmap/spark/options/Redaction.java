package io.memmap.spark.options;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rule that says which values of options no message, plan or log shows: all of {@code fs.*}, and those that the
 * regular expression of {@link #CONF} finds in the name or the value, as in Spark's own plans. Paths are shown, as errors
 * name files. Immutable; lives on the driver.
 */
public record Redaction(Pattern secret) {
    /** The setting of Spark that holds the regular expression. */
    public static final String CONF = "spark.redaction.regex";

    /** Spark's default. */
    public static final Redaction DEFAULT = new Redaction(Pattern.compile("(?i)secret|password|token|access[.]?key"));

    /** The text that Spark shows in place of a value. */
    static final String REDACTED = "*********(redacted)";

    private static final Pattern HADOOP = Pattern.compile("(?i)(option\\.)?fs\\..*");
    private static final Set<String> PATHS = Set.of("path", "paths", "columnpaths", "location");
    /**
     * In the address of a file system. Ports are none, of one host or of each of several; buckets have no ports, and the
     * secret keys of S3 may begin like one.
     */
    private static final Pattern PASSWORD =
            Pattern.compile("((?i:s3[an]?)://[^/@:\\s\\[]*|://[^/@:\\s\\[]*(?!:[0-9]+(?:,[^/@\\s]*)?/)):[^@\\s]*@");

    /** Returns the value of an option, or the text that is shown in its place. */
    public String shown(String name, String value) {
        return hides(name, value) ? REDACTED : PASSWORD.matcher(value).replaceAll("$1:*********(redacted)@");
    }

    boolean hides(String name, String value) {
        return HADOOP.matcher(name).matches()
                || (!isPath(name)
                        && (secret.matcher(name).find() || secret.matcher(value).find()));
    }

    /**
     * Returns the error of a value that an option does not take. A reason and a cause would tell a value that is hidden.
     *
     * @param reason null if {@code expected} says all
     */
    IllegalArgumentException refusal(String name, String value, String expected, String reason, Exception cause) {
        String shown = shown(name, value);
        String refusal = "Cannot read option " + name + ": found '" + shown + "', expected " + expected;
        return shown.equals(value)
                ? new IllegalArgumentException(refusal + (reason == null ? "" : "; " + reason), cause)
                : new IllegalArgumentException(refusal);
    }

    /**
     * Refuses a path with a password, which plans and logs of Spark and of Hadoop would show.
     *
     * @throws IllegalArgumentException if the option is a path and holds one
     */
    void checkPath(String name, String value) {
        if (isPath(name) && PASSWORD.matcher(value).find()) {
            throw new IllegalArgumentException("Cannot read option " + name + ": found '" + shown(name, value)
                    + "', expected no password in a path, which plans and logs show; give it as an fs.* option");
        }
    }

    private static boolean isPath(String name) {
        return PATHS.contains(name.toLowerCase(Locale.ROOT));
    }
}
