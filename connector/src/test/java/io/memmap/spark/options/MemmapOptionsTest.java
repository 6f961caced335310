package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFormat;
import io.memmap.format.Reading;
import io.memmap.layout.Order;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What options mean, those of a query and those of a table, given or left out. */
class MemmapOptionsTest {

    @Test
    void hasADefaultForAllThatNeedsOne() {
        MemmapOptions options = parse();
        assertThat(options.paths()).isEmpty();
        assertThat(options.dtype()).isEmpty();
        assertThat(options.shape()).isEmpty();
        assertThat(options.order()).isEmpty();
        assertThat(options.given(OptionKey.OFFSET)).isEmpty();
        assertThat(options.layout()).isEqualTo(LayoutMode.AUTO);
        assertThat(options.get(OptionKey.TRANSPOSE)).isFalse();
        assertThat(options.columnNames()).isEmpty();
        assertThat(options.get(OptionKey.CONTAINER)).isEmpty();
        assertThat(options.get(OptionKey.ACCESS)).isEqualTo(Access.AUTO);
        assertThat(options.get(OptionKey.CONCURRENT_WRITES)).isEqualTo(ConcurrentWrites.ERROR);
        assertThat(options.get(OptionKey.TRAILING_BYTES)).isEqualTo(Reading.TrailingBytes.AUTO);
        assertThat(options.get(OptionKey.SIDECAR)).isEqualTo(SidecarUse.AUTO);
        assertThat(options.get(OptionKey.STRING_ENCODING)).isEqualTo(StringEncoding.UTF_8);
        assertThat(options.get(OptionKey.NANOS)).isEqualTo(Nanos.ERROR);
        assertThat(options.get(OptionKey.TIMESTAMP_TYPE)).isEqualTo(TimestampType.NTZ);
        assertThat(options.get(OptionKey.MAX_PARTITION_BYTES)).isEqualTo(256L << 20);
        assertThat(options.minPartitions()).isEmpty();
        assertThat(options.given(OptionKey.PATH_GLOB_FILTER)).isEmpty();
        assertThat(options.get(OptionKey.RECURSIVE_FILE_LOOKUP)).isFalse();
        assertThat(options.hadoop()).isEmpty();
        assertThat(options.columnDtypes()).isEmpty();
        assertThat(options.get(OptionKey.OUTPUT)).isEqualTo(Output.AUTO);
        assertThat(options.maxRecordsPerFile()).isEmpty();
        assertThat(options.rowColumn()).isEmpty();
        assertThat(options.fillValue()).isEqualTo(ColumnLiterals.NONE);
        assertThat(options.get(OptionKey.UPDATE)).isFalse();
        assertThat(options.get(OptionKey.OVERFLOW)).isEqualTo(Overflow.ERROR);
        assertThat(options.nullValue()).isEqualTo(ColumnLiterals.NONE);
        assertThat(options.get(OptionKey.BREAK_LOCK)).isFalse();
    }

    @Test
    void readsEveryOptionOfAWrite() {
        MemmapOptions options = parse(
                "columnDtypes", "name U32, id <u4",
                "output", "Directory",
                "maxRecordsPerFile", "10",
                "rowColumn", "my row",
                "fillValue", "-1",
                "update", "true",
                "overflow", "WRAP",
                "nullValue", "a=0, b=-1",
                "breakLock", "true");
        assertThat(options.columnDtypes())
                .containsExactly(Map.entry("name", DType.parse("U32")), Map.entry("id", DType.parse("<u4")));
        assertThat(options.get(OptionKey.OUTPUT)).isEqualTo(Output.DIRECTORY);
        assertThat(options.maxRecordsPerFile()).hasValue(10);
        assertThat(options.rowColumn()).contains("my row");
        assertThat(options.fillValue().forAll()).contains("-1");
        assertThat(options.get(OptionKey.UPDATE)).isTrue();
        assertThat(options.get(OptionKey.OVERFLOW)).isEqualTo(Overflow.WRAP);
        assertThat(options.nullValue().of("b")).contains("-1");
        assertThat(options.get(OptionKey.BREAK_LOCK)).isTrue();
    }

