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
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PySpark's users: options of NumPy's own objects, and errors. */
class PySparkTest {
    @TempDir
    private Path directory;

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
    void aDataFrameOfTextIsSavedAsItIs() throws IOException, InterruptedException {
        Python.Outcome outcome = run(
                """
                at = os.path.join(os.getcwd(), "x.npy")
                frame = spark.sql("SELECT * FROM VALUES (1L, 'ab', 'x'), (2L, 'abcd', NULL) AS t(id, name, kind)")
                frame.write.format("memmap").option("nullValue", {"kind": "n/a"}).save(at)
                x = np.load("x.npy")
                print("written", x.dtype, x.tolist())
                np.save("m.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
                read = spark.read.format("memmap").load(os.path.join(os.getcwd(), "m.npy"))
                read.where("c0 > 1").write.format("memmap").save(os.path.join(os.getcwd(), "n.npy"))
                print("matrix", np.load("n.npy").dtype, np.load("n.npy").tolist())
                """);
        assertThat(outcome.output().lines())
                .contains(
                        "written [('id', '<i8'), ('name', '<U4'), ('kind', '<U3')] [(1, 'ab', 'x'), (2, 'abcd', 'n/a')]",
                        "matrix float32 [[2.0, 3.0], [4.0, 5.0]]");
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
