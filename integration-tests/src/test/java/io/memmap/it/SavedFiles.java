package io.memmap.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a write left on the disk, seen without the code that wrote it. */
final class SavedFiles {
    private static final int VERSION_1_HEAD_NBYTES = 10;
    private static final int VERSION_1_LENGTH_AT = 8;

    private SavedFiles() {}

    /** The names in a directory, hidden ones too, sorted. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** All that is below a directory, by its path from there, with the bytes of files. */
    static Map<String, List<Byte>> everything(Path directory) throws IOException {
        Map<String, List<Byte>> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                List<Byte> bytes = new ArrayList<>();
                if (Files.isRegularFile(path)) {
                    for (byte b : Files.readAllBytes(path)) {
                        bytes.add(b);
                    }
                }
                all.put(directory.relativize(path).toString(), bytes);
            }
        }
        return all;
    }

    /** The names of the arrays in a directory and below it, sorted. */
    static List<String> shards(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("part-") && !name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** The dict of a version 1.0 header; nothing else of the file is read. */
    static String header(Path npy) throws IOException {
        try (InputStream input = Files.newInputStream(npy)) {
            byte[] head = input.readNBytes(VERSION_1_HEAD_NBYTES);
            return new String(input.readNBytes(dataAt(head) - head.length), StandardCharsets.ISO_8859_1);
        }
    }

    /** The elements of an array of little-endian int64 with a version 1.0 header. */
    static long[] npyLongs(Path npy) throws IOException {
        byte[] bytes = Files.readAllBytes(npy);
        return longs(bytes, dataAt(bytes));
    }

    /** The elements of an array of little-endian int64 without a header. */
    static long[] rawLongs(Path raw) throws IOException {
        return longs(Files.readAllBytes(raw), 0);
    }

    private static int dataAt(byte[] npy) {
        return VERSION_1_HEAD_NBYTES
                + ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getChar(VERSION_1_LENGTH_AT);
    }

    private static long[] longs(byte[] bytes, int offset) {
        long[] longs = new long[(bytes.length - offset) / Long.BYTES];
        ByteBuffer.wrap(bytes, offset, bytes.length - offset)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(longs);
        return longs;
    }

    static Dataset<Row> read(SparkSession spark, Path path) {
        return spark.read().format("memmap").load(path.toString());
    }

    /** The values of {@code value} by {@code _row}, which must be 0, 1, 2 and so on. */
    static long[] readLongs(SparkSession spark, Path path) {
        List<Row> rows =
                read(spark, path).select("_row", "value").orderBy("_row").collectAsList();
        long[] found = rows.stream().mapToLong(row -> row.getLong(0)).toArray();
        if (!LongStream.of(found)
                .boxed()
                .toList()
                .equals(LongStream.range(0, found.length).boxed().toList())) {
            throw new AssertionError("Cannot take the rows of " + path + ": found _row " + rows);
        }
        return rows.stream().mapToLong(row -> row.getLong(1)).toArray();
    }
}
