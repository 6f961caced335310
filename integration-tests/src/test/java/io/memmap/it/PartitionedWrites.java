package io.memmap.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;

/** Base of the tests of {@code partitionBy}: writes arrays and lists their directories, files and rows. */
abstract class PartitionedWrites {
    @TempDir
    Path directory;

    final SparkSession spark = SharedSpark.session().newSession();

    DataFrameWriter<Row> writer(Dataset<Row> rows, String... columns) {
        return rows.write().format("memmap").partitionBy(columns);
    }

    DataFrameWriter<Row> writer(String values, String... columns) {
        return writer(spark.sql("SELECT * FROM VALUES " + values), columns);
    }

    /** The rows of each directory of arrays, from its files in the order of their names. */
    Map<String, String> rows(Path target) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (Path file : arrays(target)) {
            String own = String.join(
                    " ",
                    SavedFiles.read(spark, file).orderBy("_row").collectAsList().stream()
                            .map(Row::toString)
                            .toList());
            rows.merge(
                    target.relativize(file.getParent()).toString(), own, (one, other) -> (one + " " + other).strip());
        }
        return rows;
    }

    static List<Path> arrays(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-")
                            && !file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    static List<String> directories(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> Files.isDirectory(file) && !file.equals(target))
                    .map(file -> target.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static List<String> listed(Path target) throws IOException {
        List<String> listed = new ArrayList<>();
        new ObjectMapper()
                .readTree(target.resolve("_memmap.json").toFile())
                .get("shards")
                .forEach(shard -> listed.add(shard.get("name").asText()));
        listed.sort(null);
        return listed;
    }

    static List<String> paths(Path target) throws IOException {
        return arrays(target).stream()
                .map(file -> target.relativize(file).toString())
                .toList();
    }
}
