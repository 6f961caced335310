package io.memmap.spark.read.aggregate;

import io.memmap.spark.read.formula.Block;
import io.memmap.spark.read.number.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** What the rows so far have come to, group by group. Belongs to one task thread. */
public final class GroupTotals {
    private final PushedAggregates pushed;
    private final GroupIndex index;
    private final Map<String, Accumulator> accumulators = new TreeMap<>();
    private final Block block = new Block();
    private final int[] groups = new int[Block.MAX_ROWS];
    private long[] counts = {};

    public GroupTotals(PushedAggregates pushed) {
        this.pushed = pushed;
        this.index =
                new GroupIndex(pushed.keys().stream().map(GroupKey::formula).toList());
        pushed.aggregates().stream()
                .filter(aggregate -> !aggregate.isCount())
                .forEach(aggregate ->
                        accumulators.computeIfAbsent(aggregate.column(), column -> newAccumulator(aggregate)));
    }

    private Accumulator newAccumulator(Aggregate aggregate) {
        boolean sum = pushed.asks(aggregate.column(), Aggregate.Function.SUM);
        boolean extremes = pushed.asks(aggregate.column(), Aggregate.Function.MIN, Aggregate.Function.MAX);
        return aggregate.isFloat() ? new DoubleAccumulator(sum, extremes) : new LongAccumulator(sum, extremes);
    }

    /**
     * Adds the first {@code count} rows of a batch.
     *
     * @param columns the numbers of a column, by its name
     * @throws ArithmeticException for a key that its type cannot hold; the message has no subject
     */
    public void add(Function<String, Numbers> columns, int count) {
        for (int from = 0; from < count; from += Block.MAX_ROWS) {
            int rows = Math.min(Block.MAX_ROWS, count - from);
            block.aim(columns, from, rows);
            index.find(block, rows, groups);
            if (index.size() > counts.length) {
                counts = Arrays.copyOf(counts, 2 * index.size());
            }
            for (int i = 0; i < rows; i++) {
                counts[groups[i]]++;
            }
            int start = from;
            accumulators.forEach((column, accumulator) -> {
                accumulator.reserve(index.size());
                accumulator.add(columns.apply(column), start, rows, groups);
            });
        }
    }

    /** How many groups there are so far. */
    public int size() {
        return index.size();
    }

    /**
     * A row for each group, which are forgotten.
     *
     * @throws ArithmeticException when a sum leaves its type; the message has no subject
     */
    public ColumnarBatch drain() {
        int size = index.size();
        List<ColumnVector> columns = new ArrayList<>();
        for (int key = 0; key < pushed.keys().size(); key++) {
            columns.add(Accumulator.integers(pushed.keys().get(key).type(), index.values(key), size));
        }
        for (Aggregate aggregate : pushed.aggregates()) {
            columns.add(
                    aggregate.isCount()
                            ? Accumulator.integers(DataTypes.LongType, counts, size)
                            : accumulators
                                    .get(aggregate.column())
                                    .vector(aggregate.function(), aggregate.type(), size));
        }
        index.clear();
        Arrays.fill(counts, 0, size, 0);
        accumulators.values().forEach(accumulator -> accumulator.clear(size));
        return new ColumnarBatch(columns.toArray(ColumnVector[]::new), size);
    }
}
