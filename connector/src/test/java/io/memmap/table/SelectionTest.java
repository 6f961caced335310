package io.memmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.compute.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final int[] LENGTHS = {1, 7, 8, 9, 2039, 2040, 2041, 2047, 2048, 2049, 4081, 10_000, 3};

    /** One selection for all batches, the last of which is shorter than those before. */
    @Test
    void countsAndListsTheSelectedRows() {
        Random random = new Random(5);
        byte[][] values = new byte[1][];
        Selection selection = new Selection(new NumberFilter.IntegerIn("n", 1, 1, false, "n = 1"));
        selection.enter(null, 1, column -> Numbers.of(values[0], false));
        for (int length : LENGTHS) {
            for (int selectedInTen : new int[] {0, 1, 5, 10}) {
                values[0] = new byte[length];
                for (int i = 0; i < length; i++) {
                    values[0][i] = (byte) (random.nextInt(10) < selectedInTen ? 1 : 0);
                }
                int[] expected = IntStream.range(0, length)
                        .filter(i -> values[0][i] == 1)
                        .toArray();
                assertThat(selection.select(0, length)).isEqualTo(expected.length);
                assertThat(selection.count()).isEqualTo(expected.length);
                assertThat(Arrays.copyOf(selection.rows(), selection.count())).isEqualTo(expected);
            }
        }
    }

    @Test
    void listsNoMoreThanItsLimit() {
        Selection selection = new Selection(new NumberFilter.IntegerIn("n", 1, 1, false, "n = 1"));
        selection.enter(null, 1, column -> Numbers.of(new byte[] {0, 1, 1, 0, 1}, false));
        assertThat(selection.select(0, 5)).isEqualTo(3);
        selection.limit(2);
        assertThat(Arrays.copyOf(selection.rows(), selection.count())).containsExactly(1, 2);
    }
}
