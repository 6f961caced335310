package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.Manifest.Shard;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String FILE = "/d/_memmap.json";

    private static Manifest parse(String json) throws IOException {
        return Manifest.parse(new StringReader(json), FILE);
    }

    @Test
    void givesBackWhatItWrote() throws IOException {
        Manifest manifest = new Manifest(
                DType.parse("[('a', '<i4'), ('v', '>f4', (3,))]"),
                Shape.of(2, 3),
                Optional.of(Order.F),
                List.of("x", "y"),
                RowLayout.ARRAY,
                List.of(
                        new Shard("part-000001-é.npy", 7),
                        new Shard("b.npy", 0, Optional.of(DType.parse(">i4")), Optional.of(Order.C))));
        assertThat(manifest.toJson())
                .isEqualTo("{\"version\": 1, \"dtype\": [[\"a\", \"<i4\"], [\"v\", \">f4\", [3]]],"
                        + " \"trailingShape\": [2, 3], \"order\": \"F\", \"columnNames\": [\"x\", \"y\"],"
                        + " \"layout\": \"array\", \"shards\": [{\"name\": \"part-000001-é.npy\", \"rows\": 7},"
                        + " {\"name\": \"b.npy\", \"rows\": 0, \"dtype\": \">i4\", \"order\": \"C\"}]}\n");
        assertThat(parse(manifest.toJson())).isEqualTo(manifest);
        assertThat(manifest.dropped()).isFalse();
        assertThat(parse(manifest.asDropped().toJson())).isEqualTo(manifest.asDropped());
        assertThat(manifest.asDropped().dropped()).isTrue();
        assertThatThrownBy(() -> parse(manifest.asDropped().toJson().replace("true", "1")))
                .hasMessageContaining("dropped")
                .hasMessageContaining("true or false");
    }

    @Test
    void mayListNothing() throws IOException {
        Manifest empty = new Manifest(DType.parse("<f8"), Shape.of(), Optional.empty(), List.of(), null, List.of());
        assertThat(parse(empty.toJson())).isEqualTo(empty);
    }

    /** The text of so many shards, which is never there as a whole. */
    private static final class LongText extends Reader {
        private final int shards;
        private int next;
        private String rest = "{\"version\": 1, \"dtype\": \"<f8\", \"trailingShape\": [8], \"shards\": [";

        LongText(int shards) {
            this.shards = shards;
        }

        @Override
        public int read(char[] into, int offset, int length) {
            if (rest.isEmpty() && next < shards) {
                rest = "{\"name\": \"part-" + next + ".npy\", \"rows\": " + next + (++next < shards ? "}, " : "}]}");
            }
            int count = Math.min(length, rest.length());
            rest.getChars(0, count, into, offset);
            rest = rest.substring(count);
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {}
    }

    @Test
    void listsAMillionShards() throws IOException {
        int count = 1_000_000;
        Manifest many = Manifest.parse(new LongText(count), FILE);
        assertThat(many.shards()).hasSize(count).startsWith(new Shard("part-0.npy", 0));
        assertThat(many.shards().stream().mapToLong(Shard::rows).sum()).isEqualTo(499_999_500_000L);
        assertThat(parse(many.toJson())).isEqualTo(many);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            [1] | the text is [1], expected a JSON object
            `` | it is no JSON; found the end at character 0, expected a value
            {"version": 1 | it is no JSON; found the end at character 13, expected ',' or '}'
            {"version": 1, } | it is no JSON; found '}' at character 15, expected '"'
            {"version": 1, 2: 3} | it is no JSON; found '2' at character 15, expected '"'
            {"version" 1} | it is no JSON; found '1' at character 11, expected ':'
            {"version": } | it is no JSON; found '}' at character 12, expected a value
            {"version": 1} x | it is no JSON; found 'x' at character 15, expected the end of the text
            {"version": 1, "version": 1} | it has the key 'version' twice, expected each key once
            {"version": 1, "shards": [{"name": "a", "rows": 01}]} | it is no JSON; found '01' at character 48, expected a JSON number
            {"version": 1, "shards": [{"name": "a", "rows": 1},]} | it is no JSON; found ']' at character 51, expected a value
            {"version": 1, "shards": [{"name": "a", "rows": 1} 2]} | it is no JSON; found '2' at character 51, expected ',' or ']'
            {"version": 1, "shards": [{"name": "a, "rows": 1}]} | it is no JSON; found 'rows' at character 40, expected ',' or '}'
            {"version": 3, "shards": [{"file": "a"}]} | key 'version' is 3, expected 1 or 2, which this release knows
            """)
    void saysWhereATextIsNoManifest(String json, String problem) {
        assertThatThrownBy(() -> parse(json == null ? "" : json))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": " + problem);
    }

    @Test
    void refusesAValueThatIsTooLong() {
        String text = "{\"dtype\": \"" + "x".repeat(JsonStream.MAX_VALUE_LENGTH);
        assertThatThrownBy(() -> parse(text))
                .hasMessage("Cannot read " + FILE + ": it is no JSON; found a value of more than 16777216 characters at"
                        + " character 10, expected a shorter one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", ".a.npy", "_a.npy", "_a=1", "a\\b.npy", "a\nb", "a\0"})
    void listsPlainFileNamesOnly(String name) {
        assertThatThrownBy(() -> new Shard(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list shard '" + name
                        + "': expected a plain file name that begins with neither _ nor .");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.npy",
                "a/../b.npy",
                "./a.npy",
                "/a",
                "/a/b.npy",
                "a//b.npy",
                "a/",
                "a/.b.npy",
                "a/_b=1",
                ".k=1/a.npy",
                "_k/a.npy",
                "k=1/_l/a.npy",
                "a\\b/c.npy",
                "k=1\n/a.npy",
                "k=1/..",
                "k=1/_memmap.json"
            })
    void listsPathsOfPlainNamesOnly(String name) {
        assertThatThrownBy(() -> new Shard(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list shard '" + name
                        + "': expected a path of plain names that begin with neither _ nor .");
    }

    @Test
    void listsPathsInASecondVersion() throws IOException {
        List<Shard> shards = List.of(
                new Shard("date=2026-01-01/part-0.npy", 3),
                new Shard("_a=1/b=%2F é/part-1.npy", 4),
                new Shard("c.npy", 0));
        Manifest manifest = new Manifest(DType.parse("<f8"), Shape.of(), Optional.empty(), List.of(), null, shards);
        assertThat(manifest.toJson())
                .isEqualTo(
                        "{\"version\": 2, \"dtype\": \"<f8\", \"trailingShape\": [],"
                                + " \"shards\": [{\"name\": \"date=2026-01-01/part-0.npy\", \"rows\": 3},"
                                + " {\"name\": \"_a=1/b=%2F é/part-1.npy\", \"rows\": 4}, {\"name\": \"c.npy\", \"rows\": 0}]}\n");
        assertThat(parse(manifest.toJson())).isEqualTo(manifest);
        assertThat(shards).extracting(Shard::directory).containsExactly("date=2026-01-01/", "_a=1/b=%2F é/", "");
        for (String json : List.of(
                manifest.toJson().replace("\"version\": 2", "\"version\": 1"),
                manifest.toJson().replace("\"version\": 2, ", "").replace("]}\n", "], \"version\": 1}"))) {
            assertThatThrownBy(() -> parse(json))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "Cannot read " + FILE + ": Cannot list shard 'date=2026-01-01/part-0.npy': expected a plain"
                                    + " file name in version 1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            "shards": [{"name": "../a", "rows": 1}] | Cannot list shard '../a': expected a path of plain names that begin with neither _ nor .
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
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": " + problem);
    }

    @Test
    void refusesAnotherVersion() {
        assertThatThrownBy(() -> parse("{\"version\": 3, \"shards\": []}"))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": key 'version' is 3, expected 1 or 2, which this release knows");
        assertThatThrownBy(() -> parse("{\"shards\": []}"))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE
                        + ": there is no key 'version', expected 1 or 2, which this release knows");
    }

    @Test
    void refusesMoreBytesThanALongCounts() {
        List<Shard> shards = List.of(new Shard("a", Long.MAX_VALUE / 8), new Shard("b", 1));
        assertThatThrownBy(
                        () -> new Manifest(DType.parse("<f8"), Shape.of(), Optional.empty(), List.of(), null, shards))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave 64 bits, expected at most 2^63-1 bytes");
    }

    @Test
    void refusesTypesOfColumnsThatItsDirectoriesDoNotName() throws IOException {
        String json =
                "{\"version\": 2, \"dtype\": \"<f8\", \"trailingShape\": [], \"partitionTypes\": {\"%s\": \"int\"},"
                        + " \"shards\": [%s]}";
        String partition = "{\"name\": \"a%%2Fb=1/day=2/a.npy\", \"rows\": 1}".replace("%%", "%");
        for (String column : List.of("a/b", "day", "DAY")) {
            assertThat(parse(json.formatted(column, partition)).partitionTypes())
                    .containsOnlyKeys(column);
        }
        assertThat(parse(json.formatted("anything", "")).shards()).isEmpty();
        for (String column : List.of("dai", "a%2Fb", "")) {
            assertThatThrownBy(() -> parse(json.formatted(column, partition)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot read " + FILE + ": Cannot give a type to partition column '" + column
                            + "': the partition columns are [a/b, day], expected one of them; correct partitionTypes");
        }
        assertThatThrownBy(() -> parse(json.formatted("day", "{\"name\": \"a.npy\", \"rows\": 1}")))
                .hasMessageEndingWith(
                        "'day': the partition columns are [], expected one of them; correct partitionTypes");
    }
}
