package io.memmap.it;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.memmap.examples.StlFormat;
import io.memmap.spark.MemmapDataSource;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Spark installation made of this JVM's class path, without the connector, the examples and the tests. Lives in
 * {@code target} and is made once for a class path and a JVM.
 *
 * <p>The installation has an archive of Spark's classes, as the JVM keeps them (class data sharing). A JVM that maps the
 * archive starts Spark with half of the work. {@link SparkClasses} is run once to tell which classes belong to it.
 */
final class SparkInstallation {
    private static final int MINUTES = 5;
    private static final String JAR = "jars/spark.jar";

    private final Path home;
    private final List<Path> others;

    /** The one of this JVM. */
    private static final class Holder {
        private static final SparkInstallation INSTANCE = create();
    }

    private SparkInstallation(Path home, List<Path> others) {
        this.home = home;
        this.others = others;
    }

    /** What {@code SPARK_HOME} must be. */
    static Path home() {
        return Holder.INSTANCE.home;
    }

    /** The class path of a process of Spark, as Spark's own launcher has it. */
    static String sparkClassPath() {
        return home() + "/conf" + File.pathSeparator + home().resolve(JAR);
    }

    /** The same with the connector, the examples and the tests. */
    static String classPath() {
        return sparkClassPath()
                + Holder.INSTANCE.others.stream()
                        .map(other -> File.pathSeparator + other)
                        .collect(Collectors.joining());
    }

    /** JVM options for {@link #sparkClassPath} and whatever follows it; empty where this JVM makes no archive. */
    static List<String> archiveOptions() {
        Path archive = archive(home());
        return archive.toFile().length() == 0
                ? List.of()
                : List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off");
    }

    private static Path archive(Path home) {
        return home.resolve("spark.jsa");
    }

    private static SparkInstallation create() {
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
        for (int i = 0; i < classPath.size(); i++) {
            if (classPath.get(i).endsWith(JAR)) {
                // This JVM is a child that runs on the installation.
                Path home = classPath.get(i).getParent().getParent();
                return new SparkInstallation(home, classPath.subList(i + 1, classPath.size()));
            }
        }
        List<Path> shipped =
                List.of(SparkHome.locationOf(MemmapDataSource.class), SparkHome.locationOf(StlFormat.class));
        Map<Boolean, List<Path>> ofSpark = classPath.stream()
                .collect(Collectors.partitioningBy(entry -> Files.isRegularFile(entry) && !shipped.contains(entry)));
        try {
            return new SparkInstallation(make(ofSpark.get(true)), ofSpark.get(false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the installation unless another JVM has made it. */
    private static Path make(List<Path> jars) throws IOException {
        Path home = Path.of("target", "spark-" + key(jars)).toAbsolutePath();
        Files.createDirectories(home.resolve("jars"));
        try (FileChannel channel = FileChannel.open(home.resolve("lock"), CREATE, WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(archive(home))) {
                writeJar(home.resolve(JAR), jars);
                writeArchive(home);
            }
        }
        return home;
    }

    private static String key(List<Path> jars) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
            digest.update(trainer());
            for (Path jar : jars) {
                digest.update((jar + " " + Files.size(jar) + Files.getLastModifiedTime(jar))
                        .getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String trainerEntry() {
        return SparkClasses.class.getName().replace('.', '/') + ".class";
    }

    private static byte[] trainer() throws IOException {
        try (InputStream bytes = SparkClasses.class.getClassLoader().getResourceAsStream(trainerEntry())) {
            return bytes.readAllBytes();
        }
    }

    /** A jar with the names of all other jars. The JVM shares classes of jars that are named by relative paths only. */
    private static void writeJar(Path jar, List<Path> jars) throws IOException {
        String classPath = jars.stream()
                .map(entry -> jar.getParent().relativize(entry).toString().replace(" ", "%20"))
                .collect(Collectors.joining(" "));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file, manifest)) {
            output.putNextEntry(new JarEntry(trainerEntry()));
            output.write(trainer());
        }
    }

    /** Leaves an empty archive where this JVM makes none. */
    private static void writeArchive(Path home) throws IOException {
        Path written = home.resolve("new.jsa");
        List<String> options = new ArrayList<>(RunningCluster.QUICK_TO_START);
        options.addAll(List.of("-Xmx1g", "-Xlog:cds=off", "-XX:ArchiveClassesAtExit=" + written));
        Process process = new ProcessBuilder(ChildJvm.command(
                        options,
                        home + "/conf" + File.pathSeparator + home.resolve(JAR),
                        SparkClasses.class.getName(),
                        home.resolve("work").toString()))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0 || !Files.exists(written)) {
                process.destroyForcibly().waitFor();
                Files.write(written, new byte[0]);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        Files.move(written, archive(home), StandardCopyOption.ATOMIC_MOVE);
    }
}
