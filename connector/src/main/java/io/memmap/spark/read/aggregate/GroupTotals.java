package io.memmap.spark.read.aggregate;

import io.memmap.compute.Numbers;
import io.memmap.spark.read.formula.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The totals of the rows so far, group by group. Belongs to one task thread. */
public final class GroupTotals {
    /** Groups of which totals are kept; fewer where they would take more than {@link #MAX_NBYTES}. */
    private static final int MAX_GROUPS = 1 << 18;

    /** Four times as much is in use at most: there is room for twice the groups, and a copy while it grows. */
    private static final long MAX_NBYTES = 32L << 20;

    private final PushedAggregates pushed;
    private final GroupIndex index;
    private final int maxGroups;
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
        this.maxGroups = maxGroups();
    }

    /** Returns true if so many rows come to one row for each group, and none comes again. */
    public static boolean keepsAll(PushedAggregates pushed, long rows) {
        return rows <= new GroupTotals(pushed).maxGroups;
    }

    private int maxGroups() {
        int nbytes = Long.BYTES
                + index.groupNbytes()
                + accumulators.values().stream()
                        .mapToInt(Accumulator::groupNbytes)
                        .sum();
        return (int) Math.max(Block.MAX_ROWS, Math.min(MAX_GROUPS, MAX_NBYTES / nbytes));
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
            block.reset(columns, from, rows);
            index.find(block, rows, groups);
            if (index.size() > counts.length) {
                int capacity = Math.max(Block.MAX_ROWS, 2 * index.size());
                counts = Arrays.copyOf(counts, capacity);
                accumulators.values().forEach(accumulator -> accumulator.reserve(capacity));
            }
            for (int i = 0; i < rows; i++) {
                counts[groups[i]]++;
            }
            int start = from;
            accumulators.forEach((column, accumulator) -> accumulator.add(columns.apply(column), start, rows, groups));
        }
    }

    /** Returns true if there are as many groups as there should be at most: those of a batch may still be added. */
    public boolean isFull() {
        return index.size() >= maxGroups;
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
        accumulators.values().forEach(accumulator -> accumulator.clear(0, size));
        return new ColumnarBatch(columns.toArray(ColumnVector[]::new), size);
    }
}