    @Test
    void takesWhatAnOperationUses() {
        MemmapOptions offset = parse("offset", "16", "dtype", "<f8");
        assertThat(offset.checkedFor(OptionUse.Operation.READ)).isSameAs(offset);
        assertThat(offset.checkedFor(OptionUse.Operation.CHANGE)).isSameAs(offset);
        MemmapOptions written = parse("overflow", "wrap", "path", "/d");
        assertThat(written.checkedFor(OptionUse.Operation.CREATE)).isSameAs(written);
        MemmapOptions table = parse("provider", "memmap", "location", "/d", "overflow", "wrap");
        assertThat(table.checkedFor(OptionUse.Operation.READ)).isSameAs(table);
    }

    @Test
    void readsEveryOption() {
        MemmapOptions options = MemmapOptions.parse(
                new CaseInsensitiveStringMap(Map.ofEntries(
                        Map.entry("path", "/d/a b.npy"),
                        Map.entry("dtype", "[('a', '<i4'), ('v', '>f4', (3,))]"),
                        Map.entry("shape", "-1,8"),
                        Map.entry("order", "f"),
                        Map.entry("offset", " 127 "),
                        Map.entry("layout", "Elements"),
                        Map.entry("transpose", "True"),
                        Map.entry("columnNames", "a, b"),
                        Map.entry("container", "RAW"),
                        Map.entry("member", "features"),
                        Map.entry("access", "map"),
                        Map.entry("concurrentWrites", "allow"),
                        Map.entry("trailingBytes", "ignore"),
                        Map.entry("sidecar", "ignore"),
                        Map.entry("maxHeaderNbytes", "20000"),
                        Map.entry("stringEncoding", "UTF-8"),
                        Map.entry("nanos", "truncate"),
                        Map.entry("timestampType", "ltz"),
                        Map.entry("maxPartitionBytes", "1g"),
                        Map.entry("minPartitions", "7"),
                        Map.entry("pathGlobFilter", "*.dat"),
                        Map.entry("recursiveFileLookup", "true"))),
                Redaction.DEFAULT);
        assertThat(options.paths()).containsExactly("/d/a b.npy");
        assertThat(options.dtype()).contains(DType.parse("[('a', '<i4'), ('v', '>f4', (3,))]"));
        assertThat(options.shape()).contains(ShapeOption.parse("(-1, 8)"));
        assertThat(options.order()).contains(Order.F);
        assertThat(options.given(OptionKey.OFFSET)).hasValue(127L);
        assertThat(options.layout()).isEqualTo(LayoutMode.ELEMENTS);
        assertThat(options.get(OptionKey.TRANSPOSE)).isTrue();
        assertThat(options.columnNames()).containsExactly("a", "b");
        assertThat(options.get(OptionKey.CONTAINER).map(ArrayFormat::name)).contains("raw");
        assertThat(options.given(OptionKey.MEMBER)).contains("features");
        assertThat(options.get(OptionKey.ACCESS)).isEqualTo(Access.MAP);
        assertThat(options.get(OptionKey.CONCURRENT_WRITES)).isEqualTo(ConcurrentWrites.ALLOW);
        assertThat(options.get(OptionKey.TRAILING_BYTES)).isEqualTo(Reading.TrailingBytes.IGNORE);
        assertThat(options.get(OptionKey.SIDECAR)).isEqualTo(SidecarUse.IGNORE);
        assertThat(options.get(OptionKey.MAX_HEADER_NBYTES)).isEqualTo(20_000);
        assertThat(parse("path", "/d").get(OptionKey.MAX_HEADER_NBYTES)).isEqualTo(10_000);
        assertThat(options.get(OptionKey.STRING_ENCODING)).isEqualTo(StringEncoding.UTF_8);
        assertThat(options.get(OptionKey.NANOS)).isEqualTo(Nanos.TRUNCATE);
        assertThat(options.get(OptionKey.TIMESTAMP_TYPE)).isEqualTo(TimestampType.LTZ);
        assertThat(options.get(OptionKey.MAX_PARTITION_BYTES)).isEqualTo(1L << 30);
        assertThat(options.minPartitions()).hasValue(7);
        assertThat(options.given(OptionKey.PATH_GLOB_FILTER)).contains("*.dat");
        assertThat(options.get(OptionKey.RECURSIVE_FILE_LOOKUP)).isTrue();
    }

