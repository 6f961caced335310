package io.memmap.benchmark;

import io.memmap.benchmark.Workload.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * {@code SparkContext.binaryRecords}, what Spark has for raw files: an array of bytes per row, which the tasks' own code
 * sums up. The other workloads would measure the same reading again.
 */
record BinaryRecordsContender(SparkSession spark) implements Contender {

    @Override
    public String name() {
        return "binaryRecords";
    }

    @Override
    public String title() {
        return "sc.binaryRecords";
    }

    @Override
    public Optional<Query> query(Workload workload, DataFiles files) throws IOException {
        Data data = workload.data();
        if (workload.task() != Task.QUERY || !workload.name().equals("sum")) {
            return Optional.empty();
        }
        String path = files.array(data).toString();
        return Optional.of(() -> Answer.timed(() -> new double[] {sum(path, data.rowNbytes())}));
    }

    private double sum(String path, int rowNbytes) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .binaryRecords(path, rowNbytes)
                .mapPartitions(BinaryRecordsContender::partial)
                .reduce(Double::sum);
    }

    private static Iterator<Double> partial(Iterator<byte[]> records) {
        double sum = 0;
        while (records.hasNext()) {
            sum += ByteBuffer.wrap(records.next())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getDouble();
        }
        return List.of(sum).iterator();
    }
}
