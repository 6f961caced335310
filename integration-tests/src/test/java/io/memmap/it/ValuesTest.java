package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that Spark cannot hold as they are: texts that are not UTF-8, times that are too fine, too far or missing. */
class ValuesTest {

    private static final long NAT = Long.MIN_VALUE;

    @TempDir
    Path directory;

    private final SparkSession spark = GoldenCase.session();

    private DataFrameReader reader(String... option) {
        DataFrameReader reader = spark.read().format("memmap");
        return option.length == 0 ? reader : reader.option(option[0], option[1]);
    }

    private static List<Object> column(DataFrameReader reader, Path file) {
        return reader.load(file.toString()).collectAsList().stream()
                .map(row -> row.get(0))
                .toList();
    }

    private static void assertFails(DataFrameReader reader, Path file, String message) {
        assertThatThrownBy(() -> column(reader, file)).hasStackTraceContaining(message);
    }

    private Path ticks(String dtype, long... ticks) throws IOException {
        return Npy.of("'" + dtype + "'", "(" + ticks.length + ",)").write(directory.resolve("t.npy"), Npy.i8(ticks));
    }

    @Test
    void readsBytesAsUtf8UnlessAskedOtherwise() throws IOException {
        byte[] latin = Arrays.copyOf("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), 5);
        Path file = Npy.of("[('n', '<i2'), ('s', '|S5')]", "(2,)")
                .write(directory.resolve("s.npy"), Npy.join(Npy.i2(1), Npy.text(5, "caf\u00e9"), Npy.i2(2), latin));
        assertFails(
                reader(),
                file,
                "Cannot read row 1 of file:" + file
                        + ", column 's': found byte 0xe9 at position 3, expected UTF-8; set "
                        + "stringEncoding=latin1 or stringEncoding=binary");
        assertThat(reader().load(file.toString())
                        .where("_row = 0")
                        .select("s")
                        .collectAsList()
                        .get(0)
                        .getString(0))
                .isEqualTo("caf\u00e9");
        List<Row> asLatin = reader("stringEncoding", "latin1")
                .load(file.toString())
                .select("s")
                .collectAsList();
        assertThat(asLatin.get(0).getString(0)).isEqualTo("caf\u00c3\u00a9");
        assertThat(asLatin.get(1).getString(0)).isEqualTo("caf\u00e9");
        List<Row> bytes = reader("stringEncoding", "binary")
                .load(file.toString())
                .select("s")
                .collectAsList();
        assertThat((byte[]) bytes.get(1).get(0)).isEqualTo(latin);
        List<Row> asked = reader().schema("s BINARY").load(file.toString()).collectAsList();
        assertThat((byte[]) asked.get(1).get(0)).isEqualTo(latin);
    }

    /** Spark compares the pattern with that of the row before; rows that are far from one another come one by one. */
    @Test
    void textsOfSingleRowsAreNotTakenForOneAnother() throws IOException {
        Path file = Npy.of("'|S2'", "(3,)").write(directory.resolve("s.npy"), Npy.text(6, "abxxcd"));
        List<Row> rows = reader().load(file.toString())
                .where("_row IN (0, 2)")
                .selectExpr("translate('abcd', value, '#')", "regexp_replace('ab-cd', value, '#')")
                .collectAsList();
        assertThat(rows).hasToString("[[#cd,#-cd], [ab#,ab-#]]");
    }

    @Test
    void refusesFractionsOfMicrosecondsUnlessAskedOtherwise() throws IOException {
        Path file = ticks("<M8[ns]", 2000, 1500, -1, -1000, NAT);
        assertFails(
                reader(),
                file,
                "Cannot read row 1 of file:" + file
                        + ", column 'value': found 1500 in <M8[ns], expected a whole number "
                        + "of microseconds; set nanos=truncate to round down, or nanos=long to read the raw ticks");
        LocalDateTime epoch = LocalDateTime.of(1970, 1, 1, 0, 0);
        assertThat(column(reader("nanos", "truncate"), file))
                .containsExactly(
                        epoch.plusNanos(2000),
                        epoch.plusNanos(1000),
                        epoch.minusNanos(1000),
                        epoch.minusNanos(1000),
                        null);
        assertThat(column(reader("nanos", "long"), file)).containsExactly(2000L, 1500L, -1L, -1000L, null);
        assertThat(column(reader().schema("t BIGINT"), file)).containsExactly(2000L, 1500L, -1L, -1000L, null);
    }

    @Test
    void readsTimesAsInstantsWhenAsked() throws IOException {
        Path file = ticks("<M8[s]", 0, 86_399, NAT, -1);
        assertThat(column(reader(), file))
                .containsExactly(
                        LocalDateTime.parse("1970-01-01T00:00:00"),
                        LocalDateTime.parse("1970-01-01T23:59:59"),
                        null,
                        LocalDateTime.parse("1969-12-31T23:59:59"));
        List<Object> instants =
                Arrays.asList(Instant.ofEpochSecond(0), Instant.ofEpochSecond(86_399), null, Instant.ofEpochSecond(-1));
        assertThat(column(reader("timestampType", "ltz"), file)).isEqualTo(instants);
        assertThat(column(reader().schema("t TIMESTAMP"), file)).isEqualTo(instants);
        assertThat(column(reader().schema("t BIGINT"), file)).containsExactly(0L, 86_399L, null, -1L);
    }

    @Test
    void readsDaysAsTimestampsWhenAsked() throws IOException {
        Path file = ticks("<M8[D]", 1, NAT, -1);
        assertThat(column(reader(), file)).containsExactly(LocalDate.of(1970, 1, 2), null, LocalDate.of(1969, 12, 31));
        assertThat(column(reader().schema("t TIMESTAMP"), file))
                .containsExactly(Instant.parse("1970-01-02T00:00:00Z"), null, Instant.parse("1969-12-31T00:00:00Z"));
    }

    @Test
    void readsNotATimeAsNull() throws IOException {
        assertThat(column(reader(), ticks("<M8[M]", 13, NAT))).containsExactly(LocalDate.of(1971, 2, 1), null);
        assertThat(column(reader(), ticks("<M8[W]", -1, NAT))).containsExactly(LocalDate.of(1969, 12, 25), null);
        assertThat(column(reader(), ticks("<m8[ms]", -1500, NAT))).containsExactly(Duration.ofMillis(-1500), null);
        assertThat(column(reader(), ticks("<m8[Y]", 2, NAT))).containsExactly(Period.ofYears(2), null);
        Path file = ticks("<m8[D]", NAT, 3);
        assertThat(reader().load(file.toString()).where("value IS NULL").count())
                .isEqualTo(1);
        assertThat(reader().load(file.toString())
                        .where("value IS NOT NULL")
                        .collectAsList()
                        .get(0)
                        .get(0))
                .isEqualTo(Duration.ofDays(3));
    }

    /** The years that Spark's dates have; a java.sql.Date prints another year for any other. */
    @ParameterizedTest
    @CsvSource({"<M8[Y], -1969, 8029", "<M8[100Y], -19, 80", "<M8[M], -23628, 96359"})
    void readsTheYears1To9999(String dtype, long first, long last) throws IOException {
        List<Object> dates = column(reader(), ticks(dtype, first, last));
        assertThat(dates).extracting(date -> ((LocalDate) date).getYear()).allMatch(year -> year >= 1 && year <= 9999);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count(value)",
                "min(value)",
                "max(value)",
                "count(value), year(value) AS y FROM t GROUP BY y",
                "count(*) FROM t WHERE value > DATE'2000-01-01'",
                "count(*) FROM t WHERE value IN (DATE'1970-01-01', DATE'2070-01-01')",
                "max(value) FROM t WHERE value < DATE'2000-01-01'"
            })
    void pushedQueriesRefuseYearsOutOfRange(String query) throws IOException {
        Path file = ticks("<M8[100Y]", 0, 81, 1);
        for (String type : List.of("date", "timestamp_ntz")) {
            reader().schema("value " + type).load(file.toString()).createOrReplaceTempView("t");
            String sql = "SELECT " + query + (query.contains("FROM") ? "" : " FROM t");
            assertThatThrownBy(() -> spark.sql(sql).collectAsList())
                    .hasStackTraceContaining("found 81 in <M8[100Y], expected a value within the range of " + type);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<M8[D],  2147483648,          date",
        "<M8[Y],  10000000,            date",
        "<M8[Y],  8030,                date",
        "<M8[Y],  -1970,               date",
        "<M8[10Y], 803,                date",
        "<M8[100Y], 81,                date",
        "<M8[100Y], -20,               date",
        "<M8[100Y], 58000,             date",
        "<M8[M],  96360,               date",
        "<M8[M],  -23629,              date",
        "<M8[W],  9223372036854775807, date",
        "<M8[s],  9223372036854775807, timestamp_ntz",
        "<M8[h],  2562047789,          timestamp_ntz",
        "<m8[D],  106751992,           interval day to second",
        "<m8[Y],  178956971,           interval year to month"
    })
    void refusesTimesOutOfRange(String dtype, long tick, String type) throws IOException {
        Path file = ticks(dtype, 0, tick);
        assertFails(
                reader(),
                file,
                "Cannot read row 1 of file:" + file + ", column 'value': found " + tick + " in " + dtype
                        + ", expected a value within the range of " + type
                        + "; ask for bigint in a schema to read the raw ticks");
        assertThat(column(reader().schema("t BIGINT"), file)).containsExactly(0L, tick);
    }

    @Test
    void namesTheRowOfTheShardAndTheColumn() throws IOException {
        Npy.of("'<M8[ns]'", "(2,)").write(directory.resolve("d/1.npy"), Npy.i8(0, 1000));
        Path second = Npy.of("'<M8[ns]'", "(1, )").write(directory.resolve("d/2.npy"), Npy.i8(7));
        assertFails(
                reader().options(Map.of("columnNames", "seen")),
                directory.resolve("d"),
                "Cannot read row 0 of file:" + second + ", column 'seen': found 7 in <M8[ns]");
    }
}
