package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.MemmapDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar, or the classes that it is made of: nothing of Spark, Scala or the tests, and the licence. */
class JarTest {
    private static final String ALLOWED =
            "io/memmap/(?!it/|benchmark/|replay/|examples/)[a-z/]+/[A-Za-z0-9_$-]+\\.class|io/memmap/package-info\\.class"
                    + "|memmap_spark/[a-z_]+\\.py|META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|services/[a-zA-Z.]+|maven/.*)";

    private static List<String> entries(Path connector) throws IOException {
        if (Files.isDirectory(connector)) {
            try (Stream<Path> files = Files.walk(connector)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> connector.relativize(file).toString())
                        .toList();
            }
        }
        try (JarFile jar = new JarFile(connector.toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    @Test
    void holdsNothingElse() throws IOException {
        Path connector = SparkHome.locationOf(MemmapDataSource.class);
        List<String> entries = entries(connector);
        assertThat(entries).hasSizeGreaterThan(300).allMatch(entry -> entry.matches(ALLOWED));
        assertThat(entries)
                .noneMatch(entry -> entry.endsWith("Test.class") || entry.endsWith("Benchmark.class"))
                .contains("memmap_spark/__init__.py", "META-INF/NOTICE", "io/memmap/cli/Main.class")
                .contains("io/memmap/compute/VectorKernels.class");
        if (Files.isRegularFile(connector)) {
            assertThat(entries).contains("META-INF/LICENSE");
        }
    }
}
