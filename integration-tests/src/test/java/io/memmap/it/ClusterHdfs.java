package io.memmap.it;

import static org.apache.spark.sql.functions.min;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.it.LocalClusterRuns.Scenario;
import io.memmap.it.TaskLog.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsShell;
import org.apache.hadoop.fs.StorageStatistics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The same on HDFS, whose data nodes are on the hosts of the executors. The scenarios share one cluster, and so this file,
 * which is long for it.
 */
record ClusterHdfs(SparkSession session, Path directory, RunningHdfs hdfs) {
    private static final int ROWS = 400_000;
    private static final int BLOCK_ROWS = RunningHdfs.BLOCK_NBYTES / Long.BYTES;
    private static final int HEADER_NBYTES = 128;

    Map<String, Scenario> scenarios() {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        scenarios.put("tasksRunWhereTheirBlocksAre", this::tasksRunWhereTheirBlocksAre);
        scenarios.put("onlyTheBytesAskedForAreRead", this::onlyTheBytesAskedForAreRead);
        scenarios.put("filesAreConcatenatedByTheNameNode", this::filesAreConcatenatedByTheNameNode);
        scenarios.put("partsWithoutRowsAreWrittenToOneFile", this::partsWithoutRowsAreWrittenToOneFile);
        scenarios.put("mapsAreRefused", this::mapsAreRefused);
        scenarios.put("hdfsThereAndBack", this::hdfsThereAndBack);
        scenarios.put("containersAreReadAsLocally", this::containersAreReadAsLocally);
        scenarios.put("columnsSideBySideOnHdfs", this::columnsSideBySideOnHdfs);
        scenarios.put("theReadmesFirstQueryOnHdfs", this::theReadmesFirstQueryOnHdfs);
        scenarios.put("pathsNeedNoNameNode", this::pathsNeedNoNameNode);
        scenarios.put("changesInPlaceAreRefused", this::changesInPlaceAreRefused);
        return scenarios;
    }

    private byte[] numbers(int rows) throws IOException {
        return numbers(directory, rows);
    }

    static byte[] numbers(Path directory, int rows) throws IOException {
        Path local = Npy.of("'<i8'", "(" + rows + ",)")
                .write(
                        Files.createTempDirectory(directory, "hdfs").resolve("x.npy"),
                        Npy.i8(LongStream.range(0, rows).toArray()));
        return Files.readAllBytes(local);
    }

    private Dataset<Row> read(String path) {
        return session.read()
                .format("memmap")
                .option("maxPartitionBytes", RunningHdfs.BLOCK_NBYTES)
                .load(hdfs.uri() + path);
    }

    private long[] longs(String path) throws IOException {
        Path local = Files.createTempDirectory(directory, "copy").resolve("copy.npy");
        hdfs.fileSystem()
                .copyToLocalFile(
                        false,
                        new org.apache.hadoop.fs.Path(path),
                        new org.apache.hadoop.fs.Path(local.toString()),
                        true);
        return SavedFiles.npyLongs(local);
    }

    private List<String> names(String path) throws IOException {
        return Stream.of(hdfs.fileSystem().listStatus(new org.apache.hadoop.fs.Path(path)))
                .map(status -> status.getPath().getName())
                .sorted()
                .toList();
    }

    /** One partition a block, cut where the block begins. */
    private void tasksRunWhereTheirBlocksAre() throws Exception {
        hdfs.writeInTurn("/turns/x.npy", numbers(12 * BLOCK_ROWS - HEADER_NBYTES / Long.BYTES));
        Dataset<Row> rows = read("/turns/x.npy");
        List<BlockLocation> blocks = hdfs.blocks("/turns/x.npy");
        assertThat(rows.javaRDD().getNumPartitions()).isEqualTo(blocks.size());
        List<Long> first = rows.selectExpr("spark_partition_id() AS part", "value")
                .groupBy("part")
                .agg(min("value").as("first"))
                .orderBy("first")
                .javaRDD()
                .map(row -> row.getLong(1))
                .collect();
        List<Long> begins = new ArrayList<>(List.of(0L));
        for (BlockLocation block : blocks.subList(1, blocks.size())) {
            begins.add((block.getOffset() - HEADER_NBYTES) / Long.BYTES);
        }
        assertThat(first).isEqualTo(begins);

        List<Attempt> tasks = TaskLog.of(session, () -> rows.javaRDD()
                .mapPartitions(part -> List.of(1).iterator())
                .collect());
        assertThat(tasks).hasSameSizeAs(blocks);
        for (Attempt task : tasks) {
            assertThat(task.host()).isEqualTo(blocks.get(task.index()).getHosts()[0]);
            assertThat(task.locality()).isEqualTo("NODE_LOCAL");
        }
    }

