package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionPathTest {
    private static final Set<String> BASE = Set.of("file:/t");

    @Test
    void readsNamesAndValuesBelowTheBase() {
        assertThat(PartitionPath.of("file:/t/year=2026/m=1", BASE))
                .isEqualTo(new PartitionPath(
                        "file:/t/year=2026/m=1", "file:/t", List.of("year", "m"), List.of("2026", "1")));
        assertThat(PartitionPath.of("file:/t/a=b=c", BASE).values()).containsExactly("b=c");
        assertThat(PartitionPath.of("file:/k=1/t", Set.of("file:/k=1/t")).isPartitioned())
                .isFalse();
        assertThat(PartitionPath.of("file:/t", BASE)).isEqualTo(PartitionPath.none("file:/t"));
    }

    @Test
    void readsThroughDirectoriesBelowAPartition() {
        assertThat(PartitionPath.of("file:/t/a=1/hour", BASE).names()).containsExactly("a");
        assertThat(PartitionPath.of("file:/t/b=2/sub/a=1", BASE))
                .isEqualTo(new PartitionPath("file:/t/b=2/sub/a=1", "file:/t/b=2/sub", List.of("a"), List.of("1")));
        assertThat(PartitionPath.of("file:/t/junk", BASE).isPartitioned()).isFalse();
    }

    @Test
    void refusesEmptyNamesAndValues() {
        assertThatThrownBy(() -> PartitionPath.of("file:/t/a=", BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot read file:/t/a= as a partition: 'a=' has an empty value, expected name=value; rename"
                                + " it, or set recursiveFileLookup=true to read the files without their directories' values");
        assertThatThrownBy(() -> PartitionPath.of("file:/t/=1", BASE)).hasMessageContaining("'=1' has an empty name");
    }

    @Test
    void unescapesAsHiveEscapes() {
        assertThat(PartitionPath.unescaped("a%2Fb%3dc")).isEqualTo("a/b=c");
        assertThat(PartitionPath.unescaped("100%")).isEqualTo("100%");
        assertThat(PartitionPath.unescaped("%2")).isEqualTo("%2");
        assertThat(PartitionPath.unescaped("%zz%25")).isEqualTo("%zz%");
        assertThat(PartitionPath.unescaped("%C3%A9")).isEqualTo("\u00c3\u00a9");
        assertThat(PartitionPath.of("file:/t/x%20y=1", BASE).names()).containsExactly("x y");
    }
}
