package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.array.Order;
import io.memmap.array.Shape;
import io.memmap.dtype.DType;
import io.memmap.format.Manifest.Shard;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String FILE = "/d/_memmap.json";

    @Test
    void givesBackWhatItWrote() throws IOException {
        Manifest manifest = new Manifest(
                DType.parse("[('a', '<i4'), ('v', '>f4', (3,))]"),
                Shape.of(2, 3),
                Optional.of(Order.F),
                List.of("x", "y"),
                "array",
                List.of(
                        new Shard("part-000001-é.npy", 7),
                        new Shard("b.npy", 0, Optional.of(DType.parse(">i4")), Optional.of(Order.C))));
        assertThat(manifest.toJson())
                .isEqualTo("{\"version\": 1, \"dtype\": [[\"a\", \"<i4\"], [\"v\", \">f4\", [3]]],"
                        + " \"trailingShape\": [2, 3], \"order\": \"F\", \"columnNames\": [\"x\", \"y\"],"
                        + " \"layout\": \"array\", \"shards\": [{\"name\": \"part-000001-é.npy\", \"rows\": 7},"
                        + " {\"name\": \"b.npy\", \"rows\": 0, \"dtype\": \">i4\", \"order\": \"C\"}]}\n");
        assertThat(Manifest.parse(manifest.toJson(), FILE)).isEqualTo(manifest);
        assertThat(manifest.rowCount()).isEqualTo(7);
    }

    @Test
    void mayListNothing() throws IOException {
        Manifest empty = new Manifest(DType.parse("<f8"), Shape.of(), Optional.empty(), List.of(), null, List.of());
        assertThat(Manifest.parse(empty.toJson(), FILE)).isEqualTo(empty);
        assertThat(empty.rowCount()).isZero();
    }

    @Test
    void listsManyShards() throws IOException {
        List<Shard> shards = IntStream.range(0, 20_000)
                .mapToObj(i -> new Shard("part-" + i + ".npy", i))
                .collect(Collectors.toList());
        Manifest many = new Manifest(DType.parse("<f8"), Shape.of(8), Optional.empty(), List.of(), null, shards);
        assertThat(Manifest.parse(many.toJson(), FILE)).isEqualTo(many);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b.npy", "../a.npy", "..", ".", ".a.npy", "_a.npy", "a\\b.npy", "/a", "a\nb", "a\0"})
    void listsPlainFileNamesOnly(String name) {
        assertThatThrownBy(() -> new Shard(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list shard '" + name
                        + "': expected a plain file name that begins with neither _ nor .");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            "shards": [{"name": "../a", "rows": 1}] | Cannot list shard '../a': expected a plain file name that begins with neither _ nor .
            "shards": [{"name": "a", "rows": -1}] | key 'rows' is -1, expected an integer of 0 or more
            "shards": [{"name": "a"}] | there is no key 'rows', expected an integer of 0 or more
            "shards": [{"rows": 1}] | there is no key 'name', expected a text
            "shards": [{"name": "a", "rows": 1, "row": 2}] | unknown key 'row', expected one of name, rows, dtype, order; did you mean 'rows'?
            "shards": [{"name": "a", "rows": 1}, 5] | key 'shards', at 1, is 5, expected a JSON object
            "shards": [{"name": "a", "rows": 1}, {"name": "a", "rows": 2}] | Cannot list shard 'a': listed twice, expected each name once
            "shards": {} | key 'shards' is {}, expected a list of objects
            "columnNames": [] | there is no key 'shards', expected a list of objects
            """)
    void refusesShardsByNameAndValue(String rest, String problem) {
        String json = "{\"version\": 1, \"dtype\": \"<f8\", \"trailingShape\": [], \"order\": \"C\", " + rest + "}";
        assertThatThrownBy(() -> Manifest.parse(json, FILE))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": " + problem);
    }

    @Test
    void refusesAnotherVersion() {
        assertThatThrownBy(() -> Manifest.parse("{\"version\": 2, \"shards\": []}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE
                        + ": key 'version' is 2, expected 1, the only one that this release knows");
        assertThatThrownBy(() -> Manifest.parse("{\"shards\": []}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE
                        + ": there is no key 'version', expected 1, the only one that this release knows");
    }

    @Test
    void refusesMoreBytesThanALongCounts() {
        List<Shard> shards = List.of(new Shard("a", Long.MAX_VALUE / 8), new Shard("b", 1));
        assertThatThrownBy(
                        () -> new Manifest(DType.parse("<f8"), Shape.of(), Optional.empty(), List.of(), null, shards))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave 64 bits, expected at most 2^63-1 bytes");
    }
}
