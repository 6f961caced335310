package io.memmap.spark.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages that the page explains are those of the code. {@code …} stands for values. */
class TroubleshootingPageTest {
    private static final Pattern ROW = Pattern.compile("\\| (`.*`) \\| .* \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

    private static String code() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(TroubleshootingPageTest::text)
                    .collect(Collectors.joining());
        }
    }

    private static String text(Path file) {
        try {
            return CONCATENATION.matcher(Files.readString(file)).replaceAll("").replace("\\\"", "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void explainsMessagesThatThereAre() throws IOException {
        String page = Files.readString(Path.of("docs/troubleshooting.md"));
        List<String> parts = page.substring(page.indexOf("## By message"))
                .lines()
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .flatMap(row -> QUOTED.matcher(row.group(1)).results())
                .map((MatchResult quoted) -> quoted.group(1))
                .flatMap(message -> Stream.of(message.split("…")))
                .map(String::strip)
                .filter(part -> part.contains(" "))
                .toList();
        assertThat(parts).hasSizeGreaterThan(20);
        String code = code();
        assertThat(parts).allSatisfy(part -> assertThat(code).contains(part));
    }
}
