package io.memmap.spark.write;

import io.memmap.format.Manifest.Shard;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.schema.PartitionCondition;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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
    static Replaced partitions(Function<String, List<Object>> values) {
        return (old, written) -> {
            Set<List<Object>> partitions = written.stream()
                    .map(segment -> values.apply(segment.directory()))
                    .collect(Collectors.toSet());
            return old.stream()
                    .filter(shard -> partitions.contains(values.apply(shard.directory())))
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

    /** Those in the directories for which a condition holds, which are to be the only ones that the write writes to. */
    static Replaced where(PartitionCondition condition) {
        return (old, written) -> {
            for (Segment segment : written) {
                if (!condition.holds(segment.directory())) {
                    throw new IllegalArgumentException("Cannot overwrite the rows where " + condition
                            + ": found rows of " + segment.directory() + ", expected only rows for which it holds");
                }
            }
            return old.stream()
                    .filter(shard -> condition.holds(shard.directory()))
                    .toList();
        };
    }
}
