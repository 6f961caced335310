package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
    private static Fingerprint parse(String text) {
        String[] parts = text.split(" ");
        return new Fingerprint(
                parts[0].equals("-") ? "" : parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    /** A file system may say who a file is in one of its answers only. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "same",
            value = {
                "k 8 1 | k 8 1 | same",
                "k 8 1 | k 9 2 | same",
                "k 8 1 | l 8 1 | it was replaced by another file",
                "k 8 1 | k 8 2 | it was modified at the same length of 8 bytes",
                "k 8 1 | k 7 1 | its length went from 8 to 7 bytes",
                "- 8 1 | - 8 1 | same",
                "- 8 1 | - 8 2 | its length went from 8 to 8 bytes, or it was modified",
                "- 8 1 | - 9 1 | its length went from 8 to 9 bytes, or it was modified",
                "- 8 1 | k 8 0 | same",
                "k 8 0 | - 8 1 | same",
                "k 8 0 | - 9 1 | its length went from 8 to 9 bytes, or it was modified"
            })
    void tellsHowAFileChanged(String planned, String now, String change) {
        assertThat(parse(planned).changeTo(parse(now))).isEqualTo(change);
    }
}
