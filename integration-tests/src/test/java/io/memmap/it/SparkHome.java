package io.memmap.it;

import io.memmap.spark.MemmapDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmit;
import scala.util.Properties;

/**
 * The {@link SparkInstallation} with a directory for a test, and the jars that a job has to ship: the connector and the tests.
 */
record SparkHome(Path directory, Path connector, Path tests) {
    static final String CONNECTOR = "memmap-spark-shipped.jar";
    private static final int SUBMIT_MINUTES = 5;

    static SparkHome create(Path directory) throws IOException {
        Path connector = Files.createDirectory(directory.resolve("shipped")).resolve(CONNECTOR);
        Path tests = connector.resolveSibling("tests.jar");
        jar(locationOf(MemmapDataSource.class), connector);
        jar(locationOf(SparkHome.class), tests);
        return new SparkHome(directory, connector, tests);
    }

    static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the classes of " + type + ", expected them in a file", e);
        }
    }

    /** A jar with this class of the tests and no other. */
    Path application(Class<?> main) throws IOException {
        Path jar = connector.resolveSibling("application.jar");
        String name = main.getName().replace('.', '/') + ".class";
        try (InputStream bytes = main.getClassLoader().getResourceAsStream(name);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            output.putNextEntry(new JarEntry(name));
            bytes.transferTo(output);
            output.closeEntry();
        }
        return jar;
    }

    private static void jar(Path classes, Path jar) throws IOException {
        if (!Files.isDirectory(classes)) {
            Files.copy(classes, jar);
            return;
        }
        try (Stream<Path> files = Files.walk(classes);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                output.putNextEntry(
                        new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, output);
                output.closeEntry();
            }
        }
    }

    /** What Spark's launcher scripts would set. */
    Map<String, String> environment() {
        String scala = Properties.versionNumberString();
        return Map.of(
                "SPARK_HOME", SparkInstallation.home().toString(),
                "SPARK_SCALA_VERSION", scala.substring(0, scala.lastIndexOf('.')),
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_LOCAL_DIRS", directory.resolve("local").toString(),
                "JAVA_HOME", System.getProperty("java.home"));
    }

    /** Runs {@code spark-submit} with a main of the tests, which finds the jars of {@code --jars} and those of Spark. */
    ChildJvm.Outcome submit(String master, List<Path> jars, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("--class", main.getName()));
        if (!jars.isEmpty()) {
            options.addAll(List.of("--jars", jars.stream().map(Path::toString).collect(Collectors.joining(","))));
        }
        return submit(master, options, application(main), arguments);
    }

    /** Runs {@code spark-submit} with a program of Python and the connector's jar, as a jar and as a module. */
    ChildJvm.Outcome submitPython(String master, Path program, String... arguments)
            throws IOException, InterruptedException {
        List<String> options = List.of("--jars", connector.toString(), "--py-files", connector.toString());
        return submit(master, options, program, arguments);
    }

    private ChildJvm.Outcome submit(String master, List<String> given, Path application, String... arguments)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("--master", master));
        options.addAll(given);
        Map.of(
                        "spark.driver.host",
                        "127.0.0.1",
                        "spark.driver.bindAddress",
                        "127.0.0.1",
                        "spark.ui.enabled",
                        "false",
                        "spark.executor.memory",
                        "512m",
                        "spark.executor.extraJavaOptions",
                        String.join(" ", ChildJvm.shared(RunningCluster.QUICK_TO_START)),
                        "spark.sql.shuffle.partitions",
                        "2",
                        "spark.sql.warehouse.dir",
                        directory.resolve("warehouse").toString(),
                        "spark.sql.catalog.memmap",
                        "io.memmap.spark.MemmapCatalog")
                .forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
        options.add(application.toString());
        options.addAll(List.of(arguments));
        return ChildJvm.run(
                directory,
                SUBMIT_MINUTES,
                environment(),
                ChildJvm.shared(RunningCluster.QUICK_TO_START),
                SparkInstallation.sparkClassPath(),
                SparkSubmit.class.getName(),
                options.toArray(String[]::new));
    }

    /** The lines with {@code text} in the logs of an application's executors on {@code local-cluster}. */
    static List<String> executorsLogged(String application, String text) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files =
                Files.walk(SparkInstallation.home().resolve("work").resolve(application))) {
            for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains(text))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    /** What {@code spark.jars} must be. */
    String shipped() {
        return String.join(",", List.of(connector.toString(), tests.toString()));
    }
}
