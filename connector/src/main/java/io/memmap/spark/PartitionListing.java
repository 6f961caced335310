package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.read.vector.ConstantVector;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.PartitionColumns;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsAtomicPartitionManagement;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The partitions of a table for {@code SHOW PARTITIONS}, and for statements that remove some. Rows make them, so
 * {@code ALTER TABLE … ADD PARTITION} is refused. Driver side.
 */
interface PartitionListing extends SupportsAtomicPartitionManagement, RowRemoval {

    /** The columns of the directories, and their values as they are now. */
    PartitionColumns partitionsNow() throws IOException;

    @Override
    default StructType partitionSchema() {
        return Entry.call(() -> schema(partitionColumns()));
    }

    private static StructType schema(List<PartitionColumn> columns) {
        StructType schema = new StructType();
        for (PartitionColumn column : columns) {
            schema = schema.add(column.name(), column.type());
        }
        return schema;
    }

    @Override
    default InternalRow[] listPartitionIdentifiers(String[] names, InternalRow values) {
        return Entry.call(() -> {
            PartitionColumns now = partitionsNow();
            StructType schema = schema(now.columns());
            int[] places = Arrays.stream(names).mapToInt(schema::fieldIndex).toArray();
            return now.constants().stream()
                    .distinct()
                    .filter(constants -> IntStream.range(0, places.length)
                            .allMatch(i -> Objects.equals(
                                    constants.get(places[i]), values.get(i, schema.fields()[places[i]].dataType()))))
                    .map(constants -> row(schema, constants))
                    .toArray(InternalRow[]::new);
        });
    }

    private static InternalRow row(StructType schema, List<Object> values) {
        ColumnVector[] vectors = IntStream.range(0, values.size())
                .mapToObj(i -> new ConstantVector(schema.fields()[i].dataType(), values.get(i)))
                .toArray(ColumnVector[]::new);
        return new ColumnarBatch(vectors, 1).getRow(0).copy();
    }

    @Override
    default Map<String, String> loadPartitionMetadata(InternalRow values) {
        return Map.of();
    }

    @Override
    default void createPartitions(InternalRow[] values, Map<String, String>[] properties) {
        Entry.run(() -> {
            throw new UnsupportedOperationException("Cannot add partitions to " + name()
                    + ": they are the directories that have rows, expected no ALTER TABLE; use INSERT INTO or INSERT"
                    + " OVERWRITE ... PARTITION");
        });
    }

    @Override
    default boolean dropPartitions(InternalRow[] values) {
        return Entry.call(() -> {
            throw new UnsupportedOperationException("Cannot drop partitions of " + name()
                    + ": their files are all that there is of their rows, expected ALTER TABLE ... DROP PARTITION (...)"
                    + " PURGE, which deletes them");
        });
    }

    @Override
    default boolean purgePartition(InternalRow values) {
        return purgePartitions(new InternalRow[] {values});
    }

    @Override
    default boolean purgePartitions(InternalRow[] values) {
        Entry.run(() -> removePartitions(values));
        return true;
    }

    @Override
    default boolean truncatePartition(InternalRow values) {
        return purgePartition(values);
    }

    @Override
    default boolean truncatePartitions(InternalRow[] values) {
        return purgePartitions(values);
    }

    @Override
    default void replacePartitionMetadata(InternalRow values, Map<String, String> properties) {
        Entry.run(() -> {
            throw new UnsupportedOperationException(
                    "Cannot alter the partitions of " + name() + ": they have no properties, expected no ALTER TABLE");
        });
    }
}
