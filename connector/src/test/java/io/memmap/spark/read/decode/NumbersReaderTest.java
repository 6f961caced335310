package io.memmap.spark.read.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.compute.IntegerNumbers;
import io.memmap.compute.Totals;
import io.memmap.dtype.DType;
import io.memmap.dtype.HalfFloat;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.options.TimestampType;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.schema.TypeOptions;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersReaderTest {
    private static final TypeOptions OPTIONS =
            new TypeOptions(StringEncoding.UTF_8, Nanos.ERROR, TimestampType.NTZ, true);
    private static final int COUNT = 5000;

    private static ByteBuffer numbers(ByteBuffer bytes) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        LongStream.range(0, COUNT).forEach(bytes::putLong);
        return bytes.flip();
    }

    /** One loop that saw both kinds of buffers would be slow for either. */
    @Test
    void onlyDirectBytesAreAddedInPlace() {
        for (boolean direct : new boolean[] {true, false}) {
            int nbytes = COUNT * Long.BYTES;
            ByteBuffer bytes = numbers(direct ? ByteBuffer.allocateDirect(nbytes) : ByteBuffer.allocate(nbytes));
            Totals totals = new Totals(true, true);
            NumbersReader reader = new NumbersReader((ScalarDType) DType.parse("<i8"), Conversion.NONE, totals);
            reader.reserve(COUNT);
            reader.decode(bytes, 0, Long.BYTES, COUNT, 1, 0, 1);
            assertThat(totals.count()).as("direct: " + direct).isEqualTo(direct ? COUNT : 0);
            reader.finish(COUNT);
            assertThat(totals.count()).isEqualTo(COUNT);
            assertThat(totals.integerSum()).isEqualTo(BigInteger.valueOf(COUNT * (COUNT - 1L) / 2));
        }
    }

    /** Halves in place, and from the heap as floats. */
    @ParameterizedTest
    @CsvSource({"<f2, true, true", "<f2, false, false", ">f2, true, false"})
    void addsUpHalves(String spelling, boolean direct, boolean inPlace) {
        ScalarDType dtype = (ScalarDType) DType.parse(spelling);
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(COUNT * 2) : ByteBuffer.allocate(COUNT * 2);
        bytes.order(dtype.byteOrder().nio());
        for (int i = 0; i < COUNT; i++) {
            bytes.putShort(i * 2, HalfFloat.ofDouble(i % 2000 - 500.5f));
        }
        Totals totals = new Totals(true, true);
        NumbersReader reader = new NumbersReader(dtype, Conversion.NONE, totals);
        reader.reserve(COUNT);
        reader.decode(bytes, 0, 2, COUNT, 1, 0, 1);
        assertThat(totals.count()).isEqualTo(inPlace ? COUNT : 0);
        reader.finish(COUNT);
        assertThat(totals.count()).isEqualTo(COUNT);
        assertThat(totals.leastFloat()).isEqualTo(-500.5);
        assertThat(totals.greatestFloat()).isEqualTo(HalfFloat.toFloat(HalfFloat.ofDouble(1498.5f)));
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += HalfFloat.toFloat(bytes.getShort(i * 2));
        }
        assertThat(totals.floatSum()).isEqualTo(sum);
    }

    private static NumbersReader read(ScalarDType dtype, Totals totals) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(COUNT * 8).order(dtype.byteOrder().nio());
        for (int i = 0; i < COUNT; i++) {
            bytes.putLong(i * 8, i % 3 == 0 ? Long.MIN_VALUE : i - 2500);
        }
        NumbersReader reader =
                new NumbersReader(dtype, Conversion.of(dtype, SparkTypes.of(dtype, OPTIONS), OPTIONS), totals);
        reader.reserve(COUNT);
        reader.decode(bytes, 0, 8, COUNT, 1, 0, 1);
        reader.finish(COUNT);
        return reader;
    }

    /** NaT, the least of all integers, is NULL. */
    @ParameterizedTest
    @CsvSource({"<M8[us], 1", ">M8[us], 1", "<M8[s], 1000000", "<m8[us], 1", "<M8[D], 1"})
    void leavesNaTOut(String spelling, long ticks) {
        ScalarDType dtype = (ScalarDType) DType.parse(spelling);
        Totals totals = new Totals(false, true);
        read(dtype, totals);
        assertThat(totals.count()).isEqualTo(3333);
        assertThat(totals.least()).isEqualTo(-2499 * ticks);
        assertThat(totals.greatest()).isEqualTo(2499 * ticks);

        IntegerNumbers numbers = (IntegerNumbers) read(dtype, null).numbers();
        byte[] mask = new byte[COUNT];
        for (boolean outside : new boolean[] {false, true}) {
            numbers.mask(Long.MIN_VALUE, -1, outside, mask, COUNT);
            for (int i = 0; i < COUNT; i++) {
                boolean passes = i % 3 != 0 && i < 2500 != outside;
                assertThat(mask[i]).as("%s", i).isEqualTo((byte) (passes ? 1 : 0));
            }
        }
    }
}
