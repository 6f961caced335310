package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.examples.StlFormat;
import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container of one's own is a jar with a class and a line that names it. */
class AddedFormatTest {
    private static final String SERVICES = "META-INF/services/" + ArrayFormat.class.getName();
    private static final int TRIANGLES = 5;

    @TempDir
    private Path directory;

    /** Triangle {@code i} has the attribute i, the normal (i, 0, 0), and vertices of 10 i + 0, 1, … 8. */
    private static byte[] mesh() {
        ByteBuffer bytes = ByteBuffer.allocate(84 + 50 * TRIANGLES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("solid, but binary".getBytes(StandardCharsets.US_ASCII)).putInt(80, TRIANGLES);
        for (int i = 0; i < TRIANGLES; i++) {
            bytes.position(84 + 50 * i);
            bytes.putFloat(i).putFloat(0).putFloat(0);
            for (int j = 0; j < 9; j++) {
                bytes.putFloat(10 * i + j);
            }
            bytes.putShort((short) i);
        }
        return bytes.array();
    }

    private Path jar(String name, byte[] services) throws IOException {
        Path jar = directory.resolve(name);
        String type = StlFormat.class.getName().replace('.', '/') + ".class";
        try (InputStream bytes = StlFormat.class.getClassLoader().getResourceAsStream(type);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            output.putNextEntry(new JarEntry(type));
            bytes.transferTo(output);
            output.putNextEntry(new JarEntry(SERVICES));
            output.write(services);
        }
        return jar;
    }

    private static byte[] services() throws IOException {
        try (InputStream bytes = StlFormat.class.getClassLoader().getResourceAsStream(SERVICES)) {
            return bytes.readAllBytes();
        }
    }

    @Test
    void aJarThatIsAddedBringsItToDriverAndExecutors() throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("mesh.stl"), mesh());
        SparkHome home = SparkHome.create(directory);
        ChildJvm.Outcome driver = home.submit(
                "local-cluster[2,1,1024]",
                List.of(home.connector()),
                AddedFormatJob.class,
                file.toString(),
                jar("stl.jar", services()).toString());
        assertThat(driver.linesOf(AddedFormatJob.FOUND)).as(driver::tail).hasSize(3);
        assertThat(driver.linesOf(AddedFormatJob.FOUND).get(0))
                .startsWith("Cannot read file:" + file + ": it is no .npy file and nothing says what it holds");
        assertThat(driver.linesOf(AddedFormatJob.FOUND).subList(1, 3))
                .containsExactly("[[5,10,47.0,30.0]]", "[[3,33.0]]");
        assertThat(driver.exitValue()).as(driver::tail).isZero();
    }

    @Test
    void theClassPathBringsItToo() throws IOException {
        SparkSession spark = SharedSpark.session();
        Files.write(directory.resolve("a.stl"), mesh());
        Files.write(directory.resolve("b.stl"), mesh());
        assertThat(spark.read().format("memmap").load(directory.toString()).count())
                .isEqualTo(10);
        Path any = Files.write(directory.resolve("mesh.dat"), mesh());
        assertThat(spark.read()
                        .format("memmap")
                        .option("container", "STL")
                        .load(any.toString())
                        .columns())
                .containsExactly("normal", "vertices", "attribute");
        Path cut = Files.write(directory.resolve("cut.stl"), Arrays.copyOf(mesh(), 300));
        assertThatThrownBy(
                        () -> spark.read().format("memmap").load(cut.toString()).count())
                .hasMessageContaining(
                        "Cannot read file:" + cut + ": 5 triangles end at byte 334, but the file has 300");
        assertThatThrownBy(() -> spark.range(1)
                        .write()
                        .format("memmap")
                        .save(directory.resolve("new.stl").toString()))
                .hasMessageContaining("its name ends in .stl");
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .options(Map.of("container", "obj"))
                        .load(any.toString())
                        .count())
                .hasMessageContaining("or a format that a jar brings");
    }

    @Test
    void aJarWithoutItsClassIsNamed() throws IOException {
        Path jar = jar("broken.jar", "io.memmap.it.NoFormat".getBytes(StandardCharsets.US_ASCII));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            assertThatThrownBy(ArrayFormats::known)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Cannot load the formats of arrays: ")
                    .hasMessageContaining("io.memmap.it.NoFormat not found; correct or remove the jar that brings it");
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(ArrayFormats.known().all()).extracting(ArrayFormat::name).contains("npy", "xvecs", "stl");
    }
}
