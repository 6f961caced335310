package io.memmap.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The fenced blocks of a page in Markdown, each with the output that the page shows after it. */
record DocumentPage(Path file, List<Block> blocks) {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```\n(?:\n```\n(.*?)```\n)?", Pattern.DOTALL);

    /** Names of files without a folder; the JVM of Spark has another current folder than a reader's shell. */
    private static final Pattern RELATIVE = Pattern.compile(
            "((?:load|save|parquet|Path.of|finish|discard)\\(\"|write\\(df, \"|path '|(?:memmap|elements|grids)\\.`)"
                    + "(\\w)(?!\\w*:)");

    /**
     * One example.
     *
     * @param output empty if the page shows none
     */
    record Block(String language, String text, Optional<String> output) {

        /** The example with the names of its files in this directory. */
        String in(Path directory) {
            return RELATIVE.matcher(text).replaceAll("$1" + directory + "/$2");
        }
    }

    static DocumentPage read(Path file) throws IOException {
        List<Block> blocks = BLOCK.matcher(Files.readString(file))
                .results()
                .map(DocumentPage::block)
                .toList();
        return new DocumentPage(file, blocks);
    }

    private static Block block(MatchResult match) {
        return new Block(match.group(1), match.group(2), Optional.ofNullable(match.group(3)));
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
