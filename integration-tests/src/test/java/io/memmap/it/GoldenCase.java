package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;

/**
 * A file that NumPy wrote, and what Spark must show for it.
 *
 * @param file an array, or a directory of shards
 * @param options of the reader
 * @param schema as Spark's {@code catalogString}
 * @param rows as {@link RowText} writes them, in order
 */
record GoldenCase(String name, Path file, Map<String, String> options, String schema, List<String> rows) {

    private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};
    private static final List<String> ACCESSES = List.of("map", "read");

    /** The cases of the {@code golden.json} in a directory, which {@code make_golden.py} wrote. */
    static List<GoldenCase> readAll(Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode index = mapper.readTree(directory.resolve("golden.json").toFile());
        List<GoldenCase> cases = new ArrayList<>();
        for (JsonNode node : index.path("cases")) {
            cases.add(new GoldenCase(
                    node.path("name").asText(),
                    directory.resolve(node.path("file").asText()),
                    mapper.convertValue(node.path("options"), OPTIONS),
                    node.path("schema").asText(),
                    texts(node.path("rows"))));
        }
        return cases;
    }

    private static List<String> texts(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(JsonNode::toString)
                .toList();
    }

    /** A session whose rows {@link RowText} can write, in a time zone that nothing may depend on. */
    static SparkSession session() {
        SparkSession session = SharedSpark.session().newSession();
        session.conf().set("spark.sql.datetime.java8API.enabled", "true");
        session.conf().set("spark.sql.session.timeZone", "America/New_York");
        return session;
    }

    GoldenCase named(String other) {
        return new GoldenCase(other, file, options, schema, rows);
    }

    /** One test for each way to reach the bytes. */
    Stream<DynamicTest> tests(SparkSession session) {
        return tests(session, ACCESSES);
    }

    /** One test for each value of the option {@code access}. */
    Stream<DynamicTest> tests(SparkSession session, List<String> accesses) {
        return accesses.stream()
                .map(access -> DynamicTest.dynamicTest(name + ", access=" + access, () -> check(session, access)));
    }

    private void check(SparkSession session, String access) {
        Dataset<Row> read = session.read()
                .format("memmap")
                .options(options)
                .option("access", access)
                .load(file.toString());
        assertThat(read.schema().catalogString())
                .as("schema of %s with %s", file, options)
                .isEqualTo(schema);
        assertThat(RowText.of(read.collectAsList()))
                .as("rows of %s with %s", file, options)
                .containsExactlyElementsOf(rows);
    }
}