    /** In the driver the header; in the executors the header once more, and the rows. */
    private void onlyTheBytesAskedForAreRead() throws Exception {
        hdfs.writeTwice("/ranges/x.npy", numbers(ROWS));
        List<Row> found = new ArrayList<>();
        List<Attempt> tasks = TaskLog.of(
                session,
                () -> found.addAll(read("/ranges/x.npy")
                        .where("_row BETWEEN 70000 AND 70009")
                        .selectExpr("sum(value)")
                        .collectAsList()));
        assertThat(found.get(0).getLong(0))
                .isEqualTo(LongStream.rangeClosed(70_000, 70_009).sum());
        assertThat(tasks.stream().mapToLong(Attempt::readNbytes).sum()).isEqualTo(HEADER_NBYTES + 10 * Long.BYTES);
    }

    /** With tasks that have no rows, the first and two between others; the driver writes no more than headers, locks and the manifest. */
    private void filesAreConcatenatedByTheNameNode() throws Exception {
        int part = ROWS / 8;
        Dataset<Row> rows = session.range(-part, ROWS, 1, 9)
                .where("id >= 0 AND (id < " + 3 * part + " OR id >= " + 5 * part + ")")
                .selectExpr("id AS value");
        long[] expected = LongStream.range(0, ROWS)
                .filter(id -> id < 3 * part || id >= 5 * part)
                .toArray();
        StorageStatistics driver = FileSystem.getGlobalStorageStatistics().get("hdfs");
        for (String name : List.of("x.npy", "x.dat", "x")) {
            String path = "/written/" + name;
            long before = driver.getLong("bytesWritten");
            rows.write().format("memmap").save(hdfs.uri() + path);
            assertThat(driver.getLong("bytesWritten") - before).isLessThan(4096);
            assertThat(read(path)
                            .selectExpr("_row", "value")
                            .orderBy("_row")
                            .javaRDD()
                            .mapToDouble(row -> row.getLong(1))
                            .collect())
                    .isEqualTo(LongStream.of(expected).asDoubleStream().boxed().toList());
        }
        assertThat(longs("/written/x.npy")).isEqualTo(expected);
        assertThat(names("/written")).containsExactly("x", "x.dat", "x.dat.memmap.json", "x.npy");
        for (String shard : names("/written/x")) {
            FileStatus file = hdfs.fileSystem().getFileStatus(new org.apache.hadoop.fs.Path("/written/x/" + shard));
            if (shard.endsWith(".npy")) {
                assertThat(file.getBlockSize())
                        .as("dfs.blocksize of the driver")
                        .isEqualTo(RunningHdfs.BLOCK_NBYTES);
                assertThat(file.getReplication())
                        .as("dfs.replication of the driver")
                        .isEqualTo((short) 1);
            }
        }
        assertThat(hdfs.blocks("/written/x.npy").get(0).getLength()).isEqualTo(HEADER_NBYTES);
    }

    /** A range leaves tasks in the middle without rows; cuts are near 80 000 rows, where blocks begin. */
    private void partsWithoutRowsAreWrittenToOneFile() throws Exception {
        hdfs.writeTwice("/parts/x.npy", numbers(ROWS));
        Dataset<Row> rows = session.read()
                .format("memmap")
                .option("minPartitions", 5)
                .load(hdfs.uri() + "/parts/x.npy")
                .where("value < 80000 OR value >= 240000");
        assertThat(rows.javaRDD().glom().map(List::size).collect()).containsExactly(80_000, 0, 0, 87_664, 72_336);
        StorageStatistics driver = FileSystem.getGlobalStorageStatistics().get("hdfs");
        long before = driver.getLong("bytesWritten");
        rows.write().format("memmap").save(hdfs.uri() + "/parts/y.npy");
        assertThat(driver.getLong("bytesWritten") - before).isLessThan(4096);
        assertThat(longs("/parts/y.npy"))
                .isEqualTo(LongStream.range(0, ROWS)
                        .filter(row -> row < 80_000 || row >= 240_000)
                        .toArray());
        assertThat(names("/parts")).containsExactly("x.npy", "y.npy");
    }

