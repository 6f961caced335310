package io.memmap.dtype;

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
        assertThat(Spelling.nearest("names", KNOWN)).contains("columnNames");
    }

    @Test
    void listsAllThatMayHaveBeenMeantNearestFirst() {
        List<String> known = List.of("path", "paths", "columnDtypes", "dtype", "pathGlobFilter", "nanos");
        assertThat(Spelling.near("dtypes", known)).containsExactly("dtype", "columnDtypes");
        assertThat(Spelling.near("GLOB", known)).containsExactly("pathGlobFilter");
        assertThat(Spelling.near("pathe", known)).containsExactly("path", "paths");
        assertThat(Spelling.near("nan", known)).containsExactly("nanos");
        assertThat(Spelling.near("an", known)).isEmpty();
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
