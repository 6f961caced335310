package io.memmap.spark.read.aggregate;

import io.memmap.spark.read.formula.Block;
import io.memmap.spark.read.formula.LongFormula;
import java.util.List;
import java.util.stream.Stream;

/**
 * Numbers the groups that rows fall into, as they come. Of several keys each different value has a number, and so has
 * each pair of the number of the preceding keys and the number of the key. Belongs to one task thread.
 */
final class GroupIndex {
    private final List<LongFormula> keys;
    private final LongIndex[] values;
    /** For key {@code k > 0}: the number of keys 0 to {@code k - 1} together in the upper half, that of its value below. */
    private final LongIndex[] pairs;

    private final long[] computed = new long[Block.MAX_ROWS];
    private final int[] numbers = new int[Block.MAX_ROWS];

    GroupIndex(List<LongFormula> keys) {
        this.keys = keys;
        this.values = Stream.generate(LongIndex::new).limit(keys.size()).toArray(LongIndex[]::new);
        this.pairs = Stream.generate(LongIndex::new).limit(keys.size()).toArray(LongIndex[]::new);
    }

    /** The number of groups. */
    int size() {
        return (keys.size() == 1 ? values[0] : pairs[keys.size() - 1]).size();
    }

    /** Heap that a group takes, where each has keys of its own. */
    int groupNbytes() {
        return (2 * keys.size() - 1) * LongIndex.VALUE_NBYTES;
    }

    /** Sets {@code groups[i]} to the group of row {@code i} of a block. */
    void find(Block block, int count, int[] groups) {
        for (int k = 0; k < keys.size(); k++) {
            keys.get(k).compute(block, computed);
            if (k == 0) {
                values[0].find(computed, count, groups);
                continue;
            }
            values[k].find(computed, count, numbers);
            for (int i = 0; i < count; i++) {
                computed[i] = (long) groups[i] << Integer.SIZE | numbers[i];
            }
            pairs[k].find(computed, count, groups);
        }
    }

    /** The values of a key, of each group in turn. */
    long[] values(int key) {
        long[] found = new long[size()];
        for (int group = 0; group < found.length; group++) {
            int before = group;
            for (int k = keys.size() - 1; k > key; k--) {
                before = (int) (pairs[k].value(before) >>> Integer.SIZE);
            }
            found[group] = values[key].value(key == 0 ? before : (int) pairs[key].value(before));
        }
        return found;
    }

    void clear() {
        for (int k = 0; k < keys.size(); k++) {
            values[k].clear();
            pairs[k].clear();
        }
    }
}