    private void hdfsThereAndBack() throws IOException {
        String path = hdfs.uri() + "/etl/flights";
        Dataset<Row> rows = session.range(0, ROWS, 1, 3).selectExpr("id AS value");
        for (String mode : List.of("append", "overwrite")) {
            rows.selectExpr("value", "value % 3 AS p")
                    .where(mode.equals("append") ? "true" : "p = 1")
                    .write()
                    .format("memmap")
                    .partitionBy("p")
                    .option("partitionOverwriteMode", "dynamic")
                    .mode(mode)
                    .save(hdfs.uri() + "/days");
        }
        assertThat(session.read()
                        .format("memmap")
                        .load(hdfs.uri() + "/days")
                        .selectExpr("sum(value)", "count(DISTINCT p)")
                        .first())
                .extracting(row -> row.getLong(0), row -> row.getLong(1))
                .containsExactly((long) ROWS * (ROWS - 1) / 2, 3L);
        rows.write().format("memmap").option("maxRecordsPerFile", BLOCK_ROWS).save(path);
        rows.selectExpr(ROWS + " + value AS value")
                .write()
                .format("memmap")
                .mode("append")
                .save(path);
        assertThat(session.read()
                        .format("memmap")
                        .load(path)
                        .selectExpr("sum(value)", "max(_row)")
                        .first())
                .extracting(row -> row.getLong(0), row -> row.getLong(1))
                .containsExactly((long) ROWS * (2 * ROWS - 1), 2L * ROWS - 1);
        session.read()
                .format("memmap")
                .load(path)
                .groupBy("value")
                .count()
                .where("value % 1000 = 0")
                .orderBy("value")
                .select("value")
                .write()
                .format("memmap")
                .save(hdfs.uri() + "/etl/thousands.npy");
        assertThat(longs("/etl/thousands.npy"))
                .isEqualTo(
                        LongStream.range(0, 2 * ROWS / 1000).map(i -> 1000 * i).toArray());
        session.range(0, 10, 1, 1)
                .selectExpr("-id AS value")
                .write()
                .format("memmap")
                .mode("overwrite")
                .save(path);
        assertThat(session.read()
                        .format("memmap")
                        .load(path)
                        .selectExpr("sum(value)")
                        .first()
                        .getLong(0))
                .isEqualTo(-45);
        assertThat(names("/etl")).containsExactly("flights", "thousands.npy");
        assertThat(names("/etl/flights")).hasSize(3).contains("_SUCCESS", "_memmap.json");
    }

    private void containersAreReadAsLocally() throws IOException {
        RemoteContainers.check(session, hdfs.fileSystem(), hdfs.uri() + "/containers", Map.of());
    }

    private void columnsSideBySideOnHdfs() throws IOException {
        new RemoteSideBySide(session, hdfs.fileSystem(), hdfs.uri() + "/side", Map.of()).check();
    }

    private void theReadmesFirstQueryOnHdfs() throws Exception {
        double[] ramp = LongStream.range(0, 1_000_000).mapToDouble(i -> i / 2.0).toArray();
        Path local = Npy.doubles(directory.resolve("ramp/ramp.npy"), ramp);
        FsShell hdfsDfs = new FsShell(hdfs.fileSystem().getConf());
        assertThat(hdfsDfs.run(new String[] {"-mkdir", "-p", "/data"})).isZero();
        assertThat(hdfsDfs.run(new String[] {"-put", "file:" + local, hdfs.uri() + "/data/"}))
                .isZero();
        Row found = session.read()
                .format("memmap")
                .load(hdfs.uri() + "/data/ramp.npy")
                .selectExpr("sum(value)", "count(*)")
                .first();
        assertThat(found.getDouble(0)).isEqualTo(2.4999975E11);
        assertThat(found.getLong(1)).isEqualTo(1_000_000);
    }

