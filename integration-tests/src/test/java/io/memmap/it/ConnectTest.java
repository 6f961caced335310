package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same reads and writes through a Spark Connect server: a client that has only the name of the format. */
class ConnectTest {
    /** Spark's client makes the message of a table that is not there. */
    private static final String MISSING =
            "false [TABLE_OR_VIEW_NOT_FOUND] The table or view /none.npy cannot be found.";

    private static final String HOST = "127.0.0.1";
    private static final List<String> NOT_THE_CLIENTS =
            List.of("spark-sql", "spark-catalyst", "spark-core", "classes", "memmap-spark", "memmap-examples");
    private static final long PATIENCE_NANOS = 90_000_000_000L;
    private static final long POLL_MILLIS = 50;
    private static final int MINUTES = 3;

    @TempDir
    private Path directory;

    @Test
    void aClientReadsAndWritesThroughAServer() throws Exception {
        Path jars = Path.of("target/connect").toAbsolutePath();
        assumeTrue(Files.isDirectory(jars), "connect.skip in pom.xml leaves Spark Connect out for this Spark");
        int port = FreePort.on(HOST);
        Process server = startServer(jars, port);
        try {
            awaitOpen(server, port);
            Path files = Files.createDirectory(directory.resolve("files"));
            ChildJvm.Outcome client = ChildJvm.run(
                    directory,
                    MINUTES,
                    Map.of("SPARK_REMOTE", "sc://" + HOST + ":" + port),
                    RunningCluster.QUICK_TO_START,
                    clientClassPath(jars),
                    ConnectRuns.class.getName(),
                    files.toString());
            List<String> found = client.linesOf(ConnectRuns.FOUND);
            assertThat(found.get(found.size() - 1)).startsWith(MISSING);
            assertThat(found.get(5)).startsWith(MISSING);
            assertThat(found.stream().filter(line -> !line.startsWith(MISSING)))
                    .as(client::tail)
                    .containsExactly(
                            "[494990,1000]",
                            "[[499,499], [500,-1], [501,501]]",
                            "[495000]",
                            "[-1,999]",
                            "[[2,20], [3,-1], [4,7]]",
                            "true Cannot read /none.npy: no such file or directory",
                            "true Cannot write row 0 of partition 1, column 'value': found NULL, expected a value as its"
                                    + " dtype <i4 has none for it; set the value to store, as in nullValue='value=0'; SQL can do so by COALESCE");
            assertThat(client.exitValue()).as(client::tail).isZero();
            assertThat(SavedFiles.npyLongs(files.resolve("x.npy"))).hasSize(1000);
            assertThat(SavedFiles.npyLongs(files.resolve("t.npy"))).containsExactly(0, 0, 20, -1, 7);
            assertThat(SavedFiles.names(files)).containsExactly("shards", "t.npy", "x.npy");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private Process startServer(Path jars, int port) throws IOException {
        List<String> options = new ArrayList<>(RunningCluster.QUICK_TO_START);
        Map.of(
                        "spark.app.name",
                        "memmap-spark through Connect",
                        "spark.master",
                        "local[2]",
                        "spark.ui.enabled",
                        "false",
                        "spark.driver.host",
                        HOST,
                        "spark.driver.bindAddress",
                        HOST,
                        "spark.connect.grpc.binding.address",
                        HOST,
                        "spark.connect.grpc.binding.port",
                        Integer.toString(port),
                        "spark.sql.shuffle.partitions",
                        "2",
                        "spark.sql.warehouse.dir",
                        directory.resolve("warehouse").toString())
                .forEach((key, value) -> options.add("-D" + key + "=" + value));
        return ChildJvm.start(
                directory,
                directory.resolve("server.txt"),
                Map.of(),
                options,
                jar(jars, "spark-connect_") + File.pathSeparator + System.getProperty("java.class.path"),
                "org.apache.spark.sql.connect.service.SparkConnectServer");
    }

    /** Without Spark's engine and the connector: the client's own jars and the libraries that they need. */
    private static String clientClassPath(Path jars) throws IOException {
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NOT_THE_CLIENTS.stream()
                        .noneMatch(Path.of(entry).getFileName().toString()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
        return String.join(
                File.pathSeparator, jar(jars, "spark-connect-client"), jar(jars, "spark-connect-shims"), libraries);
    }

    private static String jar(Path jars, String prefix) throws IOException {
        try (Stream<Path> found = Files.list(jars)) {
            return found.filter(jar -> jar.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private void awaitOpen(Process server, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Socket socket = new Socket(HOST, port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IOException(
                            "Cannot reach the server: " + Files.readString(directory.resolve("server.txt")), e);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}
