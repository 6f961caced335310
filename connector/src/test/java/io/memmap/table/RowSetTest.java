package io.memmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowSetTest {
    private static final int ROWS = 64;

    @Test
    void agreesWithABitSetInEveryOperation() {
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            BitSet left = randomBits(random);
            BitSet right = randomBits(random);
            RowSet a = rows(left);
            RowSet b = rows(right);
            int n = random.nextInt(ROWS + 1);
            int start = random.nextInt(ROWS + 1);
            int count = random.nextInt(ROWS + 1 - start);
            String context = "seed " + seed + ": " + a + " and " + b + ", n " + n;

            assertSame(a.union(b), or(left, right), context + ", union");
            assertSame(a.intersect(b), and(left, right), context + ", intersect");
            BitSet complement = left.get(0, n);
            complement.flip(0, n);
            assertSame(a.complement(n), complement, context + ", complement");
            assertSame(
                    a.window(start, count),
                    left.get(start, start + count),
                    context + ", window " + start + " + " + count);
            int split = n == 0 ? 0 : left.stream().limit(n).max().orElse(-1) + 1;
            BitSet rest = left.get(0, ROWS);
            rest.clear(0, split);
            assertSame(a.limit(n), left.get(0, split), context + ", limit");
            assertSame(a.skip(n), rest, context + ", skip");
            assertThat(a.limit(n).count() + a.skip(n).count())
                    .as(context + ", limit and skip")
                    .isEqualTo(a.count());
            assertThat(RowSet.ofRows(left.stream().asLongStream().toArray()))
                    .as(context + ", ofRows")
                    .isEqualTo(a);
        }
    }

    @Test
    void joinsRangesThatTouch() {
        assertThat(RowSet.of(0, 5).union(RowSet.of(5, 9))).isEqualTo(RowSet.of(0, 9));
        assertThat(RowSet.ofRows(7, 3, 4, 3, 5)).hasToString("[3, 6) [7, 8)");
        assertThat(RowSet.ofRows(7, 3, 4).ranges()).containsExactly(new RowSet.Range(3, 5), new RowSet.Range(7, 8));
    }

    @Test
    void repeatsEveryRowInItsPlace() {
        assertThat(RowSet.ofRows(0, 1, 5).times(3)).hasToString("[0, 6) [15, 18)");
        assertThat(RowSet.of(2, 4).times(1)).isEqualTo(RowSet.of(2, 4));
        assertThat(RowSet.of(2, 4).times(0)).isEqualTo(RowSet.empty());
        assertThatThrownBy(() -> RowSet.of(0, Long.MAX_VALUE).times(2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void hasOneEmptySet() {
        assertThat(RowSet.of(7, 7)).isEqualTo(RowSet.empty()).hasToString("empty");
        assertThat(RowSet.ofRows()).isEqualTo(RowSet.empty());
        assertThat(RowSet.empty().isEmpty()).isTrue();
        assertThat(RowSet.empty().count()).isZero();
        assertThat(RowSet.empty().ranges()).isEmpty();
        assertThat(RowSet.empty().complement(3)).isEqualTo(RowSet.of(0, 3));
        assertThat(RowSet.of(0, 3).complement(3)).isEqualTo(RowSet.empty());
    }

    @Test
    void reachesTheLastRowOfALong() {
        RowSet all = RowSet.of(0, Long.MAX_VALUE);
        assertThat(all.count()).isEqualTo(Long.MAX_VALUE);
        assertThat(all.complement(Long.MAX_VALUE)).isEqualTo(RowSet.empty());
        assertThat(all.window(Long.MAX_VALUE - 3, 3)).isEqualTo(RowSet.of(0, 3));
        assertThat(all.limit(Long.MAX_VALUE)).isEqualTo(all);
        assertThat(all.skip(Long.MAX_VALUE - 1)).isEqualTo(RowSet.of(Long.MAX_VALUE - 1, Long.MAX_VALUE));
    }

    @Test
    void refusesRowsThatDoNotExist() {
        assertThatThrownBy(() -> RowSet.of(-1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a row range: [-1, 3), expected 0 <= start <= end");
        assertThatThrownBy(() -> RowSet.of(4, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a row range: [4, 3), expected 0 <= start <= end");
        assertThatThrownBy(() -> RowSet.ofRows(5, -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make a row set: rows from -2 to 5, expected 0 to 9223372036854775806");
    }

    private static BitSet randomBits(Random random) {
        BitSet bits = new BitSet(ROWS);
        for (int ranges = random.nextInt(6); ranges > 0; ranges--) {
            int start = random.nextInt(ROWS);
            bits.set(start, Math.min(ROWS, start + random.nextInt(random.nextBoolean() ? 3 : 20)));
        }
        return bits;
    }

    private static RowSet rows(BitSet bits) {
        RowSet rows = RowSet.empty();
        for (int row = bits.nextSetBit(0); row >= 0; row = bits.nextSetBit(row + 1)) {
            rows = rows.union(RowSet.of(row, row + 1));
        }
        return rows;
    }

    private static BitSet or(BitSet left, BitSet right) {
        BitSet result = left.get(0, ROWS);
        result.or(right);
        return result;
    }

    private static BitSet and(BitSet left, BitSet right) {
        BitSet result = left.get(0, ROWS);
        result.and(right);
        return result;
    }

    private static void assertSame(RowSet actual, BitSet expected, String context) {
        assertThat(actual).as(context).isEqualTo(rows(expected));
        assertThat(actual.count()).as(context).isEqualTo(expected.cardinality());
        long previousEnd = -1;
        for (RowSet.Range range : actual.ranges()) {
            assertThat(range.start()).as(context + ": a gap before " + range).isGreaterThan(previousEnd);
            assertThat(range.count()).as(context + ": " + range).isPositive();
            previousEnd = range.end();
        }
    }
}
