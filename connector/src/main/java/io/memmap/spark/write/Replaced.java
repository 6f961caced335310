package io.memmap.spark.write;

import io.memmap.format.Manifest.Shard;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.schema.PartitionValues;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The rows that a write takes the place of. Driver side. */
@FunctionalInterface
interface Replaced {
    Replaced NONE = (old, written) -> List.of();
    Replaced ALL = (old, written) -> old;

    /** Those in the directories that it writes to. */
    Replaced PARTITIONS = (old, written) -> {
        Set<String> directories = written.stream().map(Segment::directory).collect(Collectors.toSet());
        return old.stream()
                .filter(shard -> directories.contains(shard.directory()))
                .toList();
    };

    /** Those of the partitions that it writes to, by the values of their columns: 8 and 08 are one of them. */
    static Replaced partitions(PartitionValues values) {
        return (old, written) -> {
            Set<List<Object>> partitions = written.stream()
                    .map(segment -> values.of(segment.directory()))
                    .collect(Collectors.toSet());
            return old.stream()
                    .filter(shard -> partitions.contains(values.of(shard.directory())))
                    .toList();
        };
    }

    /**
     * Returns the shards among {@code old} whose rows are replaced.
     *
     * @throws IllegalArgumentException when rows were written that do not belong there
     */
    List<Shard> of(List<Shard> old, List<Segment> written);

    /** Returns the rows that a write with these options to a path replaces. */
    static Replaced of(MemmapOptions options, boolean overwrite) {
        if (!overwrite) {
            return NONE;
        }
        return options.overwritesPartitions() && !options.partitionBy().isEmpty() ? PARTITIONS : ALL;
    }

    /**
     * Those of the partitions for which a condition holds. The write may write to no others.
     *
     * @param condition on the values of all partition columns
     * @param text of the condition, as SQL writes it
     */
    static Replaced where(PartitionValues values, Predicate<List<Object>> condition, String text) {
        return (old, written) -> {
            for (Segment segment : written) {
                if (!condition.test(values.of(segment.directory()))) {
                    throw new IllegalArgumentException("Cannot overwrite the rows where " + text + ": found rows of "
                            + segment.directory() + ", expected only rows for which it holds");
                }
            }
            return old.stream()
                    .filter(shard -> condition.test(values.of(shard.directory())))
                    .toList();
        };
    }
}
