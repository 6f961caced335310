package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    private static final int[] COUNTS = {1, 2, 7, 8, 9, 63, 64, 65, 1023, 1024, 1025, 4096};

    private static Object array(int bits, int count) {
        return switch (bits) {
            case 8 -> new byte[count];
            case 16 -> new short[count];
            case 32 -> new int[count];
            default -> new long[count];
        };
    }

    private static void put(Object array, ByteBuffer bytes, int i, int at, long value) {
        if (array instanceof byte[] to) {
            to[i] = (byte) value;
            bytes.put(at, (byte) value);
        } else if (array instanceof short[] to) {
            to[i] = (short) value;
            bytes.putShort(at, (short) value);
        } else if (array instanceof int[] to) {
            to[i] = (int) value;
            bytes.putInt(at, (int) value);
        } else {
            ((long[]) array)[i] = value;
            bytes.putLong(at, value);
        }
    }

    /** By plain arithmetic, adjacent and strided, from bytes, from arrays and of selected rows. */
    @ParameterizedTest
    @CsvSource({"8,true", "8,false", "16,true", "16,false", "32,true", "32,false", "64,true", "64,false"})
    void addsUpIntegersExactly(int bits, boolean unsigned) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int count : COUNTS) {
            for (int stride : new int[] {bits / 8, bits / 8 + 3}) {
                String context = "seed " + seed + ", count " + count + ", stride " + stride;
                int offset = random.nextInt(5);
                ByteBuffer bytes =
                        ByteBuffer.allocateDirect(offset + count * stride + 8).order(ByteOrder.nativeOrder());
                Object array = array(bits, count);
                BigInteger[] values = new BigInteger[count];
                for (int i = 0; i < count; i++) {
                    long value = random.nextInt(4) == 0 ? -1L << random.nextInt(64) : random.nextLong();
                    put(array, bytes, i, offset + i * stride, value);
                    BigInteger kept = BigInteger.valueOf(bits == 64 ? value : value << (64 - bits) >> (64 - bits));
                    values[i] = unsigned && kept.signum() < 0 ? kept.add(BigInteger.ONE.shiftLeft(bits)) : kept;
                }
                int[] all = IntStream.range(0, count).toArray();
                int[] some = IntStream.range(0, count).filter(i -> i % 3 == 0).toArray();
                Numbers numbers = Numbers.of(array, unsigned);
                Totals ofBytes = new Totals(true, true);
                numbers.addBytes(bytes, offset, stride, count, ofBytes);
                check(ofBytes, values, all, bits, unsigned, context);
                Totals ofArray = new Totals(true, true);
                numbers.addTo(ofArray, count);
                check(ofArray, values, all, bits, unsigned, context);
                Totals ofSome = new Totals(true, true);
                numbers.addTo(ofSome, some, some.length);
                check(ofSome, values, some, bits, unsigned, context);
                checkMasked(numbers, values, context);
            }
        }
    }

    /** Sums alone do without a list of rows where many rows are selected. */
    private static void checkMasked(Numbers numbers, BigInteger[] values, String context) {
        for (int every : new int[] {1, 2, 3, 50}) {
            byte[] mask = new byte[values.length];
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < mask.length; i += every) {
                mask[i] = 1;
                sum = sum.add(values[i]);
            }
            int[] rows =
                    IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray();
            for (boolean extremes : new boolean[] {false, true}) {
                Totals totals = new Totals(true, extremes);
                numbers.addTo(totals, mask, mask.length, rows.length, () -> rows);
                assertThat(totals.count()).as(context).isEqualTo(rows.length);
                assertThat(totals.integerSum()).as(context).isEqualTo(sum);
            }
        }
    }

    private static void check(
            Totals totals, BigInteger[] values, int[] rows, int bits, boolean unsigned, String context) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger least = values[rows[0]];
        BigInteger greatest = least;
        for (int row : rows) {
            sum = sum.add(values[row]);
            least = least.min(values[row]);
            greatest = greatest.max(values[row]);
        }
        // Unsigned integers of 64 bits are known by their keys.
        BigInteger shift = unsigned && bits == 64 ? BigInteger.ONE.shiftLeft(63) : BigInteger.ZERO;
        assertThat(totals.count()).as(context).isEqualTo(rows.length);
        assertThat(totals.integerSum()).as(context).isEqualTo(sum);
        assertThat(BigInteger.valueOf(totals.least()).add(shift)).as(context).isEqualTo(least);
        assertThat(BigInteger.valueOf(totals.greatest()).add(shift)).as(context).isEqualTo(greatest);
    }

    /** Bytes whose extremes are known to be all that there are need not be looked at for more. */
    @Test
    void findsAnExtremeAfterTheOther() {
        Numbers numbers = Numbers.of(new byte[0], true);
        ByteBuffer bytes = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        Totals totals = new Totals(true, true);
        bytes.put(3, (byte) 254);
        numbers.addBytes(bytes, 0, 1, 16, totals);
        assertThat(totals.least()).isZero();
        assertThat(totals.greatest()).isEqualTo(254);
        bytes.put(3, (byte) 255);
        numbers.addBytes(bytes, 0, 1, 16, totals);
        numbers.addBytes(bytes, 0, 1, 16, totals);
        assertThat(totals.least()).isZero();
        assertThat(totals.greatest()).isEqualTo(255);
        assertThat(totals.integerSum()).isEqualTo(254 + 255 + 255);
    }

    @Test
    void leavesNullsOut() {
        Numbers numbers = Numbers.of(new long[] {1, 2, 4, 8}, false);
        numbers.resetNulls(new boolean[] {false, true, false, true}, 2);
        Totals all = new Totals(true, true);
        numbers.addTo(all, 4);
        assertThat(all.count()).isEqualTo(2);
        assertThat(all.integerSum()).isEqualTo(5);
        assertThat(all.greatest()).isEqualTo(4);
        Totals some = new Totals(true, false);
        numbers.addTo(some, new int[] {1, 2}, 2);
        assertThat(some.integerSum()).isEqualTo(4);
        Totals masked = new Totals(true, false);
        numbers.addTo(masked, new byte[] {1, 1, 0, 0}, 4, 2, () -> new int[] {0, 1});
        assertThat(masked.count()).isEqualTo(1);
        assertThat(masked.integerSum()).isEqualTo(1);
        byte[] mask = new byte[4];
        ((IntegerNumbers) numbers).mask(2, 4, true, mask, 4);
        assertThat(mask).containsExactly(1, 0, 0, 0);
        numbers.maskNulls(mask, false, 4);
        assertThat(mask).containsExactly(0, 1, 0, 1);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> Numbers.of(new boolean[1], false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot compute with boolean[], expected an array of numbers");
    }
}
