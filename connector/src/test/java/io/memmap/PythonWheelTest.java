package io.memmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.format.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wheel that {@code pip} builds of the Python module. */
class PythonWheelTest {
    private static final Path CONNECTOR = Path.of("").toAbsolutePath();
    private static final String MODULE = "memmap_spark/";

    @TempDir
    private Path directory;

    private record Outcome(int status, String output) {}

    private Outcome python(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("python3", "-B"), Stream.of(arguments))
                        .toList())
                .directory(CONNECTOR.toFile())
                .redirectErrorStream(true);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static Map<String, String> inJar() throws IOException, URISyntaxException {
        Path classes = Path.of(Manifest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(classes.resolve(MODULE))) {
            for (Path file :
                    found.filter(path -> path.toString().endsWith(".py")).toList()) {
                files.put(classes.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static Map<String, String> entries(Path wheel) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                try (InputStream content = zip.getInputStream(entry)) {
                    files.put(entry.getName(), new String(content.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return files;
    }

    @Test
    void holdsTheModuleOfTheJar() throws IOException, InterruptedException, URISyntaxException {
        Path wheel = directory.resolve("memmap_spark-0.1.0-py3-none-any.whl");
        assumeTrue(isThere("pip"), "no python3 with pip here to build a wheel with");
        Outcome built = python("-m", "pip", "wheel", "--no-deps", "--no-index", "-w", directory.toString(), ".");
        assertThat(built.status).as(built.output).isZero();
        assertThat(wheel).isRegularFile();
        Map<String, String> entries = entries(wheel);
        Map<String, String> module = new TreeMap<>(entries);
        module.keySet().removeIf(name -> !name.startsWith(MODULE));
        assertThat(module).isEqualTo(inJar()).containsKey("memmap_spark/__init__.py");
        entries.keySet().removeAll(module.keySet());
        String about = "memmap_spark-0.1.0.dist-info/";
        assertThat(entries).containsOnlyKeys(about + "LICENSE", about + "METADATA", about + "RECORD", about + "WHEEL");
        assertThat(entries.get(about + "METADATA")).contains("Name: memmap-spark\nVersion: 0.1.0\n");

        Outcome again = python(
                "-c",
                "import sys; sys.path.insert(0, 'src/wheel'); import memmap_spark_wheel as wheel\n"
                        + "print(wheel.build_wheel(sys.argv[1]))",
                Files.createDirectory(directory.resolve("again")).toString());
        assertThat(again.output.strip()).isEqualTo(wheel.getFileName().toString());
        assertThat(directory.resolve("again").resolve(wheel.getFileName())).hasSameBinaryContentAs(wheel);
    }

    @Test
    void isInstalled() throws IOException, InterruptedException {
        assumeTrue(isThere("pip"), "no python3 with pip here to install a wheel with");
        assumeTrue(isThere("numpy"), "no python3 with numpy here to import the module with");
        Path site = directory.resolve("site");
        Outcome installed = python(
                "-m", "pip", "install", "--no-deps", "--no-index", "--target", site.toString(), CONNECTOR.toString());
        assertThat(installed.status).as(installed.output).isZero();
        Outcome read = python(
                "-c",
                """
                import sys, importlib.metadata
                sys.path.insert(0, sys.argv[1])
                import memmap_spark, numpy
                numpy.save(sys.argv[1] + "/x.npy", numpy.arange(4))
                print(importlib.metadata.version("memmap-spark"), memmap_spark.__file__.startswith(sys.argv[1]))
                print(memmap_spark.as_memmap(sys.argv[1] + "/x.npy")[1:3])
                """,
                site.toString());
        assertThat(read.output.strip()).isEqualTo("0.1.0 True\n[1 2]");
    }

    private boolean isThere(String module) throws InterruptedException {
        try {
            return python("-c", "import " + module).status == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
