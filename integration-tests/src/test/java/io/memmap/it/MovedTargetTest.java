package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A job whose target is moved away while it runs, and another array is at the path when it commits. */
class MovedTargetTest {
    private static final Map<String, Callable<?>> MOVES = new ConcurrentHashMap<>();

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();
    private Path target;
    private Path other;

    /** The ways in which another array comes to the path. */
    enum Exchange {
        LINK,
        DIRECTORY,
        /** It may get the inode of the directory that was there. */
        DIRECTORY_AFTER_DELETION
    }

    @BeforeEach
    void paths() throws IOException {
        target = Files.createDirectory(directory.resolve("p")).resolve("x");
        other = directory.resolve("other");
    }

    private Dataset<Row> longs(long from, long to) {
        return spark.range(from, to, 1, 1).selectExpr("id AS value");
    }

    /** Rows, before the first of which the tasks run an action. */
    private Dataset<Row> longsAfter(Callable<?> action, long from, long to) {
        String id = UUID.randomUUID().toString();
        MOVES.put(id, action);
        UDF1<Long, Long> run = value -> {
            Callable<?> first = MOVES.remove(id);
            if (first != null) {
                first.call();
            }
            return value;
        };
        String name = "run" + id.replace("-", "");
        spark.udf().register(name, run, DataTypes.LongType);
        return longs(from, to).selectExpr(name + "(value) AS value");
    }

    private static void save(Dataset<Row> rows, Path path, SaveMode mode, String... partitionBy) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").mode(mode);
        (partitionBy.length == 0 ? writer : writer.partitionBy(partitionBy)).save(path.toString());
    }

    private Object exchange(Exchange way, Path away) throws IOException {
        Path stays = target.resolveSibling(away);
        if (way == Exchange.DIRECTORY_AFTER_DELETION) {
            delete(target);
        } else {
            Files.move(target, stays);
        }
        if (way == Exchange.LINK) {
            Files.createSymbolicLink(target, other);
        } else {
            copy(other, target);
        }
        return null;
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static Map<String, List<Byte>> content(Path directory) {
        try {
            return everything(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Append,LINK",
        "Append,DIRECTORY",
        "Append,DIRECTORY_AFTER_DELETION",
        "Overwrite,LINK",
        "Overwrite,DIRECTORY",
        "Overwrite,DIRECTORY_AFTER_DELETION"
    })
    void anotherTableGetsNoRowsAndLosesNone(SaveMode mode, Exchange way) throws IOException {
        save(longs(0, 3), target, SaveMode.ErrorIfExists);
        save(longs(100, 102), other, SaveMode.ErrorIfExists);
        Map<String, List<Byte>> before = content(other);
        Dataset<Row> rows = longsAfter(() -> exchange(way, Path.of("x.old")), 3, 5);
        assertThatThrownBy(() -> save(rows, target, mode))
                .hasStackTraceContaining("Cannot write " + target + ": another array is there now, ");
        assertThat(content(other)).isEqualTo(before);
        assertThat(readLongs(spark, target)).containsExactly(100, 101);
        if (way != Exchange.DIRECTORY_AFTER_DELETION) {
            assertThat(readLongs(spark, directory.resolve("p/x.old"))).containsExactly(0, 1, 2);
        }
        assertThat(names(target.getParent())).allMatch(name -> name.startsWith("x"));
    }

    @ParameterizedTest
    @EnumSource(names = {"Append", "Overwrite"})
    void norDoPartitionsOfAnotherTable(SaveMode mode) throws IOException {
        save(longs(0, 3).selectExpr("value", "1 AS q"), target, SaveMode.ErrorIfExists, "q");
        save(longs(100, 102).selectExpr("value", "1 AS q"), other, SaveMode.ErrorIfExists, "q");
        Map<String, List<Byte>> before = content(other);
        Dataset<Row> rows = longsAfter(() -> exchange(Exchange.LINK, Path.of("x.old")), 3, 5);
        assertThatThrownBy(() -> save(rows.selectExpr("value", "1 AS q"), target, mode, "q"))
                .hasStackTraceContaining("another array is there now, ");
        assertThat(content(other)).isEqualTo(before);
    }

    /** The rows of the shuffle are made between plan and lock. */
    @ParameterizedTest
    @EnumSource(names = {"Append", "Overwrite"})
    void aLinkThatIsMadeBeforeTheLockIsNoTarget(SaveMode mode) throws IOException {
        save(longs(0, 3), target, SaveMode.ErrorIfExists);
        save(longs(100, 102), other, SaveMode.ErrorIfExists);
        Map<String, List<Byte>> before = content(other);
        Dataset<Row> rows = longsAfter(() -> exchange(Exchange.LINK, Path.of("x.old")), 3, 5);
        assertThatThrownBy(() -> save(rows.repartition(2), target, mode))
                .hasStackTraceContaining("another array is there now, ");
        assertThat(content(other)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"Append", "Overwrite"})
    void aLinkInPlaceOfAFileStays(SaveMode mode) throws IOException {
        target = target.resolveSibling("x.npy");
        other = directory.resolve("other.npy");
        save(longs(0, 3), target, SaveMode.ErrorIfExists);
        save(longs(100, 102), other, SaveMode.ErrorIfExists);
        Dataset<Row> rows = longsAfter(() -> exchange(Exchange.LINK, Path.of("x.old.npy")), 3, 5);
        assertThatThrownBy(() -> save(rows, target, mode)).hasStackTraceContaining("another array is there now, ");
        assertThat(npyLongs(other)).containsExactly(100, 101);
        assertThat(target).isSymbolicLink();
    }

    @ParameterizedTest
    @EnumSource(names = {"ErrorIfExists", "Append", "Overwrite"})
    void aLinkThatAppearsWhereNothingWasIsNoTarget(SaveMode mode) throws IOException {
        save(longs(100, 102), other, SaveMode.ErrorIfExists);
        Map<String, List<Byte>> before = content(other);
        Dataset<Row> rows = longsAfter(() -> Files.createSymbolicLink(target, other), 3, 5);
        assertThatThrownBy(() -> save(rows, target, mode)).hasStackTraceContaining("another array is there now, ");
        assertThat(content(other)).isEqualTo(before);
    }

    /** Nobody else loses anything by it. */
    @Test
    void aTableThatWasMovedAwayIsOverwrittenByANewOne() throws IOException {
        save(longs(0, 3), target, SaveMode.ErrorIfExists);
        Path away = directory.resolve("p/x.old");
        save(longsAfter(() -> Files.move(target, away), 3, 5), target, SaveMode.Overwrite);
        assertThat(readLongs(spark, target)).containsExactly(3, 4);
        assertThat(readLongs(spark, away)).containsExactly(0, 1, 2);
    }
}
