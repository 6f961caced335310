package io.memmap.spark.write;

import io.memmap.format.Manifest.Shard;
import io.memmap.spark.options.MemmapOptions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows that a write takes the place of. */
enum Replaced {
    NONE,
    /** Those in the directories that it writes to. */
    PARTITIONS,
    ALL;

    /** What a write with these options to a path replaces. */
    static Replaced of(MemmapOptions options, boolean overwrite) {
        if (!overwrite) {
            return NONE;
        }
        return options.overwritesPartitions() && !options.partitionBy().isEmpty() ? PARTITIONS : ALL;
    }

    /** The shards among {@code old} whose rows are replaced. */
    List<Shard> of(List<Shard> old, List<Segment> written) {
        return switch (this) {
            case NONE -> List.of();
            case ALL -> old;
            case PARTITIONS -> {
                Set<String> directories =
                        written.stream().map(Segment::directory).collect(Collectors.toSet());
                yield old.stream()
                        .filter(shard -> directories.contains(shard.directory()))
                        .toList();
            }
        };
    }
}
