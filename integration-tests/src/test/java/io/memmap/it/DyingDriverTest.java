package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that dies in any step of a commit on a {@link DyingFileSystem} loses no old array, and leaves nothing for ever. */
class DyingDriverTest {
    private static final List<Long> OLD = List.of(0L, 1L, 2L, 3L);
    private static final Map<String, String> OPTIONS =
            Map.of("fs." + DyingFileSystem.SCHEME + ".impl", DyingFileSystem.class.getName(), "breakLock", "true");

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    @AfterEach
    void live() {
        DyingFileSystem.dieAfter(null);
    }

    private String target(String name) {
        return DyingFileSystem.SCHEME + ":" + directory.resolve(name);
    }

    private void write(String name, String mode, long start, long end) {
        spark.range(start, end, 1, 2)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .mode(mode)
                .options(OPTIONS)
                .save(target(name));
    }

    private void writeAndDieAfter(String step, String name, String mode) {
        DyingFileSystem.dieAfter(step);
        try {
            write(name, mode, 10, 14);
        } catch (RuntimeException e) {
            assertThat(e).hasStackTraceContaining("planted: the driver is dead");
        }
        assertThat(DyingFileSystem.isDead()).as("died after %s", step).isTrue();
        DyingFileSystem.dieAfter(null);
    }

    private List<Long> values(String name) {
        return spark
                .read()
                .format("memmap")
                .option("fs." + DyingFileSystem.SCHEME + ".impl", DyingFileSystem.class.getName())
                .load(target(name))
                .orderBy("value")
                .collectAsList()
                .stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private static List<Long> with(List<Long> first, long start, long end) {
        return LongStream.concat(first.stream().mapToLong(Long::longValue), LongStream.range(start, end))
                .boxed()
                .toList();
    }

    private List<String> shards(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".npy"))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "append, create .shards.json, false",
        "append, close .shards.json, false",
        "append, create ._memmap.json.before, false",
        "append, close ._memmap.json.before, false",
        "append, create _memmap.json, false",
        "append, close _memmap.json, true",
        "append, delete ._memmap.json.before, true",
        "overwrite, create _memmap.json, false",
        "overwrite, close _memmap.json, true",
        "overwrite, create _SUCCESS, true"
    })
    void aDirectoryIsTheOldOrTheNewOne(String mode, String step, boolean committed) throws IOException {
        write("x", "overwrite", 0, 4);
        writeAndDieAfter(step, "x", mode);
        List<Long> expected = committed ? with(mode.equals("append") ? OLD : List.of(), 10, 14) : OLD;
        assertThat(values("x")).isEqualTo(expected);
        write("x", "append", 20, 21);
        assertThat(values("x")).isEqualTo(with(expected, 20, 21));
        assertThat(names(directory)).containsExactly("x");
        assertThat(names(directory.resolve("x"))).noneMatch(name -> name.startsWith("."));
        assertThat(directory.resolve("x/_memmap.json"))
                .content()
                .contains(shards("x").toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "create .x.dat.memmap.json.before, false",
        "create x.dat.memmap.json, false",
        "close x.dat.memmap.json, false",
        "rename x.dat, true",
        "delete .before, true"
    })
    void aRawFileKeepsASidecarThatFits(String step, boolean committed) throws IOException {
        write("x.dat", "overwrite", 0, 3);
        writeAndDieAfter(step, "x.dat", "overwrite");
        assertThat(values("x.dat")).isEqualTo(committed ? with(List.of(), 10, 14) : List.of(0L, 1L, 2L));
        write("x.dat", "overwrite", 20, 21);
        assertThat(values("x.dat")).containsExactly(20L);
        assertThat(names(directory)).containsExactlyInAnyOrder("x.dat", "x.dat.memmap.json");
        assertThat(directory.resolve("x.dat.memmap.json")).content().doesNotContain("inTransit");
    }

    /** A text that a dead write has kept belongs to no other array. */
    @Test
    void anotherArrayInTheDirectoryIsNotTheOldOne() throws IOException {
        write("x", "overwrite", 0, 4);
        Files.copy(directory.resolve("x/_memmap.json"), directory.resolve("x/._memmap.json.before"));
        for (String name : names(directory.resolve("x"))) {
            if (!name.startsWith(".")) {
                Files.delete(directory.resolve("x").resolve(name));
            }
        }
        write("x", "overwrite", 10, 14);
        assertThat(values("x")).isEqualTo(with(List.of(), 10, 14));
        assertThat(names(directory.resolve("x"))).noneMatch(name -> name.startsWith("."));
    }
}
