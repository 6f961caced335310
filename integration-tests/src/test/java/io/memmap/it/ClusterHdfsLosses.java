package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.it.LocalClusterRuns.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** A data node that stops in the middle of a scan; after it the HDFS has one. */
record ClusterHdfsLosses(SparkSession session, Path directory, RunningHdfs hdfs) {
    /** 40 MB, of which 8 MiB are read ahead: most blocks are yet to be read when the first row is there. */
    private static final int ROWS = 5_000_000;

    private static final int HELD_ROW = 10_000;
    private static final int MINUTES = 2;

    Map<String, Scenario> scenarios() {
        return Map.of("aScanSurvivesADataNode", this::aScanSurvivesADataNode);
    }

    /** The executor goes to the node that is gone, as its log says, and then to the other. */
    private void aScanSurvivesADataNode() throws Exception {
        hdfs.writeTwice("/loss/x.npy", ClusterHdfs.numbers(directory, ROWS));
        HeldAttempts held = new HeldAttempts(Markers.create(directory.resolve("loss-of-data-node")), HELD_ROW, true);
        session.udf().register("hold_attempt", held, DataTypes.LongType);
        Dataset<Row> rows = session.read()
                .format("memmap")
                .option("minPartitions", 1)
                .option("maxPartitionBytes", "1g")
                .load(hdfs.uri() + "/loss/x.npy")
                .selectExpr("hold_attempt(value) AS value");
        CompletableFuture<Row> sum = OwnThread.supply(
                () -> rows.selectExpr("sum(value)", "count(value)").first());
        held.markers().failWith(sum);
        Path log =
                Path.of("/proc/" + held.awaitReached(0) + "/cwd").toRealPath().resolve("stderr");
        assertThat(refusals(log)).isEmpty();
        hdfs.stopDataNodeOf(hdfs.blocks("/loss/x.npy").get(0));
        assertThat(sum).isNotDone();
        held.letGo(0);
        Row found = sum.get(MINUTES, TimeUnit.MINUTES);
        held.letGo(1);
        assertThat(found.getLong(0)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(found.getLong(1)).isEqualTo(ROWS);
        assertThat(held.awaitEnded(0)).isEqualTo("won");
        assertThat(refusals(log)).isNotEmpty();
    }

    /** What an executor says about data nodes that do not answer. */
    private static List<String> refusals(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("/loss/x.npy") && line.contains("ConnectException"))
                .toList();
    }
}
