package io.memmap.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's own master and two workers in this JVM, each with one executor of one core in a process of its own, and a
 * session on them.
 *
 * <p>Master {@code local-cluster[2,1,1024]} is the same but for the hosts: there both workers have one name, and Spark
 * never starts a speculative attempt on a host that runs an attempt of the same task. Here one is {@code 127.0.0.1} and
 * the other {@code 127.0.0.2}; Linux has both without being told.
 */
final class RunningCluster implements AutoCloseable {
    /** Options of a JVM that does not live long. */
    static final List<String> QUICK_TO_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");

    private static final int END_SECONDS = 30;

    private final SparkSession session;

    private RunningCluster(SparkSession session) {
        this.session = session;
    }

    /** Starts it; needs the environment of a {@link SparkHome}. */
    static RunningCluster start(Path work, String shippedJars) throws IOException {
        String host = HOSTS.get(0);
        String port = Integer.toString(freePort(host));
        // Executors end unasked in these tests, and the master must not give up the job for it.
        System.setProperty("spark.deploy.maxExecutorRetries", "-1");
        String master = "spark://" + host + ":" + port;
        daemon("master", () -> Master.main(new String[] {"--host", host, "--port", port, "--webui-port", "0"}));
        for (String workerHost : HOSTS) {
            String[] arguments = {
                "--host",
                workerHost,
                "--port",
                "0",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                work.toString(),
                master
            };
            daemon("worker " + workerHost, () -> Worker.main(arguments));
        }
        return new RunningCluster(session(master, host, work, shippedJars));
    }

    /** Spark's own name for the same: two executors, whose workers are in this JVM and share a host. */
    static RunningCluster startLocal(Path work, String shippedJars) {
        return new RunningCluster(session("local-cluster[2,1,1024]", HOSTS.get(0), work, shippedJars));
    }

    private static SparkSession session(String master, String host, Path work, String shippedJars) {
        return SparkSession.builder()
                .appName("memmap-spark on processes")
                .master(master)
                .config("spark.jars", shippedJars)
                .config("spark.driver.host", host)
                .config("spark.driver.bindAddress", host)
                .config("spark.executor.memory", "512m")
                .config("spark.executor.extraJavaOptions", String.join(" ", ChildJvm.shared(QUICK_TO_START)))
                .config("spark.executor.cores", "1")
                .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "WARN")
                // Where a preferred host is known a task waits for it; nowhere else.
                .config("spark.locality.wait", "0")
                .config("spark.locality.wait.node", "20s")
                .config("spark.shuffle.reduceLocality.enabled", "false")
                .config("spark.speculation", "true")
                .config("spark.speculation.interval", "100ms")
                .config("spark.speculation.multiplier", "1.0")
                .config("spark.speculation.quantile", "0.1")
                .config("spark.speculation.minTaskRuntime", "100ms")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.warehouse.dir", work.resolve("warehouse").toString())
                .config("spark.hadoop.dfs.blocksize", Integer.toString(RunningHdfs.BLOCK_NBYTES))
                .config("spark.hadoop.dfs.replication", "1")
                .config("spark.hadoop.fs.wrapped.impl", WrappedFileSystem.class.getName())
                .config("spark.hadoop.fs.wrapped.impl.disable.cache", "true")
                .getOrCreate();
    }

    private static int freePort(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }

    private static void daemon(String name, Runnable main) {
        Thread thread = new Thread(main, name);
        thread.setDaemon(true);
        thread.start();
    }

    SparkSession session() {
        return session;
    }

    /** Ends the executors too: nothing writes to the test's directory when this returns. */
    @Override
    public void close() {
        session.stop();
        ProcessHandle.current().descendants().toList().forEach(RunningCluster::end);
    }

    private static void end(ProcessHandle process) {
        process.onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    process.destroyForcibly();
                    return process;
                })
                .join();
    }
}
