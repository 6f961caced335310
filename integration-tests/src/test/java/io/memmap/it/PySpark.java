package io.memmap.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.python.Py4JServer;
import org.apache.spark.sql.SparkSession;

/**
 * Python programs whose {@code spark} is the session of this JVM: real PySpark, connected through Py4J to the gateway
 * that {@code spark-submit} starts too. Found where {@code python3} can import {@code pyspark}, as with a
 * {@code PYTHONPATH} that this JVM inherited.
 */
final class PySpark implements AutoCloseable {
    private static final int MINUTES = 5;

    /** The shell of PySpark without a JVM of its own. */
    private static final String SHELL =
            """
            import os, sys
            import numpy as np
            import pyspark
            from pyspark.java_gateway import launch_gateway
            from pyspark.sql import SparkSession
            gateway = launch_gateway()
            java = gateway.jvm
            context = java.JavaSparkContext(java.org.apache.spark.SparkContext.getOrCreate())
            conf = pyspark.SparkConf(_jvm=java, _jconf=context.getConf())
            sc = pyspark.SparkContext(gateway=gateway, jsc=context, conf=conf)
            spark = SparkSession(sc)
            """;

    private final Py4JServer server;
    private final Path directory;

    private PySpark(Py4JServer server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /** Skips the test where there is no PySpark of this Spark's major version. */
    static void assumeFound(String spark, Path directory) throws IOException, InterruptedException {
        Python.Outcome version = Python.run(directory, "-c", "import pyspark; print(pyspark.__version__)");
        assumeTrue(version.succeeded(), "python3 cannot import pyspark here: " + version.output());
        String found = version.output().strip();
        assumeTrue(found.charAt(0) == spark.charAt(0), "python3 has PySpark " + found + ", and this is Spark " + spark);
        System.out.println("PySpark " + found + " on Spark " + spark);
    }

    /** Skips the test where there is no such PySpark. */
    static PySpark start(SparkSession session, Path directory) throws IOException, InterruptedException {
        assumeFound(session.version(), directory);
        Py4JServer server = new Py4JServer(new SparkConf());
        server.start();
        return new PySpark(server, directory);
    }

    /** Runs a program in the directory; returns what it printed, errors included. */
    Python.Outcome run(String program) throws IOException, InterruptedException {
        Path script = Files.writeString(Files.createTempFile(directory, "program", ".py"), SHELL + program);
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of("python3", script.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Python.environment());
        builder.environment()
                .putAll(Map.of(
                        "PYSPARK_GATEWAY_PORT", Integer.toString(server.getListeningPort()),
                        "PYSPARK_GATEWAY_SECRET", server.secret()));
        Process process = builder.start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return ended
                ? new Python.Outcome(process.exitValue() == 0, text)
                : new Python.Outcome(false, "no end after " + MINUTES + " minutes: " + text);
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
