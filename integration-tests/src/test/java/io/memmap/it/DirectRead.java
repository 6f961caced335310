package io.memmap.it;

import io.memmap.spark.MemmapDataSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The source as Spark drives it, without a job around it: thousands of partitions in a moment, and batch by batch. */
final class DirectRead {
    private final InputPartition[] partitions;
    private final PartitionReaderFactory factory;

    private DirectRead(InputPartition[] partitions, PartitionReaderFactory factory) {
        this.partitions = partitions;
        this.factory = factory;
    }

    /** Plans a read of all columns. Needs a session. */
    static DirectRead of(String path, Map<String, String> options) {
        return of(path, options, builder -> {});
    }

    /** Plans a read after something was pushed into it. */
    static DirectRead of(String path, Map<String, String> options, Consumer<ScanBuilder> pushing) {
        Map<String, String> all = new HashMap<>(options);
        all.put("path", path);
        CaseInsensitiveStringMap merged = new CaseInsensitiveStringMap(all);
        MemmapDataSource source = new MemmapDataSource();
        SupportsRead table = (SupportsRead) source.getTable(source.inferSchema(merged), new Transform[0], all);
        ScanBuilder builder = table.newScanBuilder(merged);
        pushing.accept(builder);
        Batch batch = builder.build().toBatch();
        return new DirectRead(batch.planInputPartitions(), batch.createReaderFactory());
    }

    int partitionCount() {
        return partitions.length;
    }

    /** The caller closes it. */
    PartitionReader<ColumnarBatch> reader(int partition) {
        return factory.createColumnarReader(partitions[partition]);
    }
}
