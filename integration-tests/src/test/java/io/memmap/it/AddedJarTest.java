package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ADD JAR} in a running session: driver and executors then have the connector's classes from loaders of their own. */
class AddedJarTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
    void writesGoOnAfterAnotherJarWasAdded(String master) throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        assertWrites(submit(home, master, List.of(home.connector()), "", other("a"), other("b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
    void theConnectorItselfMayBeAdded(String master) throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        assertWrites(submit(home, master, List.of(), home.connector().toString(), other("a"), other("b")));
    }

    @Test
    void aWriteLeavesNothingIfItsSessionIsClosedMeanwhile() throws IOException, InterruptedException {
        SparkHome home = SparkHome.create(directory);
        Path files = Files.createDirectory(directory.resolve("files"));
        ChildJvm.Outcome driver = home.submit(
                "local-cluster[1,1,1024]",
                List.of(),
                ClosedLoaderJob.class,
                files.toString(),
                home.connector().toString());
        assertThat(driver.linesOf(AddedJarJob.FOUND)).as(driver::tail).containsExactly("cancelled []");
    }

    private ChildJvm.Outcome submit(SparkHome home, String master, List<Path> jars, String... added)
            throws IOException, InterruptedException {
        Path files = Files.createDirectory(directory.resolve("files"));
        return home.submit(
                master,
                jars,
                AddedJarJob.class,
                Stream.concat(Stream.of(files.toString()), Stream.of(added)).toArray(String[]::new));
    }

    private void assertWrites(ChildJvm.Outcome driver) {
        assertThat(driver.linesOf(AddedJarJob.FOUND))
                .as(driver::tail)
                .containsExactly(
                        found(1),
                        found(2),
                        found(3),
                        "Cannot write row 0 of partition 0, column 'value': found NULL, expected a value true",
                        "Cannot aggregate file:" + directory.resolve("files/large.npy")
                                + ": the sum of one partition is 9223372036854775808, expected a value true");
        assertThat(driver.exitValue()).as(driver::tail).isZero();
    }

    private static String found(int round) {
        return "round" + round + " [[629242,1502]] [[624250,1500]] [[10,1]]";
    }

    /** A jar of some other library. */
    private String other(String name) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return jar.toString();
    }
}
