package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of PySpark see: the README's examples, options of NumPy's own objects, and errors. */
class PySparkTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?)```\n(?:\n```\n(.*?)```)?", Pattern.DOTALL);
    private static final Pattern RELATIVE = Pattern.compile("\"((?:examples|run|features|grid)[^\"]*)\"");
    private static final String FRAMES =
            """
            os.mkdir("run")
            for part in range(3):
                np.save(f"run/part-{part}.npy", np.arange(4))
            df = spark.range(10).selectExpr("id AS row", "id * 2.5D AS value")
            patch = df.where("row < 3")
            """;

    @TempDir
    private Path directory;

    @Test
    void readmeExamplesPrintWhatTheReadmeShows() throws IOException, InterruptedException {
        Files.createSymbolicLink(directory.resolve("examples"), PROJECT.resolve("examples"));
        StringBuilder program = new StringBuilder(FRAMES);
        List<String> shown = new ArrayList<>();
        for (MatchResult example : PYTHON.matcher(Files.readString(PROJECT.resolve("README.md")))
                .results()
                .toList()) {
            if (!example.group(1).contains("hdfs:")) {
                // The JVM of Spark has another current folder.
                program.append(RELATIVE.matcher(example.group(1)).replaceAll("\"" + directory + "/$1\""));
                if (example.group(2) != null) {
                    shown.addAll(example.group(2).lines().toList());
                }
            }
        }
        program.append("print(len(np.load('features.npy')))\n")
                .append("print(np.load('grid.npy', mmap_mode='r')[:4])\n");
        Python.Outcome outcome = run(program.toString());
        assertThat(shown).isNotEmpty();
        assertThat(outcome.output().lines().toList()).containsAll(shown).contains("20", "[0.  2.5 5.  7.5]");
        assertThat(outcome.succeeded()).isTrue();
    }

    @Test
    void optionsTakeObjectsOfNumpy() throws IOException, InterruptedException {
        Python.Outcome outcome = run(
                """
                at = os.path.join
                path = at(os.getcwd(), "x.dat")
                x = np.memmap(path, dtype=np.int32, mode="w+", shape=(np.int64(6), 2))
                x[:] = np.arange(12).reshape(6, 2)
                x.flush()
                read = (spark.read.format("memmap").option("dtype", x.dtype).option("shape", (np.int64(6), 2))
                        .option("offset", np.int64(0)).option("columnNames", [np.str_("a"), "b"])
                        .option("order", None).option("transpose", np.False_).load(path))
                print("sums", read.selectExpr("sum(a)", "sum(b)").first()[:])
                record = np.rec.array([(1, 2.5), (3, 4.5)], dtype=[("a", "<i4"), ("b", "<f8")])
                record.tofile("r.dat")
                read = spark.read.format("memmap").options(dtype=record.dtype, shape=None).load(at(os.getcwd(), "r.dat"))
                print("records", [tuple(row) for row in read.orderBy("_row").collect()])
                rows = spark.sql("SELECT 5L AS id, CAST(NULL AS DOUBLE) AS v, CAST(NULL AS STRING) AS s")
                (rows.write.format("memmap").option("columnDtypes", {"id": np.uint32, "v": np.dtype("f4"), "s": "U3"})
                     .option("nullValue", {"v": np.float32(1.5), "s": np.str_("n/a")}).option("rowColumn", None)
                     .save(at(os.getcwd(), "w.npy")))
                w = np.load("w.npy")
                print("written", w.dtype, w.tolist())
                """);
        assertThat(outcome.output().lines())
                .contains(
                        "sums (30, 36)",
                        "records [(1, 2.5), (3, 4.5)]",
                        "written [('id', '<u4'), ('v', '<f4'), ('s', '<U3')] [(5, 1.5, 'n/a')]");
    }

    @Test
    void errorsAreOneLine() throws IOException, InterruptedException {
        boolean spark3 = SharedSpark.session().version().startsWith("3.");
        Python.Outcome outcome = run(Files.readString(ResourceFile.of("pyspark/errors.py"), StandardCharsets.UTF_8));
        List<JsonNode> cases = new ArrayList<>();
        for (String line :
                outcome.output().lines().filter(l -> l.startsWith("case ")).toList()) {
            cases.add(new ObjectMapper().readTree(line.substring("case ".length())));
        }
        assertThat(cases).as(outcome.output()).hasSizeGreaterThanOrEqualTo(30);
        SoftAssertions softly = new SoftAssertions();
        for (JsonNode found : cases) {
            String name = found.path("name").asText();
            // Spark 3.5 wraps what ends a task.
            boolean wrapped = spark3 && name.endsWith("in a task");
            String text = found.path(wrapped ? "cause" : "text").asText();
            softly.assertThat(text).as(name).contains(found.path("expected").asText());
            softly.assertThat(text.strip().lines()).as(name + " in one line").hasSize(1);
            if (!wrapped) {
                softly.assertThat(found.path("type").asText()).as(name).isNotEqualTo("Py4JJavaError");
            }
        }
        softly.assertAll();
    }

    private Python.Outcome run(String program) throws IOException, InterruptedException {
        try (PySpark python = PySpark.start(SharedSpark.session(), directory)) {
            return python.run(program);
        }
    }
}
