package io.memmap.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The files of the benchmark below one directory: an array, and Spark's Parquet and ORC files of the same rows, each made
 * when it is first asked for and read once, so that it lies in the page cache. What a directory already has is used.
 */
final class DataFiles {
    private final Path directory;
    private final SparkSession spark;

    DataFiles(Path directory, SparkSession spark) {
        this.directory = directory;
        this.spark = spark;
    }

    /** Writes a file or a directory to a path that is not there. */
    private interface Maker {
        void make(Path path) throws IOException;
    }

    /** The raw file, or the directory of shards. */
    Path array(Data data) throws IOException {
        if (data.shards() > 0) {
            return made(name(data.name(), data) + ".npys", path -> RawFiles.writeShards(path, data));
        }
        return made(name(data.name(), data) + ".dat", path -> RawFiles.write(path, data));
    }

    Path parquet(Data data, String compression) throws IOException {
        String suffix = "." + compression + ".parquet";
        return made(name(data.table(), data) + suffix, path -> convert(data, "parquet", compression, path));
    }

    Path orc(Data data) throws IOException {
        return made(name(data.table(), data) + ".orc", path -> convert(data, "orc", "snappy", path));
    }

    /** A path that is not there, for a contender to write to. */
    Path target(Contender contender) throws IOException {
        Files.createDirectories(directory);
        Path target = directory.resolve("written-by-" + contender.name());
        delete(target);
        return target;
    }

    /** A reader of the array as a table of this source. */
    static DataFrameReader reader(SparkSession spark, Data data) {
        DataFrameReader reader = spark.read().format("memmap");
        if (data.shards() > 0) {
            return reader;
        }
        return reader.option("dtype", data.dtype())
                .option("shape", data.columns() == 1 ? "-1" : "-1," + data.columns())
                .option("order", data.order())
                .option("layout", "columns");
    }

    /** As many files as there are shards: the first shard's, and copies of it. */
    private void convert(Data data, String format, String compression, Path path) throws IOException {
        Path array = array(data);
        Path source = data.shards() > 0 ? array.resolve("0.npy") : array;
        DataFrameWriter<Row> writer =
                reader(spark, data).load(source.toString()).write().option("compression", compression);
        writer.format(format).save(path.toString());
        if (data.shards() > 0) {
            Path first = below(path).stream()
                    .filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            for (int i = 1; i < data.shards(); i++) {
                Files.copy(first, path.resolve("copy-" + i + "." + format));
            }
        }
    }

    private static String name(String array, Data data) {
        return array + "-" + data.rows() + "x" + data.columns();
    }

    private Path made(String name, Maker maker) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            Files.createDirectories(directory);
            Path unfinished = directory.resolve("unfinished-" + name);
            delete(unfinished);
            maker.make(unfinished);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        }
        readOnce(path);
        return path;
    }

    private static void readOnce(Path path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        for (Path file : below(path)) {
            if (Files.isRegularFile(file)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    while (channel.read(buffer.clear()) >= 0) {}
                }
            }
        }
    }

    /** Brings what Spark's own writers left in the page cache to the disk, as this source does. */
    static void flush(Path path) throws IOException {
        for (Path file : below(path)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            for (Path found : below(path)) {
                Files.delete(found);
            }
        }
    }

    /** The path itself is the last. */
    private static List<Path> below(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
