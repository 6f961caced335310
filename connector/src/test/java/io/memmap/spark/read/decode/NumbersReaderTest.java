package io.memmap.spark.read.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.compute.Totals;
import io.memmap.dtype.DType;
import io.memmap.dtype.ScalarDType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NumbersReaderTest {
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
}