    /** The name node is that of fs.defaultFS. */
    private void pathsNeedNoNameNode() throws IOException {
        Map<String, String> defaultFs = Map.of("fs.defaultFS", hdfs.uri());
        Dataset<Row> rows = session.range(0, 10, 1, 2).selectExpr("CAST(id AS DOUBLE) AS value");
        for (String path : List.of("hdfs:///hostless/out.npy", "hdfs:/hostless/out", "/hostless/other")) {
            rows.write().format("memmap").options(defaultFs).save(path);
            rows.write().format("memmap").options(defaultFs).mode("overwrite").save(path);
            if (!path.endsWith(".npy")) {
                rows.write().format("memmap").options(defaultFs).mode("append").save(path);
            }
            long expected = path.endsWith(".npy") ? 10 : 20;
            assertThat(session.read()
                            .format("memmap")
                            .options(defaultFs)
                            .load(path)
                            .count())
                    .isEqualTo(expected);
            assertThat(names(path.substring(path.indexOf("/hostless")).replaceFirst("/[^/]*$", "")))
                    .noneMatch(name -> name.startsWith("."));
        }
        assertThatThrownBy(
                        () -> session.read().format("memmap").options(defaultFs).load("/missing.npy"))
                .hasMessage("Cannot read /missing.npy: no such file or directory; it was looked for at " + hdfs.uri()
                        + "/missing.npy, and a local file would be file:/missing.npy");
        assertThatThrownBy(
                        () -> session.read().format("memmap").options(defaultFs).load("hdfs://nobody.invalid/x.npy"))
                .hasMessageStartingWith("Cannot read hdfs://nobody.invalid/x.npy: ")
                .hasMessageEndingWith(
                        "; expected the host and port of its file system, as in "
                                + "hdfs://namenode:8020/data/x.npy, or none, as in hdfs:///data/x.npy, for that of fs.defaultFS");
        Dataset<Row> failing =
                session.range(10).selectExpr("id AS row", "CAST(raise_error('a job ran') AS DOUBLE) AS b");
        for (Map<String, String> options : List.of(Map.of("order", "F"), Map.of("rowColumn", "row", "shape", "10"))) {
            assertThatThrownBy(() -> failing.write()
                            .format("memmap")
                            .options(defaultFs)
                            .option("dtype", "<f8")
                            .options(options)
                            .save("hdfs:///hostless/refused.npy"))
                    .hasMessageContaining(hdfs.uri() + "/hostless/refused.npy")
                    .hasMessageContaining("this file system takes a file from front to back only");
        }
    }

    private void mapsAreRefused() {
        String path = hdfs.uri() + "/refused/x.npy";
        session.range(0, 10, 1, 2)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .save(path);
        assertThatThrownBy(() ->
                        session.read().format("memmap").option("access", "map").load(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot map " + path + ": only local files can be mapped, expected a path of file:;"
                        + " use access=auto or access=read");
        assertThat(session.read()
                        .format("memmap")
                        .option("access", "read")
                        .load(path)
                        .count())
                .isEqualTo(10);
    }

    private void changesInPlaceAreRefused() throws IOException {
        String path = hdfs.uri() + "/kept/x.npy";
        Dataset<Row> rows = session.range(0, 10, 1, 2).selectExpr("id AS value", "id AS row");
        rows.select("value").write().format("memmap").save(path);
        for (Map<String, String> options :
                List.of(Map.<String, String>of(), Map.of("rowColumn", "row", "update", "true"))) {
            assertThatThrownBy(() -> (options.isEmpty() ? rows.select("value") : rows)
                            .write()
                            .format("memmap")
                            .options(options)
                            .mode("append")
                            .save(path))
                    .hasMessage("Cannot change " + path + " in place: this file system takes a file from front to back"
                            + " only, expected a local path; overwrite it with rows in order and no rowColumn, or"
                            + " append to a directory of shards");
        }
        assertThat(names("/kept")).containsExactly("x.npy");
        assertThat(longs("/kept/x.npy")).isEqualTo(LongStream.range(0, 10).toArray());
    }
}
