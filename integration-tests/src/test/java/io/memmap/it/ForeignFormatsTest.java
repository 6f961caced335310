package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other formats are not read as numbers, unless the user insists. */
class ForeignFormatsTest {
    private static final String RAW = "to read its bytes as they are, set container=raw";

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private long count(Map<String, String> options, Object path) {
        return spark.read()
                .format("memmap")
                .options(options)
                .load(path.toString())
                .count();
    }

    private void assertRefused(Map<String, String> options, Object path, String... parts) {
        assertThatThrownBy(() -> count(options, path))
                .message()
                .doesNotContain("\n")
                .contains(parts);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] padded(String start) {
        return Npy.join(latin1(start), new byte[400 - start.length()]);
    }

    private static byte[] at(int offset, String magic) {
        byte[] bytes = new byte[400];
        System.arraycopy(latin1(magic), 0, bytes, offset, magic.length());
        return bytes;
    }

    private static byte[] ints(int nbytes, ByteOrder order, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(nbytes).order(order);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
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

    static Stream<Arguments> files() throws IOException {
        return Stream.of(
                Arguments.of("x.wav", padded("RIFF\44\1\0\0WAVEfmt "), "WAV"),
                Arguments.of("x.gz", gzip(), "gzip"),
                Arguments.of("x.zst", padded("\50\265\57\375"), "Zstandard"),
                Arguments.of("x.h5", padded("\211HDF\r\n\32\n"), "HDF5"),
                Arguments.of("x.mat", padded("MATLAB 5.0 MAT-file, Platform: GLNXA64"), "MATLAB"),
                Arguments.of("x.parquet", padded("PAR1\25\4"), "Parquet"),
                Arguments.of("x.arrow", padded("ARROW1\0\0"), "Arrow"),
                Arguments.of("x.tif", padded("II*\0\10\0\0\0"), "TIFF"),
                Arguments.of("x.png", padded("\211PNG\r\n\32\n"), "PNG"),
                Arguments.of("x.jpg", padded("\377\330\377\340\0\20JFIF\0"), "JPEG"),
                Arguments.of("x.nc", padded("CDF\2\0\0\0\0"), "netCDF"),
                Arguments.of("x.fits", padded("SIMPLE  =                    T"), "FITS"),
                Arguments.of("x.gguf", padded("GGUF\3\0\0\0"), "GGUF"),
                Arguments.of("x.pkl", padded("\200\4\225\60\0\0\0\0\0\0\0}"), "pickle"),
                Arguments.of("y.pkl", padded("\200\2}q\0(X\1\0\0\0aq\1K\1u."), "pickle"),
                Arguments.of("x.nii", Npy.join(ints(344, ByteOrder.LITTLE_ENDIAN, 348), padded("n+1\0")), "NIfTI"),
                Arguments.of("x.dcm", at(128, "DICM"), "DICOM"),
                Arguments.of("x.tar", at(257, "ustar\00000"), "tar"),
                Arguments.of("x.bin", ints(1024 + 40, ByteOrder.LITTLE_ENDIAN, 20240522, 1, 20), "llm.c"),
                Arguments.of("y.bin", padded("HUFFIDX\0\0\1\0\0\0\0\0\0\0"), "fairseq"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void refusesAForeignFileByTheNameOfItsFormat(String name, byte[] bytes, String format) throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path file = Files.write(folder.resolve(name), bytes);
        String start = "Cannot read file:" + file + ": ";
        assertRefused(Map.of("dtype", "u1"), file, start, format, RAW);
        assertRefused(Map.of(), file, start, format, RAW + " and give a sidecar");
        assertRefused(Map.of("dtype", "u1"), folder, start, format, RAW);
        assertRefused(Map.of("dtype", "u1"), folder + "/*", start, format, RAW);
        assertRefused(Map.of(), folder, "none of its 1 files ends in .npy", name + " is", format, "container=raw");
        assertRefused(Map.of("recursiveFileLookup", "true"), directory, "no file in it", name + " is", format);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .schema("a TINYINT")
                        .load(file.toString())
                        .count())
                .message()
                .contains(start, format, RAW);
        assertThat(count(Map.of("dtype", "u1", "container", "raw"), file)).isEqualTo(bytes.length);
        assertThat(count(Map.of("dtype", "u1", "container", "raw"), folder)).isEqualTo(bytes.length);
    }

    @Test
    void refusesAZipArchiveWithoutArrays() throws IOException {
        Path file = Files.write(directory.resolve("x.zip"), zip());
        for (Map<String, String> options : List.of(Map.<String, String>of(), Map.of("dtype", "u1"))) {
            assertRefused(
                    options, file, "Cannot read file:" + file + ": it is a zip archive (.npz?) of 1 entries", RAW);
        }
        assertThat(count(Map.of("dtype", "u1", "container", "raw"), file)).isEqualTo(Files.size(file));
        assertThat(count(Map.of("dtype", "u1", "offset", "1"), file)).isEqualTo(Files.size(file) - 1);
    }

    @Test
    void readsWhatASidecarOrAManifestOrAnOffsetDescribes() throws IOException {
        byte[] wav = padded("RIFF\44\1\0\0WAVEfmt ");
        Path file = Files.write(directory.resolve("x.wav"), wav);
        assertThat(count(Map.of("dtype", "<i2", "offset", "44"), file)).isEqualTo((400 - 44) / 2);
        assertRefused(Map.of("dtype", "<i2", "offset", "0"), file, "WAV");

        Files.writeString(directory.resolve("x.wav.memmap.json"), "{\"dtype\": \"u1\"}");
        assertThat(count(Map.of(), file)).isEqualTo(400);
        assertThat(count(Map.of(), directory)).isEqualTo(400);
        assertRefused(Map.of("dtype", "u1", "sidecar", "ignore"), file, "WAV");

        Path listed = Files.createDirectory(directory.resolve("listed"));
        Files.write(listed.resolve("x.wav"), wav);
        Files.writeString(
                listed.resolve("_memmap.json"),
                "{\"version\": 1, \"dtype\": \"|u1\", \"trailingShape\": [],"
                        + " \"shards\": [{\"name\": \"x.wav\", \"rows\": 400}]}");
        assertThat(count(Map.of(), listed)).isEqualTo(400);
    }

    @Test
    void needsTheLengthToFitWhereTheFirstBytesMayBeNumbers() throws IOException {
        Path idx = Files.write(directory.resolve("a"), ints(16 + 25, ByteOrder.BIG_ENDIAN, 0x803, 2, 3, 4));
        assertThat(count(Map.of("dtype", "u1"), idx)).isEqualTo(41);
        Path tokens = Files.write(directory.resolve("b"), ints(1024 + 41, ByteOrder.LITTLE_ENDIAN, 20240520, 1, 20));
        assertThat(count(Map.of("dtype", "u1"), tokens)).isEqualTo(1065);
    }

    @Test
    void refusesToAppendToAForeignFile() throws IOException {
        Path file = Files.write(directory.resolve("x.wav"), padded("RIFF\44\1\0\0WAVEfmt "));
        assertThatThrownBy(() -> spark.range(2)
                        .selectExpr("CAST(id AS SMALLINT) AS value")
                        .write()
                        .format("memmap")
                        .option("dtype", "<i2")
                        .option("output", "file")
                        .mode("append")
                        .save(file.toString()))
                .message()
                .contains("x.wav: it is a WAV file");
        assertThat(Files.size(file)).isEqualTo(400);
    }

    /** nanoGPT puts the vocabulary, a pickle, beside the tokens. */
    @Test
    void namesThePathGlobFilterWhereAForeignFileIsBesideRawOnes() throws IOException {
        Files.write(directory.resolve("train.bin"), new byte[20]);
        Files.write(directory.resolve("val.bin"), new byte[8]);
        Files.write(directory.resolve("meta.pkl"), padded("\200\4\225\60\0\0\0\0\0\0\0}"));
        assertThatThrownBy(() -> count(Map.of("dtype", "u2"), directory))
                .hasMessage(
                        "Cannot read file:" + directory + "/meta.pkl: it is a Python pickle, not an .npy file; load it"
                                + " in Python, if you trust it, and write it with np.save, expected a .npy file; to read its"
                                + " bytes as they are, set container=raw; to read other files of its directory, set"
                                + " pathGlobFilter (for example *.bin)");
        assertThatThrownBy(() -> count(Map.of(), directory))
                .hasMessageEndingWith(
                        "set container=raw and dtype, and pathGlobFilter (for example *.bin) to leave" + " others out");
        assertThat(count(Map.of("dtype", "u2", "pathGlobFilter", "*.bin"), directory))
                .isEqualTo(14);
    }

    /** No pickle is in them. */
    @Test
    void aNameInfoThatIsNoFileIsNoStack() throws IOException, InterruptedException {
        Npy.doubles(directory.resolve("0.npy"), 1, 2);
        Path info = Files.createSymbolicLink(directory.resolve("info"), directory.resolve("gone"));
        assertThat(count(Map.of(), directory)).isEqualTo(2);
        Files.delete(info);
        Path unreadable = Path.of("/proc/self/mem");
        if (Files.isRegularFile(unreadable)) {
            Files.createSymbolicLink(info, unreadable);
            assertRefused(Map.of(), directory, directory + ": its file info, which may say that this is a stack");
            Files.delete(info);
        }
        assumeThat(new ProcessBuilder("mkfifo", info.toString()).start().waitFor())
                .isZero();
        assertThat(count(Map.of(), directory)).isEqualTo(2);
    }

    /** As dask's to_npy_stack writes it: the pickle of a dict whose last key is the axis. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\200\2}q\0(X\4\0\0\0axisq\14K?u.",
                "\200\3}q\0(X\4\0\0\0axisr\0\1\0\0K?u.",
                "\200\4\225\141\0\0\0\0\0\0\0}\224(\214\4axis\224K?u.",
                "\200\5\225\141\0\0\0\0\0\0\0}\224(\214\4axis\224K?u."
            })
    void refusesADaskStackUnlessItsAxisIs0(String pickle) throws IOException {
        Npy.doubles(directory.resolve("0.npy"), 1, 2);
        Npy.doubles(directory.resolve("1.npy"), 3);
        Path info = directory.resolve("info");
        Files.write(info, latin1(pickle.replace("?", "\0")));
        assertThat(count(Map.of(), directory)).isEqualTo(3);
        String refused = "it is a stack of .npy files that Dask wrote, and its file info does not say axis 0, expected"
                + " files that follow one another on axis 0";
        for (String other :
                new String[] {pickle.replace("?", "\1"), pickle.replace("K?", "J\377\377\377\377"), pickle}) {
            Files.write(info, latin1(other));
            String found =
                    other.contains("J") ? "no known spelling of an axis" : "axis " + (other.contains("?") ? 63 : 1);
            assertRefused(
                    Map.of(), directory, directory + ": " + refused + ", found " + found + "; stack it on axis 0");
            assertRefused(Map.of("container", "npy", "pathGlobFilter", "*.npy"), directory, refused);
        }
        assertThat(count(Map.of(), directory + "/*.npy")).isEqualTo(3);
        assertThat(count(Map.of(), directory.resolve("1.npy"))).isEqualTo(1);
        Files.writeString(info, "measured in May");
        assertThat(count(Map.of(), directory)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {".zarray", "zarr.json"})
    void refusesADirectoryOfZarr(String description) throws IOException {
        Path zarr = Files.createDirectory(directory.resolve("x.zarr"));
        Files.writeString(zarr.resolve(description), "{\"zarr_format\": 2}");
        Files.write(zarr.resolve("0.0"), new byte[16]);
        String refused = "x.zarr: it is a Zarr array or group, as its file " + description + " says";
        assertRefused(Map.of(), zarr, refused);
        assertRefused(Map.of("dtype", "<f8"), zarr, refused, "container=raw");
        assertThat(count(Map.of("dtype", "<f8", "container", "raw", "pathGlobFilter", "0*"), zarr))
                .isEqualTo(2);
    }
}
