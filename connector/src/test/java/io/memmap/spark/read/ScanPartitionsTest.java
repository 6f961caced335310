package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.read.MemmapScanBuilder.ScanContext;
import io.memmap.spark.schema.PartitionRules;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Sum;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions of files that have a length but no blocks on the disk. */
class ScanPartitionsTest {
    private static final int CORES = 4;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    private MemmapScanBuilder builder(long nbytes, StructType table, String... options) throws IOException {
        return builder(false, nbytes, table, options);
    }

    private MemmapScanBuilder builder(boolean local, long nbytes, StructType table, String... options)
            throws IOException {
        Path file = directory.resolve("x.dat");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(nbytes);
        }
        Map<String, String> given = new HashMap<>(Map.of("path", file.toString(), "dtype", "<f8"));
        for (int i = 0; i < options.length; i += 2) {
            given.put(options[i], options[i + 1]);
        }
        return new MemmapScanBuilder(
                new ScanContext(
                        MemmapOptions.parse(new CaseInsensitiveStringMap(given), Redaction.DEFAULT),
                        new HadoopSettings(new Configuration(false), Map.of()),
                        new PartitionRules(true, true, false, ZoneOffset.UTC, false),
                        CORES,
                        local),
                table,
                new HeaderBytes());
    }

    private static StructType doubles(String... names) {
        return Arrays.stream(names)
                .reduce(new StructType(), (table, name) -> table.add(name, DataTypes.DoubleType), (one, other) -> one);
    }

    private static long[] rowCounts(MemmapScanBuilder builder) {
        return Arrays.stream(builder.build().toBatch().planInputPartitions())
                .mapToLong(
                        partition -> rowCounts((MemmapInputPartition) partition).sum())
                .toArray();
    }

    private static LongStream rowCounts(MemmapInputPartition partition) {
        return partition.parts().stream().mapToLong(part -> part.stream()
                .mapToLong(split -> split.end() - split.start())
                .sum());
    }

    private long[] rowCountsOfSum(long nbytes) throws IOException {
        return rowCounts(summed(builder(nbytes, doubles("value"))));
    }

    private static MemmapScanBuilder summed(MemmapScanBuilder builder) {
        AggregateFunc[] sum = {new Sum(Expressions.column("value"), false)};
        assertThat(builder.pushAggregation(new Aggregation(sum, new Expression[0])))
                .isTrue();
        return builder;
    }

    @Test
    void aLocalAggregateHasOnePartitionOfAPartForEachThread() throws IOException {
        int threads = Math.min(CORES, Runtime.getRuntime().availableProcessors());
        InputPartition[] small = localSum(threads * MIB);
        assertThat(small).hasSize(1);
        assertThat(rowCounts((MemmapInputPartition) small[0]).toArray())
                .hasSize(threads)
                .containsOnly(MIB / Double.BYTES);
        InputPartition[] large = localSum(8 * GIB);
        assertThat(large).hasSize(1);
        assertThat(rowCounts((MemmapInputPartition) large[0]).sum()).isEqualTo(GIB);
        assertThat(localSum(8 * GIB + 8)).as("more than 8 GiB").hasSizeGreaterThan(1);
        assertThat(localSum(8 * MIB, "minPartitions", "1")).hasSize(1);
        assertThat(localSum(8 * MIB, "maxPartitionBytes", "4m"))
                .as("cut by the user")
                .hasSizeGreaterThan(1);
    }

    private InputPartition[] localSum(long nbytes, String... options) throws IOException {
        return summed(builder(true, nbytes, doubles("value"), options))
                .build()
                .toBatch()
                .planInputPartitions();
    }

    @Test
    void largeAggregatesHaveTwoPartitionsPerCore() throws IOException {
        assertThat(rowCountsOfSum(4 * GIB)).hasSize(2 * CORES).containsOnly(GIB / 2 / Double.BYTES);
    }

    @Test
    void noPartitionOfAnAggregateIsLargerThan8Gib() throws IOException {
        assertThat(rowCountsOfSum(128 * GIB)).hasSize(16).containsOnly(GIB);
    }

    /** The bytes of the other columns are on the same pages. */
    @Test
    void aRowCountsWithAllItsBytesWhateverIsRead() throws IOException {
        StructType table = doubles("c0", "c1", "c2", "c3");
        String[] options = {"shape", "4194304, 4", "maxPartitionBytes", "8m"};
        long[] all = rowCounts(builder(4194304 * 32L, table, options));
        MemmapScanBuilder pruned = builder(4194304 * 32L, table, options);
        pruned.pruneColumns(doubles("c2"));
        assertThat(all).hasSize(16);
        assertThat(rowCounts(pruned)).containsExactly(all);
    }
}
