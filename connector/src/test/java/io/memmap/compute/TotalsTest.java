package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TotalsTest {

    @Test
    void integersOfPartsAreAddedExactly() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long[] numbers = random.longs(random.nextInt(6))
                    .map(number -> random.nextInt(3) == 0 ? Long.MIN_VALUE : number >> random.nextInt(64))
                    .toArray();
            int cut = random.nextInt(numbers.length + 1);
            Totals totals = ofLongs(numbers, 0, cut);
            totals.add(ofLongs(numbers, cut, numbers.length));
            assertThat(totals.integerSum())
                    .isEqualTo(LongStream.of(numbers)
                            .mapToObj(BigInteger::valueOf)
                            .reduce(BigInteger.ZERO, BigInteger::add));
            assertThat(totals.count()).isEqualTo(numbers.length);
            assertThat(totals.least()).isEqualTo(LongStream.of(numbers).min().orElse(Long.MAX_VALUE));
            assertThat(totals.greatest()).isEqualTo(LongStream.of(numbers).max().orElse(Long.MIN_VALUE));
        }
    }

    private static Totals ofLongs(long[] numbers, int from, int to) {
        Totals totals = new Totals(true, true);
        for (int i = from; i < to; i++) {
            totals.addCount(1);
            totals.addSum(numbers[i]);
            totals.addExtremes(numbers[i], numbers[i]);
        }
        return totals;
    }

    @Test
    void floatsOfPartsKeepWhatIsRoundedOff() {
        Totals totals = ofDoubles(1e100, 1);
        totals.add(ofDoubles(2, -1e100));
        assertThat(totals.floatSum()).isEqualTo(3);
        assertThat(totals.leastFloat()).isEqualTo(-1e100);
        assertThat(totals.greatestFloat()).isEqualTo(1e100);
        totals.add(ofDoubles(Double.POSITIVE_INFINITY));
        assertThat(totals.floatSum()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void nanIsTheGreatestOfAllParts() {
        Totals totals = ofDoubles(Double.NaN);
        totals.add(ofDoubles(Double.NaN));
        assertThat(totals.leastFloat()).isNaN();
        totals.add(ofDoubles(7));
        assertThat(totals.leastFloat()).isEqualTo(7);
        assertThat(totals.greatestFloat()).isNaN();
    }

    private static Totals ofDoubles(double... numbers) {
        Totals totals = new Totals(true, true);
        for (double number : numbers) {
            boolean nan = Double.isNaN(number);
            totals.addCount(1);
            totals.addSum(number);
            totals.addExtremes(
                    nan ? Double.POSITIVE_INFINITY : number, nan ? Double.NEGATIVE_INFINITY : number, nan ? 1 : 0);
        }
        return totals;
    }
}
