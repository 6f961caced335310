package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.dtype.DType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page is parsed as XML, which takes no character that is not escaped, and its numbers as JSON. */
class ProfileTest {
    @TempDir
    private Path directory;

    private Path profile(Path array) throws Exception {
        Path report = directory.resolve("report.html");
        Files.deleteIfExists(report);
        assertThat(run("profile", array, "-o", report)).isEmpty();
        return report;
    }

    /** Returns what the command complains of. */
    private static String run(Object... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main main = new Main(
                new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = main.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        assertThat(err.size() == 0).isEqualTo(status == 0);
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    private static Document parse(Path report) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    }

    private static List<Element> elements(Document page, String tag, String name, String value) {
        List<Element> found = new ArrayList<>();
        NodeList all = page.getElementsByTagName(tag);
        for (int i = 0; i < all.getLength(); i++) {
            if (((Element) all.item(i)).getAttribute(name).equals(value)) {
                found.add((Element) all.item(i));
            }
        }
        return found;
    }

    private static JsonNode numbers(Document page) throws Exception {
        String json = elements(page, "script", "id", "profile").get(0).getTextContent();
        return new ObjectMapper().readTree(json);
    }

    private Path doubles(String name, double... values) throws Exception {
        Path path = directory.resolve(name);
        try (MemmapArray a = NpyFile.createMemmap(path, "<f8", values.length)) {
            a.copyFrom(values);
        }
        return path;
    }

    @Test
    void countsAndBinsNumbers() throws Exception {
        double nan = Double.NaN;
        Document page = parse(
                profile(doubles("x.npy", 0, -0.0, nan, 100, 99, 2.5, Double.POSITIVE_INFINITY, Double.MIN_VALUE)));
        JsonNode column = numbers(page).path("columns").get(0);
        assertThat(column.toString())
                .startsWith(
                        "{\"name\":\"value\",\"count\":8,\"nan\":1,\"infinite\":1,\"zero\":2,\"min\":-0.0,\"max\":null,"
                                + "\"mean\":null,\"bins\":[3,1,0,")
                .contains(",0,2],\"starts\":[0.0,2.0,4.0,")
                .endsWith(",96.0,98.0]}");
        assertThat(column.path("bins")).hasSize(50);
        assertThat(numbers(page).path("heatMap").isNull()).isTrue();
        List<Element> bars = elements(page, "rect", "class", "bar");
        assertThat(bars).hasSize(50);
        assertThat(bars.get(0).getAttribute("height")).isEqualTo("120.00");
        assertThat(bars.get(49).getAttribute("height")).isEqualTo("80.00");
        assertThat(bars.get(49).getTextContent()).isEqualTo("from 98.0: 2");
        assertThat(page.getElementsByTagName("tr").item(1).getTextContent())
                .startsWith("value812.50 %12.50 %25.00 %-0.0Infinity");
    }

    @Test
    void recordsInTwoDimensionsHaveNoHeatMap() throws Exception {
        Path path = directory.resolve("r.npy");
        try (MemmapArray a = NpyFile.createMemmap(path, "[('a', '<f8'), ('b', '<i4')]", 2, 3)) {
            a.field("b").copyFrom(new int[] {1, 2, 3, 4, 5, 6});
        }
        JsonNode numbers = numbers(parse(profile(path)));
        assertThat(numbers.path("heatMap").isNull()).isTrue();
        assertThat(numbers.path("columns").get(1).path("mean").asDouble()).isEqualTo(3.5);
        assertThat(numbers.path("columns").get(1).path("max").asText()).isEqualTo("6");
    }

    @Test
    void binsWhateverTheExtremesAre() throws Exception {
        for (double[] values : List.of(
                new double[] {-Double.MAX_VALUE, Double.MAX_VALUE},
                new double[] {0, Double.MIN_VALUE},
                new double[] {7, 7},
                new double[] {1, Math.nextUp(1)})) {
            JsonNode bins = numbers(parse(profile(doubles("x.npy", values))))
                    .path("columns")
                    .get(0)
                    .path("bins");
            long sum = 0;
            for (JsonNode bin : bins) {
                sum += bin.asLong();
            }
            assertThat(sum).as("%s", bins).isEqualTo(2);
            assertThat(bins.get(0).asLong()).isPositive();
            Files.delete(directory.resolve("x.npy"));
        }
        for (double[] none : List.of(new double[0], new double[] {Double.NaN, Double.NEGATIVE_INFINITY})) {
            Document page = parse(profile(doubles("x.npy", none)));
            assertThat(numbers(page).path("columns").get(0).path("bins")).isEmpty();
            assertThat(elements(page, "rect", "class", "bar")).isEmpty();
            Files.delete(directory.resolve("x.npy"));
        }
    }

    @Test
    void eachIntegerHasABinWhereThereAreFew() throws Exception {
        Path path = directory.resolve("x.npy");
        try (MemmapArray a = NpyFile.createMemmap(path, "<i8", 6)) {
            a.copyFrom(new long[] {-1, 2, 2, 0, 0, 0});
        }
        Document page = parse(profile(path));
        assertThat(numbers(page).path("columns").get(0).path("bins").toString()).isEqualTo("[1,3,0,2]");
        assertThat(elements(page, "rect", "class", "bar").get(3).getTextContent())
                .isEqualTo("from 2.0: 2");
        try (MemmapArray a = NpyFile.createMemmap(directory.resolve("y.npy"), "<i8", 2)) {
            a.copyFrom(new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
        }
        JsonNode bins = numbers(parse(profile(directory.resolve("y.npy"))))
                .path("columns")
                .get(0)
                .path("bins");
        assertThat(bins.get(0).asLong() + bins.get(49).asLong()).isEqualTo(2);
    }

    @Test
    void aMatrixHasAHeatMapOfMeans() throws Exception {
        Path path = directory.resolve("x.npy");
        try (MemmapArray a = NpyFile.createMemmap(path, "<f4", 130, 2)) {
            double[] values = new double[260];
            for (int i = 0; i < 260; i++) {
                values[i] = i % 2 == 0 ? i / 2 : Double.NaN;
            }
            a.copyFrom(values);
        }
        Document page = parse(profile(path));
        JsonNode means = numbers(page).path("heatMap");
        assertThat(means).hasSize(64);
        // Rows 0, 1, 2 are in the first cell, as 130 rows are in 64.
        assertThat(means.get(0).toString()).isEqualTo("[1.0,null]");
        assertThat(means.get(1).toString()).isEqualTo("[3.5,null]");
        assertThat(means.get(63).toString()).isEqualTo("[128.5,null]");
        assertThat(elements(page, "rect", "fill", "#bbbbbb")).hasSize(64);
        assertThat(elements(page, "rect", "fill", "#f0f5ff")).hasSize(1);
        assertThat(elements(page, "rect", "fill", "#0a2d78")).hasSize(1);
        assertThat(numbers(page).path("columns")).hasSize(2);
    }

    @Test
    void theHeatMapIsThatOfAnyOrder() throws Exception {
        Path shards = Files.createDirectory(directory.resolve("shards"));
        double[] values = new double[70 * 9001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 9001 * 0.5 + i % 9001;
        }
        try (MemmapArray a =
                NpyFile.createMemmap(directory.resolve("c.npy"), DType.parse("<f8"), Shape.of(70, 9001), Order.C)) {
            a.copyFrom(values);
        }
        // Shards in either order are one array.
        int row = 0;
        for (int rows : new int[] {20, 50}) {
            Path file = shards.resolve(rows == 20 ? "a.npy" : "b.npy");
            Order order = rows == 20 ? Order.C : Order.F;
            try (MemmapArray a = NpyFile.createMemmap(file, DType.parse("<f8"), Shape.of(rows, 9001), order)) {
                a.copyFrom(Arrays.copyOfRange(values, row * 9001, (row + rows) * 9001));
            }
            row += rows;
        }
        JsonNode expected = numbers(parse(profile(directory.resolve("c.npy")))).path("heatMap");
        JsonNode found = numbers(parse(profile(shards))).path("heatMap");
        assertThat(found).hasSize(64);
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < 64; j++) {
                assertThat(found.get(i).get(j).asDouble())
                        .isCloseTo(expected.get(i).get(j).asDouble(), within(1e-9));
            }
        }
    }

