package io.memmap.it;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * The application that {@link AddedJarTest} submits to end a write as Spark Connect ends those of a closed session: the class
 * loader first, then the query. The arguments are a directory, which is empty, and the connector's jar. Prints the failure and
 * the files that are left behind {@link AddedJarJob#FOUND}.
 */
public final class ClosedLoaderJob {
    private ClosedLoaderJob() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Path jar = Path.of(args[1]);
        SparkSession spark = SparkSession.builder()
                .config("spark.executor.extraClassPath", jar.toString())
                .getOrCreate();
        URLClassLoader session =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClosedLoaderJob.class.getClassLoader());
        CompletableFuture<Void> write = CompletableFuture.runAsync(() -> {
            Thread.currentThread().setContextClassLoader(session);
            Dataset<Long> slow =
                    spark.range(0, 2, 1, 1).map((MapFunction<Long, Long>) ClosedLoaderJob::slow, Encoders.LONG());
            slow.write().format("memmap").save(directory.resolve("x.npy").toString());
        });
        // A lock, a staging directory and a file in it.
        while (files(directory).size() < 3 && !write.isDone()) {
            Thread.sleep(50);
        }
        session.close();
        spark.sparkContext().cancelAllJobs();
        String failure = write.handle((nothing, e) -> String.valueOf(e)).join();
        System.out.println(
                AddedJarJob.FOUND + failure.replaceAll("(?s).*?(cancelled).*", "$1") + " " + files(directory));
        spark.stop();
    }

    /** Row 1 does not come before the query is cancelled. */
    private static Long slow(Long row) throws InterruptedException {
        while (row == 1 && !TaskContext.get().isInterrupted()) {
            Thread.sleep(50);
        }
        return row;
    }

    private static List<Path> files(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.skip(1).toList();
        }
    }
}
