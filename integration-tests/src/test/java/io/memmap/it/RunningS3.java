package io.memmap.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** {@code moto_server} on the loopback with one bucket. */
final class RunningS3 implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private final Process server;
    private final String endpoint;
    private final String bucket;
    private final Path log;

    private RunningS3(Process server, Path log, int port) {
        this.server = server;
        this.log = log;
        this.endpoint = "http://" + HOST + ":" + port;
        // Hadoop caches file systems by bucket: each server has its own.
        this.bucket = "arrays-" + port;
    }

    /** Starts it; where it is not to be had, the tests are skipped. */
    static RunningS3 start(Path log) throws IOException, InterruptedException {
        assumeTrue(isOnPath("moto_server"), "moto_server, an S3 server in Python, is not on the PATH");
        assumeTrue(
                isThere("software.amazon.awssdk.services.s3.S3Client") && !needsOldSdk(),
                "hadoop-aws before 3.4 needs version 1 of the AWS SDK, which is not among the tests' dependencies");
        int port = FreePort.on(HOST);
        Process server = new ProcessBuilder("moto_server", "-H", HOST, "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RunningS3 s3 = new RunningS3(server, log, port);
        s3.makeBucket();
        return s3;
    }

    private static boolean isOnPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    private static boolean isThere(String type) {
        return RunningS3.class.getResource("/" + type.replace('.', '/') + ".class") != null;
    }

    private static boolean needsOldSdk() {
        return !isThere("org.apache.hadoop.fs.s3a.impl.AWSClientConfig");
    }

    private void makeBucket() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/" + bucket))
                .PUT(BodyPublishers.noBody())
                .build();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                int status = HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode();
                if (status != 200) {
                    throw new IllegalStateException("Cannot make a bucket: status " + status);
                }
                return;
            } catch (IOException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    /** {@code s3a://bucket}. */
    String uri() {
        return "s3a://" + bucket;
    }

    /** What a user would give as options, or in {@code spark.hadoop.*}. */
    Map<String, String> settings() {
        return Map.of(
                "fs.s3a.endpoint", endpoint,
                "fs.s3a.endpoint.region", "us-east-1",
                "fs.s3a.path.style.access", "true",
                "fs.s3a.connection.ssl.enabled", "false",
                "fs.s3a.access.key", "key",
                "fs.s3a.secret.key", "secret",
                "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
                "fs.s3a.multipart.size", "5m");
    }

    /** The same for a file system that is made anew, with settings that a cached one may not have. */
    Map<String, String> uncachedSettings() {
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("fs.s3a.impl.disable.cache", "true");
        return settings;
    }

    /** The uploads that were begun and neither completed nor aborted, as the server lists them. */
    String uploads() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/" + bucket + "?uploads"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** How often bytes of an object were asked for. */
    int gets(String key) throws IOException {
        return requests("\"GET /" + bucket + "/" + key + " ", "");
    }

    /** How many requests have both in their line of the log. */
    int requests(String one, String other) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return (int) lines.filter(line -> line.contains(one) && line.contains(other))
                    .count();
        }
    }

    @Override
    public void close() {
        server.destroy();
        server.onExit().join();
    }
}
