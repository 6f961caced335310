package io.memmap.spark.write.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeEncodersTest {
    private static final String DAYS = "INTERVAL DAY TO SECOND";
    private static final String MONTHS = "INTERVAL YEAR TO MONTH";

    @ParameterizedTest
    @CsvSource({
        "DATE, <M8[D], -1, -1",
        "DATE, <M8[s], 2, 172800",
        "DATE, <M8[ns], -1, -86400000000000",
        "DATE, <M8[7D], 14, 2",
        "DATE, <M8[W], -7, -1",
        "DATE, <M8[M], 31, 1",
        "DATE, <M8[Y], -365, -1",
        "DATE, <M8[10Y], 3652, 1",
        "TIMESTAMP, <M8[us], -9223372036854775807, -9223372036854775807",
        "TIMESTAMP_NTZ, <M8[ns], 1, 1000",
        "TIMESTAMP_NTZ, <M8[ms], 5000, 5",
        "TIMESTAMP, <M8[s], -1000000, -1",
        "TIMESTAMP, <M8[D], 86400000000, 1",
        "TIMESTAMP, <M8[M], 2678400000000, 1",
        "TIMESTAMP, <M8[1500ns], 3, 2",
        "BIGINT, <M8[ns], 1234567890123456789, 1234567890123456789",
        "BIGINT, <m8[ns], -5, -5",
        "INTERVAL DAY TO SECOND, <m8[us], 7, 7",
        "INTERVAL DAY TO SECOND, <m8[s], 90000000, 90",
        "INTERVAL DAY TO SECOND, <m8[ps], 3, 3000000",
        "INTERVAL YEAR TO MONTH, <m8[M], 14, 14",
        "INTERVAL YEAR TO MONTH, <m8[Y], -24, -2"
    })
    void countsTicks(String type, String dtype, String value, long ticks) {
        assertThat(ticks(type, dtype, value)).isEqualTo(ticks);
    }

    @Test
    void swapsBytes() {
        assertThat(Encoding.hex("DATE", ">M8[D]", 258)).isEqualTo("0000000000000102");
        assertThat(Encoding.hex("BIGINT", ">m8[s]", 258L)).isEqualTo("0000000000000102");
    }

    @ParameterizedTest
    @CsvSource({
        "DATE, <M8[Y], 2932897, +10000-01-01",
        "DATE, <M8[100Y], 4723846, +14903-06-15",
        "DATE, <M8[M], -719529, -0001-12-31",
        "TIMESTAMP_NTZ, <M8[Y], 253402300800000000, +10000-01-01T00:00:00"
    })
    void refusesYearsThatItCouldNotReadBack(String type, String dtype, String value, String shown) {
        for (String nanos : new String[] {"error", "truncate"}) {
            assertThatThrownBy(() -> ticks(type, dtype, value, "nanos", nanos))
                    .isInstanceOf(BadValueException.class)
                    .hasMessage("column 'v': found " + shown + ", expected a year from 1 to 9999 for its dtype " + dtype
                            + "; give the column a unit of fixed length, such as D");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP, <M8[s], 1999999, 1, 1970-01-01T00:00:01.999999Z",
        "TIMESTAMP_NTZ, <M8[s], -1, -1, 1969-12-31T23:59:59.999999",
        "TIMESTAMP, <M8[D], -1, -1, 1969-12-31T23:59:59.999999Z",
        "TIMESTAMP, <M8[M], 1, 0, 1970-01-01T00:00:00.000001Z",
        "DATE, <M8[M], 32, 1, 1970-02-02",
        "DATE, <M8[Y], -1, -1, 1969-12-31",
        "DATE, <M8[Y], 31, 0, 1970-02-01",
        "DATE, <M8[W], -8, -2, 1969-12-24",
        "INTERVAL DAY TO SECOND, <m8[ms], 1500, 1, PT0.0015S",
        "INTERVAL YEAR TO MONTH, <m8[Y], -1, -1, P-1M"
    })
    void losesNothingUnlessItMayRoundDown(String type, String dtype, String value, long floor, String shown) {
        assertThatThrownBy(() -> ticks(type, dtype, value))
                .isInstanceOf(BadValueException.class)
                .hasMessage("column 'v': found " + shown + ", expected a whole number of ticks of its dtype " + dtype
                        + "; set nanos=truncate to round down, or give the column a finer unit");
        assertThat(ticks(type, dtype, value, "nanos", "truncate")).isEqualTo(floor);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP, <M8[ns], 9223372036854776, 9223372036854775807",
        "TIMESTAMP, <M8[ns], -9223372036854776, -9223372036854775807",
        "DATE, <M8[ns], 2932896, 9223372036854775807",
        "DATE, <M8[as], 1, 9223372036854775807",
        "TIMESTAMP, <M8[us], -9223372036854775808, -9223372036854775807",
        "INTERVAL DAY TO SECOND, <m8[ns], -9223372036854775808, -9223372036854775807"
    })
    void neverWrapsUnasked(String type, String dtype, String value, long saturated) {
        assertThatThrownBy(() -> ticks(type, dtype, value))
                .isInstanceOf(BadValueException.class)
                .hasMessageEndingWith(
                        ", expected a time within the range of its dtype " + dtype
                                + "; give the column a coarser unit, or set overflow=saturate or overflow=wrap"
                                + "; in SQL overflow is a setting of the catalog, as in spark.sql.catalog.memmap.overflow=saturate");
        assertThat(ticks(type, dtype, value, "overflow", "saturate")).isEqualTo(saturated);
    }

    @Test
    void convertsAsExactArithmeticDoes() {
        long seed = 20240608;
        Random random = new Random(seed);
        BigInteger nanos = BigInteger.valueOf(1000);
        BigInteger tick = BigInteger.valueOf(1300);
        for (int i = 0; i < 1000; i++) {
            long micros = random.nextLong() >> random.nextInt(64);
            BigInteger product = BigInteger.valueOf(micros).multiply(nanos);
            BigInteger[] parts = product.divideAndRemainder(tick);
            BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
            assertThat(ticks("TIMESTAMP", "<M8[1300ns]", Long.toString(micros), "nanos", "truncate"))
                    .as("%d, seed %d", micros, seed)
                    .isEqualTo(floor.longValueExact());
        }
    }

    @Test
    void writesNullAsNat() {
        for (String type : new String[] {"DATE", "TIMESTAMP", "BIGINT"}) {
            assertThat(ticks(type, "<M8[s]", null)).isEqualTo(Long.MIN_VALUE);
            for (String option : new String[] {"", "v="}) {
                assertThat(ticks(type, "<M8[s]", null, "nullValue", option + "-1"))
                        .isEqualTo(-1);
                assertThat(ticks(type, "<M8[s]", null, "nullValue", option + "1970-01-02"))
                        .isEqualTo(86_400);
                assertThat(ticks(type, "<M8[s]", null, "nullValue", option + "NaT"))
                        .isEqualTo(Long.MIN_VALUE);
            }
            assertThatThrownBy(() -> ticks(type, "<M8[s]", null, "nullValue", "banana"))
                    .isInstanceOf(BadValueException.class)
                    .hasMessage(
                            "column 'v': found NULL, and nullValue=banana does not do: found 'banana', expected NaT,"
                                    + " a count of s since 1970, or a date or time in whole s, such as 1970-01-01; set the value to"
                                    + " store, as in nullValue='v=NaT'");
            assertThatThrownBy(() -> ticks(type, "<M8[s]", "0", "nullValue", "v=banana"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "Cannot write column 'v': its nullValue is 'banana': found 'banana', expected NaT, a count"
                                    + " of s since 1970, or a date or time in whole s, such as 1970-01-01; cast the column, or"
                                    + " give it another dtype");
        }
        assertThat(ticks(DAYS, "<m8[s]", null)).isEqualTo(Long.MIN_VALUE);
        assertThat(ticks(MONTHS, "<m8[Y]", null)).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "INTERVAL DAY TO SECOND, <m8[M]",
        "INTERVAL YEAR TO MONTH, <m8[s]",
        "DATE, <m8[D]",
        "INTERVAL DAY TO SECOND, <M8[s]"
    })
    void keepsTheKindsOfTimeApart(String type, String dtype) {
        assertThatThrownBy(() -> ticks(type, dtype, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Cannot write column 'v': its type is " + type + ", and its dtype " + dtype + ", expected ");
    }

    private static long ticks(String type, String dtype, String value, String... options) {
        return ByteBuffer.wrap(Encoding.bytes(type, dtype, Encoding.value(type, value), options))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }
}
