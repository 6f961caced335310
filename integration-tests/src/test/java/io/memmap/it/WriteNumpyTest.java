package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark writes, NumPy opens with the same values, and Spark reads back with the same schema and rows; all in a
 * session whose time zone is not UTC.
 */
class WriteNumpyTest {

    private static final int ROWS = 24;
    private static final int PARTITIONS = 3;
    private static final Map<WrittenCase, List<String>> EXPECTED = new ConcurrentHashMap<>();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private final SparkSession spark = session();

    private static SparkSession session() {
        SparkSession session = SharedSpark.session().newSession();
        session.conf().set("spark.sql.datetime.java8API.enabled", "true");
        session.conf().set("spark.sql.session.timeZone", "Asia/Kolkata");
        return session;
    }

    /** One case at one kind of target. */
    private record Written(WrittenCase of, String target, Path path) {
        String name() {
            return of.name() + ", " + target;
        }
    }

    @TestFactory
    Stream<DynamicTest> opensInNumpy() throws IOException, InterruptedException {
        List<Written> all = writeAll();
        Python.assumeNumpy(directory);
        Map<String, JsonNode> seen = openInNumpy(all);
        return all.stream()
                .map(written -> DynamicTest.dynamicTest(written.name(), () -> {
                    JsonNode node = seen.get(written.name());
                    assertThat(node.path("error").asText()).isEmpty();
                    List<String> rows = StreamSupport.stream(node.path("rows").spliterator(), false)
                            .map(JsonNode::toString)
                            .toList();
                    assertThat(rows).as(node.path("dtype").asText()).containsExactlyElementsOf(expected(written));
                    boolean fortran = "F".equals(written.of().options().get("order"));
                    assertThat(node.path("order").asText()).isEqualTo(fortran ? "F" : "C");
                }));
    }

    @TestFactory
    Stream<DynamicTest> readsBack() {
        return writeAll().stream()
                .map(written -> DynamicTest.dynamicTest(written.name(), () -> {
                    Dataset<Row> back = spark.read()
                            .format("memmap")
                            .options(readOptions(written))
                            .load(written.path().toString());
                    Dataset<Row> expected = frame(written);
                    assertThat(back.schema().catalogString())
                            .isEqualTo(expected.schema().catalogString());
                    assertThat(RowText.of(back.collectAsList())).containsExactlyElementsOf(expected(written));
                }));
    }

    /** NumPy cannot map a raw file without bytes. */
    @Test
    void arraysWithoutRowsOpenInNumpy() throws IOException, InterruptedException {
        List<Written> all = new ArrayList<>();
        for (WrittenCase written : WrittenCase.withoutRows()) {
            for (String target : List.of("empty.npy", "empty")) {
                Path path = directory.resolve(all.size() + "-" + target);
                spark.range(0, 0, 1, PARTITIONS)
                        .selectExpr(written.expressions().toArray(String[]::new))
                        .write()
                        .format("memmap")
                        .options(written.options())
                        .save(path.toString());
                all.add(new Written(written, target, path));
            }
        }
        Python.assumeNumpy(directory);
        Map<String, JsonNode> seen = openInNumpy(all);
        for (Written written : all) {
            JsonNode node = seen.get(written.name());
            assertThat(node.path("error").asText()).isEmpty();
            assertThat(node.path("rows")).isEmpty();
            assertThat(node.path("dtype").asText() + " " + node.path("shape"))
                    .as(written.target())
                    .isEqualTo(written.of().name());
        }
    }

    private List<Written> writeAll() {
        List<Written> all = new ArrayList<>();
        for (WrittenCase written : WrittenCase.all()) {
            for (String target : written.targets()) {
                Path path = directory.resolve(all.size() + "-" + target);
                if (Files.notExists(path)) {
                    spark.range(0, ROWS, 1, PARTITIONS)
                            .selectExpr(written.expressions().toArray(String[]::new))
                            .write()
                            .format("memmap")
                            .mode("append")
                            .options(written.options())
                            .option("container", target.startsWith("raw") ? "raw" : "auto")
                            .save(path.toString());
                }
                all.add(new Written(written, target, path));
            }
        }
        return all;
    }

    private Map<String, JsonNode> openInNumpy(List<Written> all) throws IOException, InterruptedException {
        List<Map<String, Object>> cases = new ArrayList<>();
        for (Written written : all) {
            cases.add(Map.of(
                    "name", written.name(),
                    "file", written.path().toString(),
                    "options", written.of().readOptions()));
        }
        Path index = directory.resolve("cases.json");
        JSON.writeValue(index.toFile(), cases);
        Python.Outcome opened =
                Python.run(directory, ResourceFile.of("golden/open_written.py").toString(), index.toString());
        assertThat(opened.succeeded()).as(opened.output()).isTrue();
        Map<String, JsonNode> seen = new HashMap<>();
        for (String line : opened.output().lines().toList()) {
            JsonNode node = JSON.readTree(line);
            seen.put(node.path("name").asText(), node);
        }
        return seen;
    }

    /** A sidecar or manifest keeps what an .npy header has no room for. */
    private static Map<String, String> readOptions(Written written) {
        Map<String, String> options = new HashMap<>(written.of().readOptions());
        if (!written.target().equals("file.npy")) {
            options.remove("layout");
            options.remove("dtype");
        }
        return options;
    }

    private Dataset<Row> frame(Written written) {
        Dataset<Row> rows = spark.range(0, ROWS, 1, PARTITIONS)
                .selectExpr(written.of().expressions().toArray(String[]::new));
        List<String> expected = written.of().expected();
        return expected.isEmpty() ? rows : rows.selectExpr(expected.toArray(String[]::new));
    }

    private List<String> expected(Written written) {
        return EXPECTED.computeIfAbsent(
                written.of(), of -> RowText.of(frame(written).collectAsList()));
    }
}
