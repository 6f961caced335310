package io.memmap.spark.read.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.options.TimestampType;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.schema.TypeOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeConversionTest {
    private static long micros(String dtype, Nanos nanos, long tick) {
        ScalarDType scalar = (ScalarDType) DType.parse(dtype);
        TypeOptions options = new TypeOptions(StringEncoding.UTF_8, nanos, TimestampType.NTZ, true);
        Conversion conversion = Conversion.of(scalar, SparkTypes.of(scalar, options), options);
        Object micros = conversion.allocate(1);
        conversion.convert(new long[] {tick}, 1, micros, new boolean[1]);
        return ((long[]) micros)[0];
    }

    /** Ticks whose count in a finer unit leaves a long, though their microseconds do not. */
    @ParameterizedTest
    @CsvSource({
        "<M8[3ns], 9223372036854775000, 27670116110564325",
        "<m8[3ns], -9223372036854775000, -27670116110564325",
        "<M8[2147483647as], 4000000000000000000, 8589934588000000",
        "<m8[7ps], 9000000000000000000, 63000000000000",
        "<m8[2147483647W], 0, 0"
    })
    void countsTicksFarFrom1970(String dtype, long tick, long micros) {
        assertThat(micros(dtype, Nanos.ERROR, tick)).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "<M8[3ns], 9223372036854775807, 27670116110564327",
        "<M8[3ns], -9223372036854775807, -27670116110564328",
        "<M8[3ns], -1, -1"
    })
    void roundsDownWhenAsked(String dtype, long tick, long micros) {
        assertThat(micros(dtype, Nanos.TRUNCATE, tick)).isEqualTo(micros);
        assertThatThrownBy(() -> micros(dtype, Nanos.ERROR, tick))
                .hasMessageStartingWith("found " + tick + " in " + dtype + ", expected a whole number of microseconds");
    }

    @Test
    void refusesALengthThatNoLongCounts() {
        assertThatThrownBy(() -> micros("<m8[2147483647W]", Nanos.ERROR, 1))
                .hasMessage("found 1 in <m8[2147483647W], expected a value within the range of interval day to second;"
                        + " ask for bigint in a schema to read the raw ticks");
    }
}
