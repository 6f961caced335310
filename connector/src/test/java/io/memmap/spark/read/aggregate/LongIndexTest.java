package io.memmap.spark.read.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIndexTest {
    private final LongIndex index = new LongIndex();

    private int[] find(long... values) {
        int[] numbers = new int[values.length];
        index.find(values, values.length, numbers);
        return numbers;
    }

    @Test
    void numbersValuesAsTheyCome() {
        assertThat(find(Long.MIN_VALUE, 0, Long.MAX_VALUE, 0, -1)).containsExactly(0, 1, 2, 1, 3);
        assertThat(index.size()).isEqualTo(4);
        assertThat(index.value(2)).isEqualTo(Long.MAX_VALUE);
        index.clear();
        assertThat(index.size()).isZero();
        assertThat(find(-1, 0)).containsExactly(0, 1);
        assertThat(index.value(0)).isEqualTo(-1);
    }

    /** Some of them many times 2^40 apart, so that the table grows with values whose low bits are equal. */
    @Test
    void keepsTheNumbersOfValuesWhileItGrows() {
        Random random = new Random(7);
        Map<Long, Integer> expected = new HashMap<>();
        for (int round = 0; round < 200; round++) {
            long[] values = random.longs(1000, 0, 100_000)
                    .map(value -> random.nextBoolean() ? value << 40 : value)
                    .toArray();
            int[] numbers = find(values);
            for (int i = 0; i < values.length; i++) {
                expected.putIfAbsent(values[i], expected.size());
                assertThat(numbers[i]).isEqualTo(expected.get(values[i]));
                assertThat(index.value(numbers[i])).isEqualTo(values[i]);
            }
        }
        assertThat(index.size()).isEqualTo(expected.size()).isGreaterThan(100_000);
    }
}
