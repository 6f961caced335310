package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.schema.WrittenPartition;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class PartitionDirectoriesTest {

    private static String of(DataType type, Object value) {
        return new PartitionDirectories(List.of(new WrittenPartition("p", 1, type)), ZoneId.of("Asia/Kolkata"))
                .of(row(null, value));
    }

    private static InternalRow row(Object... values) {
        return new GenericInternalRow(values);
    }

    @Test
    void spellsValuesAsSparkDoes() {
        assertThat(of(DataTypes.BooleanType, true)).isEqualTo("p=true/");
        assertThat(of(DataTypes.ByteType, (byte) -7)).isEqualTo("p=-7/");
        assertThat(of(DataTypes.LongType, Long.MIN_VALUE)).isEqualTo("p=-9223372036854775808/");
        assertThat(of(DataTypes.FloatType, 0.1f)).isEqualTo("p=0.1/");
        assertThat(of(DataTypes.DoubleType, 1e300)).isEqualTo("p=1.0E300/");
        assertThat(of(DataTypes.createDecimalType(20, 3), Decimal.apply(new BigDecimal("-1.500"), 20, 3)))
                .isEqualTo("p=-1.500/");
        assertThat(of(DataTypes.DateType, 20454)).isEqualTo("p=2026-01-01/");
        assertThat(of(DataTypes.TimestampType, 0L)).isEqualTo("p=1970-01-01 05%3A30%3A00/");
        assertThat(of(DataTypes.TimestampNTZType, -1L)).isEqualTo("p=1969-12-31 23%3A59%3A59.999999/");
        assertThat(of(DataTypes.TimestampNTZType, 1_500_000L)).isEqualTo("p=1970-01-01 00%3A00%3A01.5/");
        assertThat(of(DataTypes.StringType, UTF8String.fromString("São Paulo"))).isEqualTo("p=São Paulo/");
    }

    @Test
    void spellsNullAndNothingAsHiveDoes() {
        assertThat(of(DataTypes.DateType, null)).isEqualTo("p=__HIVE_DEFAULT_PARTITION__/");
        assertThat(of(DataTypes.StringType, UTF8String.fromString(""))).isEqualTo("p=__HIVE_DEFAULT_PARTITION__/");
        assertThat(PartitionDirectories.ofNulls(List.of(
                        new WrittenPartition("a=b", 0, DataTypes.DateType),
                        new WrittenPartition("c", 1, DataTypes.DateType))))
                .isEqualTo("a%3Db=__HIVE_DEFAULT_PARTITION__/c=__HIVE_DEFAULT_PARTITION__/");
    }

    /** The directory of both hours would be read as one. */
    @Test
    void refusesTheSecondOfTwoHoursThatClocksShowAlike() {
        PartitionDirectories newYork = new PartitionDirectories(
                List.of(new WrittenPartition("p", 0, DataTypes.TimestampType)), ZoneId.of("America/New_York"));
        assertThat(newYork.of(row(1762061400_000000L))).isEqualTo("p=2025-11-02 01%3A30%3A00/");
        assertThatThrownBy(() -> newYork.of(row(1762065000_000000L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot write the rows of 2025-11-02T06:30:00Z to a partition: 2025-11-02T01:30 is shown twice"
                                + " by the clocks of America/New_York, and would be read as 2025-11-02T05:30:00Z, expected a time"
                                + " that is shown once; partition by a TIMESTAMP_NTZ or a DATE, or write a new array under"
                                + " spark.sql.session.timeZone=UTC");
        assertThat(newYork.of(row(1762068600_000000L))).isEqualTo("p=2025-11-02 02%3A30%3A00/");
    }

    @Test
    void escapesWhatADirectoryNameDoesNotHold() {
        assertThat(of(DataTypes.StringType, UTF8String.fromString("a/b=c%\n\"#'*:?\\\u007f{[]^}..é")))
                .isEqualTo("p=a%2Fb%3Dc%25%0A%22%23%27%2A%3A%3F%5C%7F%7B%5B%5D%5E}..é/");
        assertThat(of(DataTypes.StringType, UTF8String.fromString("\u0000a"))).isEqualTo("p=%00a/");
    }

    @Test
    void seesTheNextValueInMemoryThatIsUsedAgain() {
        byte[] memory = "ab".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        PartitionDirectories directories = new PartitionDirectories(
                List.of(
                        new WrittenPartition("x", 0, DataTypes.StringType),
                        new WrittenPartition("y", 1, DataTypes.IntegerType)),
                ZoneId.of("UTC"));
        assertThat(directories.of(row(UTF8String.fromBytes(memory), 1))).isEqualTo("x=ab/y=1/");
        String second = directories.of(row(UTF8String.fromBytes(memory), 1));
        assertThat(directories.of(row(UTF8String.fromBytes(memory), 1))).isSameAs(second);
        memory[0] = 'c';
        assertThat(directories.of(row(UTF8String.fromBytes(memory), 1))).isEqualTo("x=cb/y=1/");
        assertThat(directories.of(row(UTF8String.fromBytes(memory), null)))
                .isEqualTo("x=cb/y=__HIVE_DEFAULT_PARTITION__/");
    }
}
