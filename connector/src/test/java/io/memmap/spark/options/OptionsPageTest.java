package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the table of docs/options.md against the options. */
class OptionsPageTest {
    private static final String BEGIN = "<!-- options -->\n";
    private static final String END = "<!-- /options -->";

    @Test
    void theTableIsTheListOfOptions() throws IOException {
        String page = Files.readString(Path.of("docs", "options.md"));
        assertThat(page).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
        String table = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
        assertThat(table.strip()).isEqualTo(OptionKeyTest.markdownTable().strip());
    }
}
