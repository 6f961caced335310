package io.memmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main sources and documents keep to plain English: Javadocs begin with their subject, and terms of art name places. */
class LanguageTest {
    private static final Pattern QUESTION =
            Pattern.compile("/\\*\\*\\s+(?:\\* )?(?:What|Whether|How|Where|Which|Who|Of|As)\\b[^\n]*");
    private static final Pattern PARAPHRASE = Pattern.compile(
            "[^\n]*\\b(?:behind|in front of|stands?|nobody|somebody)\\b[^\n]*", Pattern.CASE_INSENSITIVE);

    private static final Pattern SAYING = Pattern.compile("[^\n]*(?:[;,] |or |\"\\s*\\+?\\s*\")say\\b[^\n]*");

    private static List<Path> files(String suffix, String... roots) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String root : roots) {
            try (Stream<Path> found = Files.walk(Path.of(root))) {
                found.filter(file -> file.toString().endsWith(suffix)).forEach(files::add);
            }
        }
        assertThat(files).as("files in " + List.of(roots)).hasSizeGreaterThan(10);
        return files;
    }

    private static List<String> found(Pattern pattern, List<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            Matcher matcher = pattern.matcher(Files.readString(file));
            while (matcher.find()) {
                found.add(file.getFileName() + ": " + matcher.group().strip());
            }
        }
        return found;
    }

    @Test
    void javadocsBeginWithANounOrAVerb() throws IOException {
        assertThat(found(QUESTION, files(".java", "src/main/java", "src/vector/java", "../examples/src/main/java")))
                .isEmpty();
    }

    @Test
    void noPlaceIsParaphrased() throws IOException {
        List<Path> files = files(".java", "src/main/java", "src/vector/java", "../examples/src/main/java");
        files.addAll(files(".md", "docs"));
        files.addAll(List.of(Path.of("DESIGN.md"), Path.of("../README.md")));
        assertThat(found(PARAPHRASE, files)).isEmpty();
    }

    /** Options are set, and values given. */
    @Test
    void noErrorAsksToSayAnOption() throws IOException {
        List<Path> files = files(".java", "src/main/java");
        files.addAll(files(".py", "src/main/resources/memmap_spark"));
        assertThat(found(SAYING, files)).isEmpty();
    }
}
