package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.HalfFloat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatNumbersTest {
    private static final int[] COUNTS = {1, 2, 7, 8, 9, 127, 128, 129, 1023, 1024, 1025, 4096};
    private static final double[] SPECIAL = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, -1e30};
    private static final double[] SPECIAL_OR_NAN = {Double.NaN, Double.POSITIVE_INFINITY, -0.0, 1e30};

    /** By plain arithmetic, as Spark orders floats; adjacent and strided, from bytes, from arrays and of selected rows. */
    @ParameterizedTest
    @CsvSource({"8,none", "8,some", "8,all", "4,none", "4,some", "4,all"})
    void findsExtremes(int itemsize, String nans) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int count : COUNTS) {
            for (int stride : new int[] {itemsize, itemsize + 3}) {
                String context = "seed " + seed + ", count " + count + ", stride " + stride;
                int offset = random.nextInt(5);
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect(offset + count * stride + 8).order(ByteOrder.nativeOrder());
                double[] values = random.doubles(count, -1, 1)
                        .map(value -> random.nextInt(9) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : value)
                        .map(value -> nans.equals("all") || nans.equals("some") && random.nextInt(50) == 0
                                ? Double.NaN
                                : (float) value)
                        .toArray();
                for (int i = 0; i < count; i++) {
                    if (itemsize == 8) {
                        bytes.putDouble(offset + i * stride, values[i]);
                    } else {
                        bytes.putFloat(offset + i * stride, (float) values[i]);
                    }
                }
                int[] all = IntStream.range(0, count).toArray();
                int[] some = IntStream.range(0, count).filter(i -> i % 3 == 0).toArray();
                Numbers numbers = Numbers.of(itemsize == 8 ? values : singles(values), false);
                Totals ofBytes = new Totals(false, true);
                numbers.addBytes(bytes, offset, stride, count, ofBytes);
                check(ofBytes, values, all, context);
                Totals ofArray = new Totals(false, true);
                numbers.addTo(ofArray, count);
                check(ofArray, values, all, context);
                Totals ofSome = new Totals(false, true);
                numbers.addTo(ofSome, some, some.length);
                check(ofSome, values, some, context);
            }
        }
    }

    /** Sums of halves are exact: all are multiples of the least one. */
    @ParameterizedTest
    @CsvSource({"none", "some", "all"})
    void addsUpHalves(String nans) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int count : COUNTS) {
            for (int stride : new int[] {2, 5}) {
                String context = "seed " + seed + ", count " + count + ", stride " + stride;
                int offset = random.nextInt(5);
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect(offset + count * stride + 8).order(ByteOrder.nativeOrder());
                double[] values = new double[count];
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    short half = (short) random.nextInt(0x7c00);
                    boolean nan = nans.equals("all") || nans.equals("some") && random.nextInt(50) == 0;
                    half = nan ? (short) 0x7e01 : random.nextBoolean() ? (short) (half | 0x8000) : half;
                    bytes.putShort(offset + i * stride, half);
                    values[i] = HalfFloat.toFloat(half);
                    sum += values[i];
                }
                Totals totals = new Totals(true, true);
                Numbers.ofHalves(new float[0]).addBytes(bytes, offset, stride, count, totals);
                check(totals, values, IntStream.range(0, count).toArray(), context);
                assertThat(totals.floatSum()).as(context).isEqualTo(Double.valueOf(sum));
                assertThat(totals.count()).as(context).isEqualTo(count);
            }
        }
    }

    /** Values and their bits; numbers that are not selected may be NaN or infinite. */
    @ParameterizedTest
    @CsvSource({"8,false", "8,true", "4,false", "4,true"})
    void addsUpWhatIsSelected(int itemsize, boolean asBits) {
        Random random = new Random(11);
        for (int count : new int[] {1, 7, 8, 9, 1025, 4096, 4103, 9000}) {
            for (double part : new double[] {0.02, 0.3, 1}) {
                double[] values = new double[count];
                byte[] mask = new byte[count];
                double[] selected = new double[count];
                for (int i = 0; i < count; i++) {
                    boolean selects = random.nextDouble() < part;
                    mask[i] = (byte) (selects ? 1 : 0);
                    values[i] = selects
                            ? random.nextInt(1 << 20) / 1024.0
                            : SPECIAL_OR_NAN[random.nextInt(SPECIAL_OR_NAN.length)];
                    selected[i] = selects ? values[i] : 0;
                }
                int[] rows = IntStream.range(0, count).filter(i -> mask[i] != 0).toArray();
                Numbers numbers = asBits
                        ? Numbers.ofBits(itemsize == 8 ? doubleBits(values) : singleBits(values))
                        : Numbers.of(itemsize == 8 ? values : singles(values), false);
                Totals totals = new Totals(true, false);
                numbers.addTo(totals, mask, count, rows.length, () -> rows);
                assertThat(totals.count()).isEqualTo(rows.length);
                assertThat(totals.floatSum()).isEqualTo(Arrays.stream(selected).sum());
            }
        }
    }

    private static long[] doubleBits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static int[] singleBits(double[] values) {
        return Arrays.stream(values)
                .mapToInt(value -> Float.floatToRawIntBits((float) value))
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"8,Infinity", "8,NaN", "4,-Infinity"})
    void keepsSelectedNumbersThatAreNotFinite(int itemsize, double special) {
        double[] values = {1, special, 2, Double.NaN};
        Numbers numbers = Numbers.of(itemsize == 8 ? values : singles(values), false);
        Totals totals = new Totals(true, false);
        numbers.addTo(totals, new byte[] {1, 1, 0, 0}, 4, 2, () -> new int[] {0, 1});
        assertThat(totals.floatSum()).isEqualTo(Double.valueOf(special));
    }

    private static float[] singles(double[] values) {
        float[] singles = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            singles[i] = (float) values[i];
        }
        return singles;
    }

    /** {@link Double#compare} takes NaN for the greatest, as Spark does; of the two zeros either will do. */
    private static void check(Totals totals, double[] values, int[] rows, String context) {
        double least = values[rows[0]];
        double greatest = least;
        for (int row : rows) {
            least = Double.compare(values[row], least) < 0 ? values[row] : least;
            greatest = Double.compare(values[row], greatest) > 0 ? values[row] : greatest;
        }
        assertThat(totals.leastFloat() + 0.0).as(context).isEqualTo(Double.valueOf(least + 0.0));
        assertThat(totals.greatestFloat() + 0.0).as(context).isEqualTo(Double.valueOf(greatest + 0.0));
    }

    @ParameterizedTest
    @CsvSource({"8", "4"})
    void addsUp(int itemsize) {
        double[] values = new double[4096];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 64 * 0.25;
        }
        Numbers numbers = Numbers.of(itemsize == 8 ? values : singles(values), false);
        Totals totals = new Totals(true, true);
        numbers.addTo(totals, 4096);
        assertThat(totals.floatSum()).isEqualTo(64 * 63 / 2 * 0.25 * 64);
        assertThat(totals.greatestFloat()).isEqualTo(15.75);
        assertThat(totals.count()).isEqualTo(4096);
    }
}
