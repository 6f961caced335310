package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of a container as the columns of one table. */
class MembersSideBySideTest {
    private final SparkSession spark = SharedSpark.session();

    @TempDir
    private Path directory;

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    /** Writes {@code x}, {@code y} of two numbers a row, and {@code n} of another length. */
    private Path container(String name, int first, int rows, boolean deflated) throws IOException {
        double[] x = new double[rows];
        double[] y = new double[2 * rows];
        for (int row = 0; row < rows; row++) {
            x[row] = first + row;
            y[2 * row] = first + row + .25;
            y[2 * row + 1] = first + row + .5;
        }
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x", array("(" + rows + ",)", x));
        members.put("y", array("(" + rows + ", 2)", y));
        members.put("n", array("(1,)", rows));
        return container(name, members, deflated);
    }

    private Path container(String name, Map<String, byte[]> members, boolean deflated) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream bytes = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(deflated ? ZipOutputStream.DEFLATED : ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey() + ".npy");
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setSize(member.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
        return file;
    }

    private byte[] array(String shape, double... values) throws IOException {
        Path file = directory.resolve("entry.tmp");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Files.copy(Npy.of("'<f8'", shape).write(file, Npy.f8(values)), bytes);
        Files.delete(file);
        return bytes.toByteArray();
    }

