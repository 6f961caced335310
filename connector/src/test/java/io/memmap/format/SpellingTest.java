package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("dtype", "shape", "order", "columnNames");

    @Test
    void findsTheWordThatWasMeant() {
        assertThat(Spelling.nearest("dtpye", KNOWN)).contains("dtype");
        assertThat(Spelling.nearest("Shapes", KNOWN)).contains("shape");
        assertThat(Spelling.nearest("ordr", KNOWN)).contains("order");
        assertThat(Spelling.nearest("column_names", KNOWN)).contains("columnNames");
        assertThat(Spelling.nearest("columns", KNOWN)).isEmpty();
    }

    @Test
    void countsSwappedNeighboursAsOneSlip() {
        assertThat(Spelling.nearest("ba", List.of("xyz", "bxx", "ab"))).contains("ab");
    }

    @Test
    void findsNothingThatIsTooFar() {
        assertThat(Spelling.nearest("header", List.of("dtype", "shape"))).isEmpty();
        assertThat(Spelling.nearest("x", List.of())).isEmpty();
    }
}
