package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd names, links, and things that are no array files. */
class FileKindsTest {

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Map<String, String> options, Object path) {
        return spark.read().format("memmap").options(options).load(path.toString());
    }

    private void assertRefused(Map<String, String> options, Object path, String... parts) {
        assertThatThrownBy(() -> read(options, path).collectAsList()).message().contains(parts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space.npy",
                "100%.npy",
                "a%20b.npy",
                "x[0].npy",
                "x{1,2}.npy",
                "what?.npy",
                "star*.npy",
                "hash#1.npy",
                "a+b&c=d.npy",
                "a:b.npy",
                "gr\u00f6\u00dfe \u6570\u7ec4 \ud83d\ude00.npy"
            })
    void readsFilesOfAnyName(String name) throws IOException {
        Path file = Npy.doubles(directory.resolve("data").resolve(name), 1, 2);
        Row second = RowFactory.create(2.0, "file:" + file);
        List<String> paths = List.of(
                file.toString(),
                "file:" + file,
                "file://" + file,
                "file:" + file.getParent(),
                file.getParent() + "/*.npy");
        for (String path : paths) {
            Dataset<Row> rows = read(Map.of(), path).select("value", "_file");
            assertThat(rows.collectAsList()).as(path).hasSize(2).contains(second);
            assertThat(rows.where("_file = \"file:" + file + "\" AND _row = 1").collectAsList())
                    .as(path)
                    .containsExactly(second);
        }
    }

    /** No file of a local disk has such a name. */
    @Test
    void refusesAPathWithNul() throws IOException {
        Path file = Npy.doubles(directory.resolve("p=1/x.npy"), 1, 2);
        String nul = file + "\0";
        String shown = "Cannot use '" + file + "\\0' as a path: character "
                + file.toString().length() + " is NUL, which no file name can have, expected none; correct the path";
        assertRefused(Map.of(), nul, shown);
        assertRefused(Map.of(), nul + "*", shown.replace("\\0'", "\\0*'"));
        assertRefused(Map.of("basePath", nul), file, shown);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("paths", "[\"" + file + "\\u0000\"]")
                        .load())
                .message()
                .contains(shown);
        assertRefused(Map.of("columnPaths", "{\"a\": \"x.npy\\u0000\"}"), file.getParent(), shown);
        assertRefused(Map.of("columnPaths", "{\"a\": \"x.npy\\u0000#m\"}"), file.getParent(), "is NUL");
        assertRefused(Map.of(), file.getParent() + "/{x,\0}.npy", "character", "is NUL, which no file name can have");
        for (String mode : List.of("append", "overwrite", "errorifexists")) {
            assertThatThrownBy(() ->
                            spark.range(2).write().format("memmap").mode(mode).save(nul))
                    .message()
                    .contains(shown);
        }
    }

    @Test
    void readsAPathRelativeToTheWorkingDirectory() throws IOException {
        Path file = Npy.doubles(directory.resolve("x.npy"), 1);
        Path relative = Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
        assertThat(read(Map.of(), relative).collectAsList()).containsExactly(RowFactory.create(1.0));
    }

    @Test
    void followsLinksAndNamesBrokenOnes() throws IOException {
        Path file = Npy.doubles(directory.resolve("far/x.npy"), 1, 2);
        Path link = Files.createSymbolicLink(directory.resolve("link.npy"), file);
        Path folder = Files.createSymbolicLink(directory.resolve("folder"), file.getParent());
        assertThat(read(Map.of(), link).count()).isEqualTo(2);
        assertThat(read(Map.of(), folder).count()).isEqualTo(2);
        assertThat(read(Map.of(), directory).count()).isEqualTo(2);

        Files.delete(file);
        String broken = "link.npy: it is a symbolic link to " + file + ", which does not exist, expected a file";
        assertRefused(Map.of(), link, broken);
        assertRefused(Map.of(), directory, broken);
        assertRefused(Map.of(), directory + "/*.npy", broken);
    }

    @Test
    @Timeout(60)
    void refusesAFifoBeforeItIsOpened() throws IOException, InterruptedException {
        Path fifo = directory.resolve("x.npy");
        Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
        assumeTrue(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "mkfifo is missing here");
        String refused = "x.npy: it is a FIFO, device or socket, expected a regular file or a directory";
        assertRefused(Map.of(), fifo, refused);
        assertRefused(Map.of("dtype", "<f8"), fifo, refused);
        assertRefused(Map.of(), directory, refused);
        assertRefused(Map.of("dtype", "<f8"), "/dev/zero", "/dev/zero: it is a FIFO, device or socket");
    }

    @Test
    void refusesADirectoryInPlaceOfAFile() throws IOException {
        Npy.doubles(directory.resolve("1.npy"), 1);
        Files.createDirectory(directory.resolve("2.npy"));
        assertRefused(Map.of(), directory, "/2.npy: it is a directory, expected a file");
        assertRefused(Map.of(), directory.resolve("2.npy"), "/2.npy: the directory holds no array");
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("readme.txt"));
            zip.write(new byte[80]);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[80]);
        }
        return bytes.toByteArray();
    }

    private static byte[] magic(String magic) {
        return Npy.join(magic.getBytes(StandardCharsets.ISO_8859_1), new byte[80]);
    }

    static Stream<Arguments> otherFormats() throws IOException {
        return Stream.of(
                Arguments.of("x.npz", zip(), "zip archive"),
                Arguments.of("x.dat", gzip(), "gzip"),
                Arguments.of("x.h5", magic("\u0089HDF\r\n\u001a\n"), "HDF5"),
                Arguments.of("x.parquet", magic("PAR1"), "Parquet"),
                Arguments.of("x.pkl", magic("\u0080\u0004\u0095"), "pickle"));
    }

    @ParameterizedTest
    @MethodSource("otherFormats")
    void knowsOtherFormatsByTheirFirstBytes(String name, byte[] bytes, String word) throws IOException {
        Path file = Files.write(directory.resolve(name), bytes);
        assertRefused(Map.of(), file, "Cannot read file:" + file + ": ", word, "expected a .npy file");
        Path renamed = Files.write(directory.resolve("y.npy"), bytes);
        assertRefused(Map.of(), renamed, "Cannot read file:" + renamed + ": ", word);
    }

    @Test
    void asksForADTypeWhereNothingSaysWhatAFileHolds() throws IOException {
        Path file = Files.write(directory.resolve("x.dat"), new byte[32]);
        assertRefused(
                Map.of(),
                file,
                "x.dat: it is no .npy file and nothing says what it holds, expected a .npy file, a sidecar file:" + file
                        + ".memmap.json, or the option dtype (for example dtype='<f8')");
        Path empty = Files.write(directory.resolve("empty.dat"), new byte[0]);
        assertRefused(Map.of(), empty, "empty.dat: it is no .npy file and nothing says what it holds");
        assertThat(read(Map.of("dtype", "<f8"), empty).count()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesFilesThatHoldMoreThanTheirLengthOf0() throws IOException {
        String refused =
                ": its length is 0, but it holds bytes, as files of /proc do, expected the length of what it holds;"
                        + " copy the file and read the copy";
        Path link = Files.createSymbolicLink(directory.resolve("x.dat"), Path.of("/proc/version"));
        for (Map<String, String> options :
                List.of(Map.of("dtype", "u1"), Map.of("dtype", "u1", "container", "raw"), Map.<String, String>of())) {
            assertRefused(options, "/proc/version", "Cannot read file:/proc/version" + refused);
            assertRefused(options, link, "Cannot read file:" + link + refused);
        }
        assertRefused(Map.of("dtype", "u1"), directory, "x.dat" + refused);
        assertRefused(Map.of("dtype", "u1"), directory + "/*", "x.dat" + refused);
        assertRefused(Map.of("dtype", "u1", "pathGlobFilter", "ostype"), "/proc/sys/kernel", "kernel/ostype" + refused);
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"u1\", \"shape\": [0]}");
        assertRefused(Map.of(), link, "x.dat" + refused);
        Path npy = Files.createSymbolicLink(directory.resolve("x.npy"), Path.of("/proc/version"));
        assertRefused(Map.of(), npy, "x.npy" + refused);
        assertRefused(Map.of("dtype", "u1", "container", "raw"), npy, "x.npy" + refused);
    }

    /** A file of /sys says the length of a page, and holds less. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesFilesThatHoldLessThanTheirLength() {
        Path file = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        assumeTrue(Files.isReadable(file), file + " is missing here");
        for (String access : List.of("map", "read", "auto")) {
            assertThatThrownBy(() -> read(Map.of("dtype", "u1", "access", access), file)
                            .agg(Map.of("value", "sum"))
                            .collectAsList())
                    .message()
                    .containsPattern(
                            Pattern.quote("Cannot read file:" + file + ": ")
                                    + (access.equals("map")
                                            ? ".*No such device"
                                            : "it ends after [0-9]+ bytes, expected [0-9]+; it was truncated since the query was planned"));
        }
    }

    @Test
    void nothingIsBelowAFile() throws IOException {
        Path file = Files.write(directory.resolve("x.wav"), new byte[8]);
        assertRefused(Map.of(), file.resolve("y.npy"), "Cannot read " + file + "/y.npy: no such file or directory");
        assertThatThrownBy(() ->
                        spark.range(2).write().format("memmap").mode("append").save(file.toString()))
                .hasMessageStartingWith(
                        "Cannot write " + file + ": its name ends in .wav, and what would be written is a");
    }
}
