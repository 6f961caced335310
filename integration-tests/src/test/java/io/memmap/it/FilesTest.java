package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files a path stands for, in which order, and what is refused. */
class FilesTest {

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Map<String, String> options, Object... paths) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(Arrays.stream(paths).map(Object::toString).toArray(String[]::new));
    }

    private List<Object> values(Map<String, String> options, Object... paths) {
        return read(options, paths).collectAsList().stream()
                .map(row -> row.get(0))
                .toList();
    }

    private List<Object> values(Object... paths) {
        return values(Map.of(), paths);
    }

    private void assertRefused(Map<String, String> options, Path path, String... parts) {
        assertThatThrownBy(() -> read(options, path).collectAsList()).message().contains(parts);
    }

    private Path npy(String name, double... values) throws IOException {
        return Npy.doubles(directory.resolve(name), values);
    }

    private Path raw(String name, byte[] data) throws IOException {
        return Files.write(directory.resolve(name), data);
    }

    @Test
    void readsADirectoryInNaturalOrder() throws IOException {
        npy("10.npy", 3);
        npy("2.npy", 2);
        npy("1.npy", 1);
        npy("_0.npy", -1);
        npy(".0.npy", -1);
        raw("notes.txt", new byte[] {'x'});
        assertThat(values(directory)).containsExactly(1.0, 2.0, 3.0);
        assertThat(read(Map.of(), directory).queryExecution().executedPlan().toString())
                .contains("1 other files ignored");
    }

    @Test
    void readsSeveralPathsInTheOrderGiven() throws IOException {
        Path b = npy("b.npy", 2, 3);
        Path a = npy("a.npy", 1);
        npy("d/2.npy", 5);
        npy("d/1.npy", 4);
        assertThat(values(b, directory.resolve("d"), a)).containsExactly(2.0, 3.0, 4.0, 5.0, 1.0);
        assertThat(read(Map.of(), b, a, b)
                        .where("_row >= 2")
                        .select("value", "_row")
                        .collectAsList())
                .containsExactly(RowFactory.create(1.0, 2L), RowFactory.create(2.0, 3L), RowFactory.create(3.0, 4L));
    }

    @Test
    void takesPatterns() throws IOException {
        npy("x/10.npy", 3);
        npy("x/9.npy", 2);
        npy("y/1.npy", 4);
        npy("x/_1.npy", -1);
        raw("x/readme", new byte[1]);
        assertThat(values(directory + "/x/*.npy")).containsExactly(2.0, 3.0);
        assertThat(values(directory + "/{y,x}/[0-9]*.npy")).containsExactly(2.0, 3.0, 4.0);
        assertThat(values(directory + "/?")).containsExactly(2.0, 3.0, 4.0);
        assertThat(values("file:" + directory + "/x/*.npy")).containsExactly(2.0, 3.0);
        assertRefused(
                Map.of(), directory.resolve("*.nope"), "/*.nope: no file matches the pattern, expected at least one");
    }

    @Test
    void patternsLookIntoNoHiddenDirectory() throws IOException {
        npy("a/x.npy", 1);
        npy("a/b/x.npy", 2);
        npy(".trash/x.npy", -1);
        npy("_tmp/b/x.npy", -1);
        npy("a/.b/x.npy", -1);
        assertThat(values(directory + "/*/x.npy")).containsExactly(1.0);
        assertThat(values(directory + "/*/*.npy")).containsExactly(1.0);
        assertThat(values(directory + "/*/*/x.npy")).containsExactly(2.0);
        assertThat(values(directory + "/*/b/x.npy")).containsExactly(2.0);
        assertThat(values(directory + "/{a/b,a/.b,.*,a}/?.npy")).containsExactlyInAnyOrder(1.0, -1.0, -1.0, 2.0);
        assertThat(values(directory + "/.t*/x.npy")).containsExactly(-1.0);
        assertThat(values(directory + "/_tmp/*/x.npy")).containsExactly(-1.0);
        assertRefused(
                Map.of(), directory.resolve("*/y.npy"), "/*/y.npy: no file matches the pattern, expected at least one");
    }

    @Test
    void linksInCirclesAreFollowedOnce() throws IOException {
        npy("a/1.npy", 1);
        npy("b/2.npy", 2);
        Files.createSymbolicLink(directory.resolve("self"), Path.of("."));
        Files.createSymbolicLink(directory.resolve("a/up"), directory);
        Files.createSymbolicLink(directory.resolve("b/a"), directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("a/b"), directory.resolve("b"));
        Map<String, String> recursive = Map.of("recursiveFileLookup", "true");
        assertThat(values(recursive, directory)).containsExactlyInAnyOrder(1.0, 2.0, 2.0, 1.0);
        assertThat(values(recursive, Files.createSymbolicLink(directory.resolve("l"), directory.resolve("b"))))
                .containsExactlyInAnyOrder(2.0, 1.0);
    }

    @Test
    void filtersNamesAndSearchesSubdirectories() throws IOException {
        npy("day-1.npy", 1);
        npy("night-1.npy", 2);
        npy("more/day-2.npy", 3);
        npy("more/_tmp/day-3.npy", -1);
        assertThat(values(directory)).containsExactly(1.0, 2.0);
        assertThat(values(Map.of("pathGlobFilter", "day*"), directory)).containsExactly(1.0);
        assertThat(values(Map.of("recursiveFileLookup", "true"), directory)).containsExactly(1.0, 2.0, 3.0);
        assertThat(values(Map.of("recursiveFileLookup", "true", "pathGlobFilter", "*{1,2}.npy"), directory))
                .containsExactly(1.0, 2.0, 3.0);
        assertThat(values(Map.of("recursiveFileLookup", "true", "pathGlobFilter", "day*"), directory))
                .containsExactly(1.0, 3.0);
    }

    private void manifest(String shards) throws IOException {
        Files.writeString(
                directory.resolve("_memmap.json"),
                "{\"version\": 1, \"dtype\": \"<f8\", \"trailingShape\": [], \"order\": \"C\", \"shards\": [" + shards
                        + "]}");
    }

    @Test
    void followsAManifest() throws IOException {
        npy("1.npy", 1);
        npy("2.npy", 2, 3);
        npy("3.npy", 4);
        manifest("{\"name\": \"2.npy\", \"rows\": 2}, {\"name\": \"1.npy\", \"rows\": 1}");
        assertThat(values(directory)).containsExactly(2.0, 3.0, 1.0);
        assertThat(read(Map.of(), directory).queryExecution().executedPlan().toString())
                .contains("1 other files ignored");

        manifest("{\"name\": \"1.npy\", \"rows\": 1}, {\"name\": \"9.npy\", \"rows\": 2}");
        assertThatThrownBy(() -> read(Map.of(), directory).collectAsList())
                .hasMessage("Cannot read file:" + directory
                        + ": its manifest _memmap.json lists 9.npy, which is not there, expected all of its 2 shards;"
                        + " restore it, or remove the manifest to read what is left");

        manifest("{\"name\": \"2.npy\", \"rows\": 3}");
        assertRefused(
                Map.of(),
                directory,
                "/2.npy: the manifest",
                "_memmap.json says shape (3,), but its header says shape (2,)");

        Files.createDirectory(directory.resolve("4.npy"));
        manifest("{\"name\": \"4.npy\", \"rows\": 3}");
        assertRefused(Map.of(), directory, "/4.npy: it is a directory, expected a file");
    }

    /** A FIFO would be waited for. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void directoriesThatAManifestListsAreThere() throws Exception {
        Files.writeString(
                directory.resolve("_memmap.json"),
                "{\"version\": 2, \"dtype\": \"<f8\", \"trailingShape\": [],"
                        + " \"shards\": [{\"name\": \"p=1/a.npy\", \"rows\": 1}]}");
        assertRefused(
                Map.of(), directory, "its manifest _memmap.json lists p=1/a.npy, which is not there, expected all");
        Path part = directory.resolve("p=1");
        Files.writeString(part, "no directory");
        assertRefused(Map.of(), directory, "Cannot read " + part + ": it is no directory, expected one; move it away");
        Files.delete(part);
        assumeThat(new ProcessBuilder("mkfifo", part.toString()).start().waitFor())
                .isZero();
        assertRefused(Map.of(), directory, "Cannot read " + part + ": it is no directory, expected one; move it away");
    }

    @Test
    void readsASidecar() throws IOException {
        Path file = raw("grid.dat", Npy.join(new byte[3], Npy.i2(1, 2, 3, 4, 5, 6)));
        Path sidecar = directory.resolve("grid.dat.memmap.json");
        String head = "{\"dtype\": \"<i2\", \"offset\": 3, ";
        Files.writeString(sidecar, head + "\"shape\": [3, 2], \"order\": \"F\", \"columnNames\": [\"a\", \"b\"]}");
        Dataset<Row> rows = read(Map.of(), file);
        assertThat(rows.columns()).containsExactly("a", "b");
        assertThat(rows.collectAsList())
                .containsExactly(
                        RowFactory.create((short) 1, (short) 4),
                        RowFactory.create((short) 2, (short) 5),
                        RowFactory.create((short) 3, (short) 6));
        assertThat(read(Map.of("dtype", "<i2", "order", "F", "offset", "3"), file)
                        .count())
                .isEqualTo(3);

        assertRefused(
                Map.of("dtype", "<f4"), file, "the option dtype=<f4 was given, but its sidecar", "says dtype <i2");
        assertRefused(Map.of("order", "C"), file, "the option order=C was given, but its sidecar", "says order F");
        assertRefused(Map.of("offset", "1"), file, "the option offset=1 was given, but its sidecar", "says offset 3");
        assertRefused(Map.of("shape", "2,3"), file, "the option shape=(2, 3) was given, but its sidecar", "(3, 2)");
        assertThat(values(Map.of("sidecar", "ignore", "dtype", "u1"), file)).hasSize(15);

        Files.writeString(sidecar, head + "\"fileNbytes\": 15, \"layout\": \"array\", \"shape\": [3, 2]}");
        assertThat(read(Map.of(), file).schema().catalogString()).isEqualTo("struct<value:array<smallint>>");
        Files.writeString(sidecar, head + "\"fileNbytes\": 17}");
        assertRefused(
                Map.of(),
                file,
                "grid.dat: it has 15 bytes, expected at least 17 as when its sidecar",
                "grid.dat.memmap.json was written; it was truncated, or set sidecar=ignore");
        Files.writeString(sidecar, "{\"dtype\": \"<i2\", \"shpae\": [3]}");
        assertRefused(Map.of(), file, "grid.dat.memmap.json", "shpae");
    }

    @Test
    void refusesASidecarThatContradictsAHeader() throws IOException {
        Path file = npy("x.npy", 1, 2);
        Files.writeString(directory.resolve("x.npy.memmap.json"), "{\"dtype\": \"<f4\"}");
        assertRefused(
                Map.of(),
                file,
                "x.npy: its sidecar",
                "says dtype <f4, but its header says dtype <f8",
                "sidecar=ignore");
        assertThat(values(Map.of("sidecar", "ignore"), file)).containsExactly(1.0, 2.0);
    }

    @Test
    void refusesOptionsThatContradictAHeader() throws IOException {
        Path file = npy("x.npy", 1, 2);
        assertThat(values(Map.of("dtype", "<f8", "shape", "-1"), file)).containsExactly(1.0, 2.0);
        assertRefused(Map.of("dtype", "<f4"), file, "the option dtype=<f4 was given, but its header says dtype <f8");
        assertRefused(Map.of("shape", "3"), file, "the option shape=(3,) was given, but its header says shape (2,)");
        assertRefused(Map.of("offset", "64"), file, "the option offset=64 was given, but its header says offset 128");
    }

    @Test
    void laysShardsOfDifferentFormsEndToEnd() throws IOException {
        byte[] six = Npy.i4(1, 2, 3, 4, 5, 6);
        Npy.of("'<i4'", "(2, 3)").write(directory.resolve("1.npy"), six);
        Npy.of("'>i4'", "(2, 3)").withVersion(2).write(directory.resolve("2.npy"), Npy.swapped(4, six));
        Npy.of("'<i4'", "(2, 3)").inFortranOrder().withVersion(3).write(directory.resolve("3.npy"), six);
        assertThat(read(Map.of(), directory).collectAsList())
                .containsExactly(
                        RowFactory.create(1, 2, 3),
                        RowFactory.create(4, 5, 6),
                        RowFactory.create(1, 2, 3),
                        RowFactory.create(4, 5, 6),
                        RowFactory.create(1, 3, 5),
                        RowFactory.create(2, 4, 6));
    }

    @Test
    void laysTextsOfDifferentWidthsEndToEnd() throws IOException {
        Npy.of("'|S2'", "(2,)").write(directory.resolve("1.npy"), Npy.text(2, "a", "bc"));
        Npy.of("'|S5'", "(1,)").write(directory.resolve("2.npy"), Npy.text(5, "defgh"));
        Npy.of("'<U2'", "(1,)").write(directory.resolve("3.npy"), Npy.i4('\u00e4', 0x1f600));
        assertThat(values(directory)).containsExactly("a", "bc", "defgh", "\u00e4\ud83d\ude00");
    }

    @Test
    void refusesShardsThatDoNotFitByName() throws IOException {
        npy("1.npy", 1);
        Path other = Npy.of("'<f4'", "(1,)").write(directory.resolve("2.npy"), Npy.f4(1));
        assertRefused(
                Map.of(),
                directory,
                "/2.npy together with file:" + directory + "/1.npy: its rows are () of <f4, " + "expected () of <f8");
        Npy.of("'<f8'", "(1, 2)").write(other, Npy.f8(1, 2));
        assertRefused(Map.of(), directory, "/2.npy together with", "its rows are (2,) of <f8, expected () of <f8");
        Npy.of("[('a', '<f8')]", "(1,)").write(other, Npy.f8(1));
        assertRefused(Map.of(), directory, "/2.npy together with", "its rows are () of [('a', '<f8')]");
        Npy.of("'<f8'", "()").write(other, Npy.f8(1));
        assertRefused(Map.of(), directory, "/2.npy as a shard: it is 0-D, expected at least one axis");
        Npy.of("'<f8'", "()").write(directory.resolve("1.npy"), Npy.f8(1));
        assertRefused(Map.of(), directory, ".npy as a shard: it is 0-D, expected at least one axis");
        npy("2.npy", 2, 3);
        assertRefused(Map.of(), directory, "/1.npy as a shard: it is 0-D, expected at least one axis");
    }

    @Test
    void neverReadsADirectoryAsNoRows() throws IOException {
        assertRefused(Map.of(), directory, directory + ": the directory holds no array, expected *.npy, or raw files");
        npy("sub/1.npy", 1);
        assertRefused(
                Map.of(),
                directory,
                directory + ": it holds only directories, such as sub, expected arrays; set recursiveFileLookup=true");
        npy("day=1/1.npy", 1);
        assertRefused(
                Map.of(),
                directory,
                directory + "/day=1 together with",
                directory + "/sub: ",
                "/day=1 has the partition columns [day], and",
                "/sub has no partition columns");
        raw("x.dat", Npy.f8(2));
        assertRefused(Map.of("container", "npy"), directory.resolve("x.dat"), "x.dat", ".npy");
        Files.delete(directory.resolve("day=1/1.npy"));
        Files.delete(directory.resolve("day=1"));
        assertRefused(Map.of(), directory, "none of its 1 files, such as x.dat, ends in .npy, expected *.npy files");
        assertThat(values(Map.of("dtype", "<f8"), directory)).containsExactly(2.0);
        assertRefused(Map.of("recursiveFileLookup", "true", "pathGlobFilter", "z*"), directory, "Cannot read file:");
        assertRefused(Map.of(), directory.resolve("nope.npy"), "/nope.npy: no such file or directory");
    }

    @Test
    void readsOnlyArraysOfADirectoryWithHeaders() throws IOException {
        npy("1.npy", 1);
        raw("2.dat", Npy.f8(2));
        assertThat(values(Map.of("dtype", "<f8"), directory)).containsExactly(1.0);
        Files.delete(directory.resolve("1.npy"));
        raw("10.dat", Npy.f8(3));
        assertThat(values(Map.of("dtype", "<f8", "container", "raw"), directory))
                .containsExactly(2.0, 3.0);
    }
}
