package io.memmap.spark.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.PartitionPath;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of directories as columns, without Spark to compare with: that is for PartitionDirectoriesTest. */
class PartitionColumnsTest {
    private static final PartitionRules RULES =
            new PartitionRules(true, true, false, ZoneId.of("Europe/Warsaw"), false);
    private static final PartitionRules LENIENT = new PartitionRules(true, false, false, ZoneId.of("UTC"), false);

    private static PartitionColumns columns(String schema, PartitionRules rules, String... values) {
        List<PartitionPath> directories = Stream.of(values)
                .map(value -> new PartitionPath("/t/p=" + value, "/t", List.of("p"), List.of(value)))
                .toList();
        return PartitionColumns.of(directories, schema == null ? null : StructType.fromDDL(schema), Map.of(), rules);
    }

    private static DataType type(String... values) {
        return columns(null, RULES, values).columns().get(0).type();
    }

    private static Object value(String type, String raw) {
        return columns("v DOUBLE, p " + type, RULES, raw).constants().get(0).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, int",
        "-2147483649, bigint",
        "9223372036854775808, 'decimal(19,0)'",
        "1.0, double",
        "1e3, 'decimal(4,0)'",
        "1e38, double",
        "1e400, double",
        "1e-40, double",
        "' 1', double",
        "2026-01-31, date",
        "2026-02-29, string",
        "2026-1-1, string",
        "2026-01-31 10%3A00%3A00, timestamp",
        "2026-01-31 10:00:00.5, timestamp",
        "2026-01-31 10:00:00.55, string",
        "2026-01-31T10:00:00, string",
        "10:00:00, string",
        "true, string",
        "__HIVE_DEFAULT_PARTITION__, void"
    })
    void infersTheTypeOfOneValue(String raw, String type) {
        assertThat(type(raw).catalogString()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3000000000, bigint",
        "1, 9223372036854775808, 'decimal(19,0)'",
        "3000000000, 9223372036854775808, 'decimal(20,0)'",
        "1, 1.5, double",
        "3000000000, 1.5, string",
        "9223372036854775808, 1.5, string",
        "2026-01-31, 2026-01-31 10:00:00, timestamp",
        "2026-01-31, 1, string",
        "x, 1, string",
        "__HIVE_DEFAULT_PARTITION__, 1, int",
        "2026-01-31, __HIVE_DEFAULT_PARTITION__, date"
    })
    void widensTheTypesOfTwoValues(String one, String other, String type) {
        assertThat(type(one, other).catalogString()).isEqualTo(type);
        assertThat(type(other, one).catalogString()).isEqualTo(type);
    }

    @Test
    void readsValuesByTheDeclaredType() {
        assertThat(value("STRING", "a%2Fb")).isEqualTo(UTF8String.fromString("a/b"));
        assertThat(value("DECIMAL(6,2)", "1.5")).isEqualTo(Decimal.apply(new java.math.BigDecimal("1.50"), 6, 2));
        assertThat(value("DECIMAL(2,2)", "0.00")).isEqualTo(Decimal.apply(new java.math.BigDecimal("0.00"), 2, 2));
        assertThat(value("DECIMAL(6,2)", "0e-300000000"))
                .isEqualTo(Decimal.apply(new java.math.BigDecimal("0.00"), 6, 2));
        assertThat(value("BOOLEAN", "TRUE")).isEqualTo(true);
        assertThat(value("TINYINT", "-128")).isEqualTo((byte) -128);
        assertThat(value("FLOAT", "1.5")).isEqualTo(1.5f);
        assertThat(value("INT", "__HIVE_DEFAULT_PARTITION__")).isNull();
        assertThat(value("DATE", "2026-1-2"))
                .isEqualTo((int) LocalDate.of(2026, 1, 2).toEpochDay());
        assertThat(value("DATE", "2026"))
                .isEqualTo((int) LocalDate.of(2026, 1, 1).toEpochDay());
        assertThat(value("DATE", "2026-01-02 10:00:00"))
                .isEqualTo((int) LocalDate.of(2026, 1, 2).toEpochDay());
    }

    @Test
    void readsTimesInTheZoneOfTheSessionUnlessTheyNameOne() {
        long midnight = LocalDate.of(2026, 1, 2).toEpochDay() * 86_400_000_000L;
        assertThat(value("TIMESTAMP", "2026-01-02 00:00:00")).isEqualTo(midnight - 3_600_000_000L);
        assertThat(value("TIMESTAMP", "2026-01-02T00%3A00%3A00.000001Z")).isEqualTo(midnight + 1);
        assertThat(value("TIMESTAMP", "2026-01-02 01:00:00+1:00")).isEqualTo(midnight);
        assertThat(value("TIMESTAMP_NTZ", "2026-01-02 00:00:00.5")).isEqualTo(midnight + 500_000);
        assertThat(value("TIMESTAMP", "9999-12-31 00:00:00Z")).isEqualTo(253_402_214_400_000_000L);
        assertThat(value("TIMESTAMP_NTZ", "0001-01-01 00:00:00.5")).isEqualTo(-62_135_596_799_500_000L);
        assertThat(value("TIMESTAMP", "2026-03-29 02:30:00")).isEqualTo(value("TIMESTAMP", "2026-03-29 03:30:00"));
    }

    @ParameterizedTest
    @CsvSource({
        "INT, 1.5",
        "INT, x",
        "TINYINT, 128",
        "BOOLEAN, yes",
        "DATE, x",
        "DATE, 2026-02-30",
        "DATE, 9999999-01-01",
        "TIMESTAMP, 25:00",
        "TIMESTAMP, 999999-01-01",
        "TIMESTAMP_NTZ, 999999-01-01",
        "TIMESTAMP, 2026-01-01 24:00:00",
        "'DECIMAL(3,1)', 1.25",
        "'DECIMAL(3,1)', 100",
        "'DECIMAL(3,1)', 1e300000000",
        "'DECIMAL(3,1)', 1e-300000000",
        "'ARRAY<INT>', 1"
    })
    void refusesValuesThatTheTypeCannotHold(String type, String raw) {
        assertThatThrownBy(() -> value(type, raw))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read /t/p=" + raw + ": its partition column 'p' is '" + raw
                        + "', expected "
                        + StructType.fromDDL("p " + type).fields()[0].dataType().catalogString())
                .hasMessageEndingWith("; declare the column as STRING, or rename the directory");
        assertThat(columns("p " + type, LENIENT, raw).constants()).isEqualTo(List.of(Arrays.asList((Object) null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "foo", "int, z int", "decimal(99,1)", "(", "void", "struct<a:int>"})
    void refusesATypeOfTheManifestThatNoDirectoryCanHold(String type) {
        List<PartitionPath> paths = List.of(new PartitionPath("/t/p=1", "/t", List.of("p"), List.of("1")));
        assertThatThrownBy(() -> PartitionColumns.of(paths, null, Map.of("p", type), RULES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Cannot read /t: its manifest _memmap.json declares the partition column 'p' as '" + type
                                + "', expected the name of a type that a directory's name can hold, such as int or string")
                .hasMessageEndingWith("; correct the manifest");
    }

    @Test
    void putsTheColumnsOfDirectoriesLast() {
        PartitionColumns columns = columns("P BIGINT, v DOUBLE", RULES, "1");
        StructType declared = StructType.fromDDL("P BIGINT, v DOUBLE");
        assertThat(columns.with(declared, false)).isEqualTo(StructType.fromDDL("v DOUBLE, P BIGINT"));
        assertThat(columns.with(StructType.fromDDL("v DOUBLE"), false).fieldNames())
                .containsExactly("v", "P");
    }

    @Test
    void refusesADeclaredColumnOfAnotherCaseWhereCasesDiffer() {
        List<PartitionPath> directories = List.of(new PartitionPath("/t/p=1", "/t", List.of("p"), List.of("1")));
        PartitionRules exact = new PartitionRules(true, true, true, ZoneId.of("UTC"), false);
        assertThat(PartitionColumns.of(directories, null, Map.of("P", "string"), RULES)
                        .columns()
                        .get(0)
                        .type())
                .isEqualTo(DataTypes.StringType);
        assertThatThrownBy(() -> PartitionColumns.of(directories, null, Map.of("P", "string"), exact))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read /t: its manifest _memmap.json declares the partition column 'P', and its"
                        + " directories have the partition columns [p], expected one of these, as"
                        + " spark.sql.caseSensitive is true; correct the manifest");
        assertThat(PartitionColumns.of(directories, null, Map.of("above", "int"), exact)
                        .columns())
                .as("a directory above may name it")
                .hasSize(1);
    }
}