    @Test
    void readsPathsBeforePath() {
        assertThat(parse("paths", "[\"/z,1\", \"/a b\", \"/z,1\"]", "path", "/m")
                        .paths())
                .containsExactly("/z,1", "/a b", "/z,1", "/m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            a,b                | a;b
            `a,1`, b           | a,1;b
            `a``b`             | a`b
            ["a,1", 'b']       | a,1;b
            ('a', 'b')         | a;b
            x                  | x
            """)
    void readsColumnNames(String text, String names) {
        assertThat(parse("columnNames", text).columnNames()).containsExactlyElementsOf(List.of(names.split(";")));
    }

    @Test
    void keepsOuterSpacesInBackquotes() {
        assertThat(parse("columnNames", " ` a ` , b c ").columnNames()).containsExactly(" a ", "b c");
    }

    @Test
    void readsColumnNamesFromAJsonList() {
        assertThat(parse("columnNames", "[\"a,1\", \"`b`\", \"\\u00e9\"]").columnNames())
                .containsExactly("a,1", "`b`", "é");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1b, 1",
        "64k, 65536",
        "64KB, 65536",
        "128m, 134217728",
        "1 GB, 1073741824",
        "2t, 2199023255552",
        "9223372036854775807, 9223372036854775807"
    })
    void readsSizes(String text, long nbytes) {
        assertThat(parse("maxPartitionBytes", text).get(OptionKey.MAX_PARTITION_BYTES))
                .isEqualTo(nbytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mergeSchema", "ignoreCorruptFiles", "IGNOREMISSINGFILES"})
    void takesASparkOptionThatChangesNothing(String name) {
        assertThat(parse(name, "False")).isEqualTo(parse());
    }

    @Test
    void passesHadoopSettingsOnAsTheyAreSpelt() {
        MemmapOptions options = parse("fs.s3a.secret.key", "hush", "fs.AbstractFileSystem.x.impl", "Y", "dtype", "<f8");
        assertThat(options.hadoop())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("fs.s3a.secret.key", "hush", "fs.AbstractFileSystem.x.impl", "Y"));
        assertThat(options.toString()).doesNotContain("hush").contains("dtype=");
    }

    @Test
    void readsThePropertiesOfATable() {
        MemmapOptions options = parse(
                "provider", "memmap",
                "location", "file:/t",
                "owner", "root",
                "external", "true",
                "comment", "a table",
                "transient_lastDdlTime", "1",
                "delta.setting", "of another source",
                "dtype", "<f8",
                "option.dtype", "<f8",
                "option.SHAPE", "-1,2",
                "option.fs.s3a.endpoint", "e",
                "option.serialization.format", "1");
        assertThat(options.paths()).containsExactly("file:/t");
        assertThat(options.dtype()).contains(DType.parse("<f8"));
        assertThat(options.shape()).contains(ShapeOption.parse("-1,2"));
        assertThat(options.hadoop()).isEqualTo(Map.of("fs.s3a.endpoint", "e"));
    }

    @Test
    void readsATableFromItsPathWhereItHasOne() {
        assertThat(parse("provider", "memmap", "location", "file:/t", "path", "file:/p")
                        .paths())
                .containsExactly("file:/p");
        assertThat(parse("provider", "memmap", "location", "file:/t", "paths", "[\"/a\", \"/b\"]")
                        .paths())
                .containsExactly("/a", "/b");
    }

    @Test
    void toleratesWhatSparkAdds() {
        assertThat(parse("serialization.format", "1")).isEqualTo(parse());
    }

    @Test
    void isAValue() {
        assertThat(parse("dtype", "float64")).isEqualTo(parse("DTYPE", "<f8")).hasSameHashCodeAs(parse("dtype", "f8"));
        assertThat(parse("dtype", "<f8")).isNotEqualTo(parse("dtype", "<f4"));
        assertThat(parse("access", "auto")).as("given or not").isNotEqualTo(parse());
        assertThat(parse("fs.a", "1")).isNotEqualTo(parse("fs.a", "2"));
        assertThat(parse("shape", "1000,8", "access", "map")).hasToString("[shape=(1000, 8), access=map]");
    }

    static MemmapOptions parse(String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return MemmapOptions.parse(new CaseInsensitiveStringMap(options), Redaction.DEFAULT);
    }
}
