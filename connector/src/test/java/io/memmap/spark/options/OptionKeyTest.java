package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionKeyTest {
    private static final Map<String, String> EXAMPLES = Map.ofEntries(
            Map.entry("path", "/d/a b%20[0].npy"),
            Map.entry("paths", "[\"/d/a\", \"/d/b\"]"),
            Map.entry("dtype", "<f8"),
            Map.entry("shape", "(10, 3)"),
            Map.entry("order", "F"),
            Map.entry("offset", "128"),
            Map.entry("layout", "elements"),
            Map.entry("transpose", "true"),
            Map.entry("columnPaths", "{'id': 'ids.npy', 'label': {'path': 'l.bin', 'dtype': '<i4'}}"),
            Map.entry("columnNames", "a,b,c"),
            Map.entry("container", "raw"),
            Map.entry("member", "features"),
            Map.entry("access", "read"),
            Map.entry("concurrentWrites", "allow"),
            Map.entry("trailingBytes", "ignore"),
            Map.entry("sidecar", "ignore"),
            Map.entry("maxHeaderNbytes", "20000"),
            Map.entry("stringEncoding", "latin1"),
            Map.entry("nanos", "long"),
            Map.entry("timestampType", "ltz"),
            Map.entry("maxPartitionBytes", "64m"),
            Map.entry("minPartitions", "3"),
            Map.entry("pushFilters", "false"),
            Map.entry("pushAggregates", "false"),
            Map.entry("pathGlobFilter", "*.npy"),
            Map.entry("recursiveFileLookup", "true"),
            Map.entry("basePath", "/data"),
            Map.entry("columnDtypes", "name U32, id <u4"),
            Map.entry("output", "file"),
            Map.entry("partitionBy", "date,hour"),
            Map.entry("partitionOverwriteMode", "dynamic"),
            Map.entry("maxRecordsPerFile", "1000"),
            Map.entry("taskUploads", "false"),
            Map.entry("rowColumn", "i"),
            Map.entry("fillValue", "-1"),
            Map.entry("update", "true"),
            Map.entry("overflow", "saturate"),
            Map.entry("nullValue", "a=0, b=nan"),
            Map.entry("breakLock", "true"));

    static List<OptionKey<?>> keys() {
        return List.copyOf(OptionKey.all());
    }

    @Test
    void listsEveryConstant() {
        List<Object> constants = Arrays.stream(OptionKey.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == OptionKey.class)
                .map(OptionKeyTest::constant)
                .collect(Collectors.toList());
        assertThat(OptionKey.all()).hasSameSizeAs(constants).containsAll(keysOf(constants));
    }

    @Test
    void hasAnExampleOfEveryOption() {
        assertThat(OptionKey.all()).extracting(OptionKey::name).containsExactlyInAnyOrderElementsOf(EXAMPLES.keySet());
    }

    @Test
    void hasNoTwoNamesThatDifferInCaseOnly() {
        assertThat(OptionKey.all())
                .extracting(key -> key.name().toLowerCase(Locale.ROOT))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isNamedInCamelCase(OptionKey<?> key) {
        assertThat(key.name()).matches("[a-z]+([A-Z][a-z]+)*");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isDescribedInOneSentence(OptionKey<?> key) {
        assertThat(key.description()).matches("[A-Z].*[^.]\\.").doesNotContain(". ", "|", "\n");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void takesItsOwnDefault(OptionKey<?> key) {
        assertThat(key.defaultValue().isPresent()).isEqualTo(!key.defaultText().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isReadInAnyCase(OptionKey<?> key) {
        String example = EXAMPLES.get(key.name());
        for (String name : List.of(
                key.name(), key.name().toUpperCase(Locale.ROOT), key.name().toLowerCase(Locale.ROOT))) {
            MemmapOptions options =
                    MemmapOptions.parse(new CaseInsensitiveStringMap(Map.of(name, example)), Redaction.DEFAULT);
            assertThat(options.isGiven(key)).as(name).isTrue();
            assertThat(options).isNotEqualTo(MemmapOptions.parse(CaseInsensitiveStringMap.empty(), Redaction.DEFAULT));
        }
    }

    /** The table of the options page, in Markdown, by what options are for and then by name, with a final line end. */
    static String markdownTable() {
        StringBuilder table =
                new StringBuilder("| option | for | values | default | what it does |\n|---|---|---|---|---|\n");
        List<OptionKey<?>> sorted = OptionKey.all().stream()
                .sorted(Comparator.<OptionKey<?>, String>comparing(
                                key -> key.use().toString())
                        .thenComparing(OptionKey::name))
                .collect(Collectors.toList());
        for (OptionKey<?> key : sorted) {
            String shown = key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
            table.append(String.format(
                    "| `%s` | %s | %s | %s | %s |%n",
                    key.name(), key.use(), key.type().values(), shown, key.description()));
        }
        return table.toString();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void hasARowInTheTable(OptionKey<?> key) {
        assertThat(markdownTable().lines())
                .filteredOn(line -> line.startsWith("| `" + key.name() + "` | "))
                .singleElement()
                .asString()
                .endsWith(" | " + key.description() + " |")
                .satisfies(
                        line -> assertThat(line.chars().filter(c -> c == '|')).hasSize(6));
    }

    @Test
    void showsValuesAndDefaultInTheTable() {
        assertThat(markdownTable())
                .startsWith("| option | for | values | default | what it does |\n"
                        + "|---|---|---|---|---|\n"
                        + "| `columnNames` | both | names |  | ")
                .contains("| `path` | both | text |  | ")
                .contains("| `access` | read | auto, map, read | `auto` | ")
                .contains("| `order` | both | C, F |  | ")
                .contains("| `stringEncoding` | both | utf-8, latin1, binary | `utf-8` | ")
                .contains("| `maxPartitionBytes` | read | size | `256m` | ")
                .endsWith(" |\n");
    }

    @Test
    void isFoundByName() {
        assertThat(OptionKey.named("COLUMNNAMES")).contains(OptionKey.COLUMN_NAMES);
        assertThat(OptionKey.named("columns")).isEmpty();
        assertThatCode(() -> OptionKey.named("")).doesNotThrowAnyException();
    }

    private static Object constant(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static List<OptionKey<?>> keysOf(List<Object> constants) {
        return constants.stream().map(constant -> (OptionKey<?>) constant).collect(Collectors.toList());
    }
}
