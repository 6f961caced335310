package io.memmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of Spark that DESIGN.md allows.
 *
 * @param patterns one for each listed name, of names of classes and of those nested in them
 * @param namingScala the classes of {@code io.memmap.spark} that may name types of Scala
 */
record SparkNames(List<Pattern> patterns, List<String> namingScala) {
    private static final String ROOT = "org.apache.spark.";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern BRACES = Pattern.compile("(.*)\\{(.+)}(.*)");

    static SparkNames read() throws IOException {
        String page = Files.readString(Path.of("DESIGN.md"));
        String list = between(page, "it uses only these names of Spark", "\n\nTwo classes");
        List<Pattern> patterns = quoted(list.substring(list.indexOf("\n- ")))
                .flatMap(SparkNames::alternatives)
                .map(SparkNames::pattern)
                .toList();
        List<String> namingScala =
                quoted(between(page, "may name types of Scala:", "\n\n")).toList();
        assertThat(patterns).isNotEmpty();
        assertThat(namingScala).hasSize(2);
        return new SparkNames(patterns, namingScala);
    }

    private static String between(String page, String start, String end) {
        int from = page.indexOf(start);
        assertThat(from).as(start).isNotNegative();
        return page.substring(from, page.indexOf(end, from));
    }

    private static Stream<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(match -> match.group(1));
    }

    /** The names that {@code a.{B,C}D} stands for. */
    private static Stream<String> alternatives(String name) {
        Matcher braces = BRACES.matcher(name);
        return braces.matches()
                ? Stream.of(braces.group(2).split(",")).map(part -> braces.group(1) + part + braces.group(3))
                : Stream.of(name);
    }

    /** A name that ends in {@code *} is a package, in {@code **} with those below it. */
    private static Pattern pattern(String name) {
        String escaped = Stream.of(name.split("\\.")).collect(Collectors.joining("\\."));
        String regex = name.endsWith(".**")
                ? escaped.replace("**", ".*")
                : name.endsWith(".*") ? escaped.replace("*", "[^.]*") : escaped + "(\\$.*)?";
        return Pattern.compile(Pattern.quote(ROOT) + regex);
    }

    static boolean isSpark(String className) {
        return className.startsWith(ROOT);
    }

    boolean allows(String className) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(className).matches());
    }

    /** Matches the classes that may name types of Scala. */
    String namingScalaRegex() {
        return "io\\.memmap\\.spark\\.(" + String.join("|", namingScala) + ")(\\$.*)?";
    }
}
