package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The .npz files of Debian's packages show in Spark what NumPy reads. Skipped where the packages cannot be fetched. */
class PackagedNpzTest {

    @TempDir
    Path directory;

    @Test
    void filesOfOtherProjectsShowWhatNumpyReads() throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
        Python.Outcome outcome = Python.run(
                directory,
                ResourceFile.of("containers/packaged_npz.py").toString(),
                directory.toString(),
                "python3-scipy",
                "python3-skimage");
        Python.assumeFound(outcome.succeeded(), "packages cannot be fetched: " + outcome.output());
        SparkSession session = GoldenCase.session();
        ObjectMapper mapper = new ObjectMapper();
        Set<String> files = new HashSet<>();
        for (String line : outcome.output().strip().split("\n")) {
            JsonNode expected = mapper.readTree(line);
            files.add(expected.path("file").asText());
            check(session, expected);
        }
        assertThat(files).hasSizeGreaterThan(20);
    }

    private static void check(SparkSession session, JsonNode expected) {
        String name =
                expected.path("file").asText() + "#" + expected.path("member").asText();
        if (expected.has("refused")) {
            assertThatThrownBy(() -> read(session, expected).count())
                    .as(name)
                    .hasMessageContaining("Cannot read file:" + name);
            return;
        }
        Dataset<Row> table = read(session, expected);
        assertThat(table.schema().catalogString())
                .as("schema of " + name)
                .isEqualTo(expected.path("schema").asText());
        List<Row> rows = table.where("_row % " + expected.path("step") + " = 0").collectAsList();
        assertThat(table.count())
                .as("rows of " + name)
                .isEqualTo(expected.path("count").asLong());
        assertThat(RowText.of(rows))
                .as("rows of " + name)
                .containsExactlyElementsOf(
                        StreamSupport.stream(expected.path("rows").spliterator(), false)
                                .map(JsonNode::toString)
                                .toList());
    }

    private static Dataset<Row> read(SparkSession session, JsonNode expected) {
        return session.read()
                .format("memmap")
                .option("member", expected.path("member").asText())
                .load(expected.path("file").asText());
    }
}