    private Dataset<Row> read(Map<String, String> options, Path path) {
        return spark.read().format("memmap").options(options).load(path.toString());
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.selectExpr("cast(struct(*) AS string)").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void membersOfEqualLengthsAreColumns(boolean deflated) throws IOException {
        Path file = container("x.npz", 0, 1000, deflated);
        Dataset<Row> table = read(Map.of("member", "y,x", "minPartitions", "3"), file);
        assertThat(table.columns()).containsExactly("y", "x");
        assertThat(table.rdd().getNumPartitions()).isEqualTo(deflated ? 1 : 3);
        assertThat(texts(table.where("_row = 998").select("x", "y", "_file_row", "_file")))
                .containsExactly("{998.0, [998.25, 998.5], 998, file:" + file + "}");
        assertThat(texts(table.where("x >= 10").selectExpr("count(*)", "sum(x)", "sum(y[1] - x)")))
                .containsExactly("{990, 499455.0, 495.0}");
        assertThat(texts(table.selectExpr("sum(x)", "max(x)"))).containsExactly("{499500.0, 999.0}");
    }

    /** Each of them is checked around the work on all of them. */
    @Test
    void thousandsOfMembersAreRead() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < 3000; i++) {
            members.put("m" + i, array("(2,)", i, -i));
        }
        Dataset<Row> table = read(Map.of(), container("x.npz", members, false));
        assertThat(table.queryExecution().executedPlan().toString())
                .contains("; m24 = ", "; ... 2975 more, 2 rows selected")
                .doesNotContain("m25 = ");
        Row last = table.where("_row = 1").head();
        assertThat(last.size()).isEqualTo(3000);
        assertThat(last.getDouble(0) + last.getDouble(17) + last.getDouble(2999))
                .isEqualTo(-3016);
    }

    @Test
    void allMembersAreReadIfTheirLengthsAreEqual() throws IOException {
        assertThatThrownBy(() -> read(Map.of(), container("x.npz", 0, 10, false)))
                .hasMessageContaining("its members x and n have 10 and 1 rows, expected equal row counts side by side")
                .hasMessageContaining("y: <f8 of shape (10, 2)");
        assertThat(texts(read(Map.of(), container("one.npz", 5, 1, false)))).containsExactly("{5.0, [5.25, 5.5], 1.0}");
        assertThatThrownBy(() -> read(Map.of("layout", "elements", "member", "x,y"), directory.resolve("x.npz")))
                .hasMessageContaining(
                        "with option layout: its members [x, y] are side by side, a column each, expected no"
                                + " such option; choose one of them by the option member");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void containersAreEndToEnd(boolean deflated) throws IOException {
        container("run/0.npz", 0, 300, deflated);
        container("run/1.npz", 300, 200, deflated);
        Dataset<Row> table = read(Map.of("member", "x,y"), directory.resolve("run"));
        assertThat(texts(table.where("_row IN (299, 300)").select("_row", "_file_row", "x", "y")))
                .containsExactly("{299, 299, 299.0, [299.25, 299.5]}", "{300, 0, 300.0, [300.25, 300.5]}");
        assertThat(texts(table.groupBy("_file").count().orderBy("_file")))
                .containsExactly("{file:" + directory + "/run/0.npz, 300}", "{file:" + directory + "/run/1.npz, 200}");
        assertThat(texts(table.groupBy("_file").sum("x").orderBy("_file")))
                .containsExactly(
                        "{file:" + directory + "/run/0.npz, 44850.0}", "{file:" + directory + "/run/1.npz, 79900.0}");
        assertThat(texts(table.where("_file LIKE '%1.npz'").select("_file_row").limit(2)))
                .containsExactly("{0}", "{1}");
        assertThat(texts(table.where("_file_row = 7").select("x"))).containsExactly("{7.0}", "{307.0}");
    }

    @Test
    void filesOfOtherMembersAreRefused() throws IOException {
        container("run/0.npz", 0, 1, false);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(directory.resolve("run/1.npz")))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(array("(1,)", 1));
        }
        assertThatThrownBy(() -> read(Map.of(), directory.resolve("run")))
                .hasMessageContaining("run/1.npz together with file:" + directory
                        + "/run/0.npz: its members are [x], expected [x, y, n]; choose members that all files have by the"
                        + " option member");
        assertThat(texts(read(Map.of("member", "x"), directory.resolve("run")))).hasSize(2);
    }

    /** Flips a bit of the header of the last stored member. */
    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("'fortran_order'")] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedMemberIsAnErrorUnlessOthersAreChosen() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("x", array("(2,)", 1, 2));
        members.put("y", array("(2,)", 3, 4));
        container("run/0.npz", members, false);
        damage(container("run/1.npz", members, false));
        for (Path path : List.of(directory.resolve("run/1.npz"), directory.resolve("run"))) {
            assertThatThrownBy(() -> read(Map.of(), path))
                    .hasMessageContaining(
                            "Cannot read file:" + directory + "/run/1.npz#y: found '&' in the header at byte")
                    .hasMessageContaining("; write the file again, or choose another member by the option member");
            assertThatThrownBy(() -> read(Map.of("member", "y"), path))
                    .hasMessageContaining("/run/1.npz#y: found '&' in the header at byte");
        }
        assertThat(texts(read(Map.of("member", "x"), directory.resolve("run"))))
                .containsExactly("{1.0}", "{2.0}", "{1.0}", "{2.0}");
        assertThat(texts(read(Map.of(), directory.resolve("run/0.npz")))).containsExactly("{1.0, 3.0}", "{2.0, 4.0}");
        damage(directory.resolve("run/0.npz"));
        assertThatThrownBy(() -> read(Map.of(), directory.resolve("run"))).hasMessageContaining("/run/0.npz#y: found");
    }

    @Test
    void columnPathsNameMembers() throws IOException {
        container("x.npz", 0, 4, true);
        Npy.doubles(directory.resolve("label.npy"), 1, 0, 1, 0);
        Npy.doubles(directory.resolve("x.npz#n"), 9, 8, 7, 6);
        Dataset<Row> table = spark.read()
                .format("memmap")
                .option(
                        "columnPaths",
                        "{'x': 'x.npz#x', 'y': {'path': 'x.npz', 'member': 'y'}, 'label': 'label.npy', 'n': 'x.npz#n'}")
                .load(directory.toString());
        assertThat(texts(table.where("label = 1")))
                .containsExactly("{0.0, [0.25, 0.5], 1.0, 9.0}", "{2.0, [2.25, 2.5], 1.0, 7.0}");
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("columnPaths", "{'x': 'x.npz'}")
                        .load(directory.toString()))
                .hasMessageContaining("its members x and n have 4 and 1 rows");
        container("one.npz", 0, 1, false);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("columnPaths", "{'x': 'one.npz'}")
                        .load(directory.toString()))
                .hasMessageContaining(
                        "one.npz: it holds several arrays, x, y, n, expected one; name it, as in x.npz#name"
                                + " or the option member");
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("columnPaths", "{'x': 'none.npz#x'}")
                        .load(directory.toString()))
                .hasMessageContaining("none.npz#x");
    }
}