    @Test
    void namesAreText() throws Exception {
        String evil = "</script><script>alert('1')</script>&\\\"\u0001\ud800";
        Path path = directory.resolve("<b>&amp;.npy");
        String dtype = "[('%s', '<f4'), ('b', '<i2')]".formatted("</script>&\"");
        try (MemmapArray a = NpyFile.createMemmap(path, dtype, 3)) {
            a.field("b").fill(5);
        }
        Document page = parse(profile(path));
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo("<b>&amp;.npy");
        assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(1);
        assertThat(numbers(page).path("columns").get(0).path("name").asText()).isEqualTo("</script>&\"");
        assertThat(numbers(page).path("columns").get(1).path("bins").toString()).isEqualTo("[3]");
        assertThat(ProfilePage.escaped(evil))
                .isEqualTo("&lt;/script&gt;&lt;script&gt;alert('1')&lt;/script&gt;&amp;\\&quot;\ufffd\ufffd");
        assertThat(new ObjectMapper().readTree(ProfilePage.quoted(evil)).asText())
                .isEqualTo(evil);
    }

    @Test
    void overwritesNothing() throws Exception {
        Path path = doubles("x.npy", 1, 2);
        byte[] before = Files.readAllBytes(path);
        assertThat(run("profile", path, "-o", path))
                .isEqualTo("Cannot write " + path + ": it exists, expected no file; remove it");
        Path none = directory.resolve("none");
        assertThat(run("profile", path, "-o", none.resolve("x.html")))
                .isEqualTo("Cannot write " + none + "/x.html: there is no directory " + none + ", expected one");
        assertThat(run("profile", path)).isEqualTo("Cannot run profile without a report, expected -o REPORT.html");
        assertThat(path).hasBinaryContent(before);
        try (var names = Files.list(directory)) {
            assertThat(names).containsExactly(path);
        }
    }
}
