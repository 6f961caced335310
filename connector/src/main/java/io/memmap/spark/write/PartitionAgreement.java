package io.memmap.spark.write;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import java.util.List;
import java.util.Map;

/** Compares the partitions of rows with those of the array that takes them. Driver side. */
final class PartitionAgreement {
    private PartitionAgreement() {}

    /** The options with the partitions of the array that is there, which every write to it keeps. */
    static MemmapOptions options(WriteContext context, MemmapOptions options, ExistingArray there) {
        List<String> given = options.partitionBy();
        if (!given.isEmpty()
                && !ColumnMatch.folded(given, context.caseSensitive())
                        .equals(ColumnMatch.folded(there.partitionBy(), context.caseSensitive()))) {
            throw new IllegalArgumentException("Cannot write to " + there.path() + " with partitionBy("
                    + String.join(", ", given) + "): it is "
                    + (there.partitionBy().isEmpty()
                            ? "not partitioned, expected no partitionBy"
                            : "partitioned by " + there.partitionBy() + ", expected these")
                    + "; leave partitionBy out, or overwrite it");
        }
        return there.partitionBy().isEmpty() ? options : options.with(OptionKey.PARTITION_BY, there.partitionBy());
    }

    /** Names of directories that the declared types cannot read would make the table unreadable. */
    static void checkTypes(WriteTarget target, WrittenSchema schema, Map<String, String> types) {
        for (WrittenPartition partition : schema.partitions()) {
            String declared = types.getOrDefault(partition.name(), partition.typeName());
            if (!declared.equals(partition.typeName())) {
                throw new IllegalArgumentException("Cannot write to " + target.path() + ": partition column '"
                        + partition.name() + "' is " + partition.typeName() + ", expected " + declared
                        + ", as its table declares; cast the column");
            }
        }
    }
}
