package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;

/** {@code moto_server} on the loopback with one bucket. */
final class RunningS3 implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String BUCKET = "arrays";
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private final Process server;
    private final String endpoint;

    private RunningS3(Process server, String endpoint) {
        this.server = server;
        this.endpoint = endpoint;
    }

    static RunningS3 start(Path log) throws IOException, InterruptedException {
        int port = FreePort.on(HOST);
        Process server = new ProcessBuilder("moto_server", "-H", HOST, "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RunningS3 s3 = new RunningS3(server, "http://" + HOST + ":" + port);
        s3.makeBucket();
        return s3;
    }

    private void makeBucket() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/" + BUCKET))
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
        return "s3a://" + BUCKET;
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
                "fs.s3a.multipart.size", "5m",
                "fs.s3a.impl.disable.cache", "true");
    }

    @Override
    public void close() {
        server.destroy();
        server.onExit().join();
    }
}
