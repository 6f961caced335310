package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.format.HiddenName;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    private Path directory;

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main main = new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = main.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String printed(Object... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.status).as(outcome.err).isZero();
        assertThat(outcome.err).isEmpty();
        return outcome.out;
    }

    private static String refusal(int status, Object... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.status).as(outcome.out).isEqualTo(status);
        assertThat(outcome.err.strip().lines()).hasSize(1);
        return outcome.err.strip();
    }

    /** Numbers from 0 on. */
    private Path npy(String name, String dtype, long... shape) throws IOException {
        Path path = directory.resolve(name);
        try (MemmapArray a = NpyFile.createMemmap(path, dtype, shape)) {
            long[] numbers = new long[(int) a.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = i;
            }
            a.copyFrom(numbers);
        }
        return path;
    }

    @Test
    void describesAFile() throws IOException {
        Path file = npy("x.npy", "<f4", 3, 4);
        assertThat(printed("describe", file))
                .isEqualTo(
                        """
                        path      %s
                        format    npy
                        dtype     <f4
                        shape     (3, 4)
                        order     C
                        offset    128
                        bytes     48 of 176 in the file
                        sidecar   none
                        problems  none
                        """
                                .formatted(file));
        Path raw = Files.write(directory.resolve("x.dat"), new byte[19]);
        assertThat(printed("describe", raw, "--dtype", "<f4", "--shape=-1,2", "--offset", 3, "--order=F"))
                .contains("format    raw\n", "shape     (2, 2)\n", "order     F\n", "bytes     16 of 19 in the file\n");
        Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"|u1\", \"shape\": [10]}");
        assertThat(printed("describe", raw))
                .contains("sidecar   x.dat.memmap.json\n", "problems  " + raw + ": 9 bytes follow the array\n");
        Files.createFile(directory.resolve(".x.npy.redo.json"));
        assertThat(printed("describe", file)).contains("problems  " + file + ": a change of it is not finished");
        Path named = npy("n".repeat(240), "<f4", 3);
        Files.createFile(directory.resolve(HiddenName.of("n".repeat(240)) + ".redo.json"));
        assertThat(printed("describe", named)).contains("a change of it is not finished");
    }

    @Test
    void describesADirectoryByItsManifestOrItsNames() throws IOException {
        npy("10.npy", "<i8", 2);
        npy("2.npy", "<i8", 3);
        assertThat(printed("describe", directory))
                .contains(
                        "files     2\n", "shape     (5,)\n", "bytes     40\n", " 2.npy (3,)\n          10.npy (2,)\n");
        Files.writeString(
                directory.resolve("_memmap.json"),
                """
                {"version": 1, "dtype": "<i8", "trailingShape": [], "shards": [{"name": "10.npy", "rows": 2}]}""");
        assertThat(printed("describe", directory))
                .contains(
                        "files     1, as the manifest lists them\n",
                        "shape     (2,)\n",
                        "problems  2.npy is not in the manifest and not read\n");
    }

    @Test
    void partitionsWithoutAManifestAreReadOneByOne() throws IOException {
        Files.createDirectories(directory.resolve("k=1"));
        Path file = npy("k=1/x.npy", "<i8", 3);
        assertThat(refusal(1, "describe", directory))
                .isEqualTo("Cannot read " + directory + ": it holds no array, expected .npy files, or raw files with"
                        + " sidecars; directories such as k=1 need a manifest here, so name one of them, or read all in"
                        + " Spark");
        assertThat(printed("verify", file.getParent())).isEqualTo("ok " + file + " (3,) of <i8\n");
    }

    @Test
    void whatTheSystemRefusesIsSaidInWords() throws IOException {
        Path loop = Files.createSymbolicLink(directory.resolve("loop.npy"), directory.resolve("loop.npy"));
        assertThat(refusal(1, "describe", loop))
                .isEqualTo("Cannot open " + loop
                        + ": Too many levels of symbolic links or unable to access attributes of symbolic link");
        Path below = npy("x.npy", "<i8", 2).resolve("y.npy");
        assertThat(refusal(1, "head", below)).isEqualTo("Cannot open " + below + ": Not a directory");
    }

    /** A file of no bytes can declare any number of them. */
    @ParameterizedTest
    @CsvSource({"'(2305843009213693952, 0)', |u1", "'(3, 2305843009213693952, 0)', |S1"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void rowsWithoutElementsAreNotGoneThrough(String shape, String dtype) throws IOException {
        String header = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }";
        Path file = Files.write(
                directory.resolve("x.npy"),
                ("\u0093NUMPY\1\0v\0" + header + " ".repeat(117 - header.length()) + "\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        if (dtype.equals("|u1")) {
            assertThat(printed("stats", file).lines()).hasSize(1);
        }
        Path copy = directory.resolve("copy.npz");
        assertThat(printed("convert", file, copy)).contains("shape     " + shape + "\n", "dtype     " + dtype + "\n");
        assertThat(printed("verify", copy)).isEqualTo("ok " + copy + "#arr_0 " + shape + " of " + dtype + "\n");
    }

    @Test
    void showsTheFirstRowsOfAllFiles() throws IOException {
        npy("1.npy", "<i4", 3);
        npy("2.npy", "<i4", 3);
        assertThat(printed("head", directory, "-n", 4).lines())
                .containsExactly(
                        "memmap(3,) of <i4, mode r, " + directory.resolve("1.npy"),
                        "[0, 1, 2]",
                        "memmap(1,) of <i4, mode r, " + directory.resolve("2.npy"),
                        "[0]");
    }

    @Test
    void showsAllButTheLastRowsOfAllFiles() throws IOException {
        npy("1.npy", "<i4", 3);
        npy("2.npy", "<i4", 3);
        assertThat(printed("head", directory, "-n", -1).lines())
                .containsExactly(
                        "memmap(3,) of <i4, mode r, " + directory.resolve("1.npy"),
                        "[0, 1, 2]",
                        "memmap(2,) of <i4, mode r, " + directory.resolve("2.npy"),
                        "[0, 1]");
        assertThat(printed("head", directory, "-n", -4).lines())
                .containsExactly("memmap(2,) of <i4, mode r, " + directory.resolve("1.npy"), "[0, 1]");
        assertThat(printed("head", directory, "-n", -7).lines())
                .containsExactly("memmap(0,) of <i4, mode r, " + directory.resolve("1.npy"), "[]");
    }

    @Test
    void aFullDiskIsTold() throws Exception {
        Path file = npy("x.npy", "<i4", 3);
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "describe",
                        file.toString())
                .redirectOutput(new File("/dev/full"))
                .start();
        assertThat(process.errorReader().lines())
                .containsExactly(
                        "Cannot write the output: No space left on device, expected room for all of it; write it"
                                + " to another disk");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void countsEachColumn() throws IOException {
        Path file = npy("x.npy", "<f8", 600_000, 2);
        try (MemmapArray a = NpyFile.openMemmap(file, "r+")) {
            a.putDouble(Double.NaN, 0, 0);
        }
        assertThat(cells(printed("stats", file)))
                .containsExactly(
                        List.of("column", "count", "nan", "min", "max", "mean"),
                        List.of("c0", "600000", "1", "2.0", "1199998.0", "600000.0"),
                        List.of("c1", "600000", "0", "1.0", "1199999.0", "600000.0"));
        Path record = directory.resolve("r.npy");
        try (MemmapArray a = NpyFile.createMemmap(record, "[('a', '<i8'), ('s', 'S3'), ('b', '|u1')]", 2)) {
            a.field("a").copyFrom(new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
            a.field("b").copyFrom(new long[] {200, 255});
        }
        assertThat(cells(printed("stats", record)))
                .contains(
                        List.of("a", "2", "0", "-9223372036854775808", "9223372036854775807", "0.0"),
                        List.of("b", "2", "0", "200", "255", "227.5"));
    }

    private static List<List<String>> cells(String table) {
        return table.lines().map(line -> List.of(line.trim().split("\\s+"))).toList();
    }

    @Test
    void verifiesWhatIsThere() throws IOException {
        Path file = npy("x.npy", "<i2", 5);
        assertThat(printed("verify", file)).isEqualTo("ok " + file + " (5,) of <i2\n");
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        Outcome longer = run("verify", file);
        assertThat(longer).isEqualTo(new Outcome(1, file + ": 1 bytes follow the array\n", ""));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, 137));
        assertThat(refusal(1, "verify", file)).contains("the file ends after 137; it is truncated");
    }

    @Test
    void convertsBetweenContainersDtypesAndOrders() throws IOException {
        Path file = npy("x.npy", "<i4", 3, 4);
        Path raw = directory.resolve("x.dat");
        assertThat(printed("convert", file, raw, "--to", "float16", "--toOrder", "F"))
                .contains("dtype     <f2\n", "order     F\n", "sidecar   x.dat.memmap.json\n");
        assertThat(printed("head", raw, "-n", "2")).endsWith("[[0., 1., 2., 3.],\n [4., 5., 6., 7.]]\n");
        Path back = directory.resolve("back.npy");
        printed("convert", raw, back, "--to", ">i8", "--toOrder", "C");
        try (MemmapArray a = NpyFile.openMemmap(back, "r")) {
            assertThat(a.dtype()).hasToString(">i8");
            assertThat(a.getLong(2, 3)).isEqualTo(11);
        }
        assertThat(refusal(1, "convert", file, raw))
                .isEqualTo("Cannot write " + raw + ": it exists, expected no file; remove it");
        assertThat(refusal(2, "convert", file, directory.resolve("y.npy"), "--to", "S3"))
                .contains("from <i4 to |S3: expected numbers, or the same dtype");
        assertThat(refusal(1, "convert", npy("big.npy", "<i4", 300), directory.resolve("y.npy"), "--to", "u1"))
                .contains("256");
        assertThat(refusal(2, "convert", file, directory.resolve("y.txt"))).contains("expected .npy, .npz, .dat");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("x.npy", "x.dat", "x.dat.memmap.json", "back.npy", "big.npy");
        }
    }

    @Test
    void copiesEveryDtypeBitByBit() throws IOException {
        for (String dtype :
                List.of("<u8", "|b1", ">M8[s]", "<c16", "<U2", "[('a', '<i4'), ('b', '>f8')]", "<f2", "|V3")) {
            Path file = directory.resolve("in.npy");
            byte[] bytes;
            try (MemmapArray a = NpyFile.createMemmap(file, dtype, 3, 2)) {
                bytes = new byte[(int) a.nbytes()];
                new Random(1).nextBytes(bytes);
            }
            byte[] all = Files.readAllBytes(file);
            System.arraycopy(bytes, 0, all, all.length - bytes.length, bytes.length);
            Files.write(file, all);
            Path transposed = directory.resolve("f.npy");
            Path copy = directory.resolve("copy.npy");
            printed("convert", file, transposed, "--toOrder", "F");
            printed("convert", transposed, copy, "--toOrder", "C");
            assertThat(copy).as(dtype).hasSameBinaryContentAs(file);
            for (Path path : List.of(file, transposed, copy)) {
                Files.delete(path);
            }
        }
    }

    @Test
    void refusesInOneLine() throws IOException {
        Path file = npy("x.npy", "<i4", 3);
        assertThat(refusal(2)).startsWith("Cannot run without a command; usage: describe PATH");
        assertThat(refusal(2, "show", file)).startsWith("Cannot run show: no such command; usage:");
        assertThat(refusal(2, "describe")).startsWith("Cannot run describe: found 0 paths, expected 1");
        assertThat(refusal(2, "describe", file, "--dtpye", "f4"))
                .isEqualTo(
                        "Cannot read option --dtpye of describe: unknown, expected an option of this command; did you"
                                + " mean --dtype?");
        assertThat(refusal(2, "describe", file, "--verbose", "1"))
                .startsWith("Cannot read option --verbose of describe: unknown, expected one of dtype, shape");
        assertThat(refusal(2, "describe", file, "--dtype")).endsWith("no value, expected one");
        assertThat(refusal(2, "describe", file, "--order", "A"))
                .isEqualTo("Cannot read option --order: found 'A', expected C or F");
        assertThat(refusal(2, "describe", file, "--sidecar", "ignroe"))
                .isEqualTo("Cannot read option --sidecar: found 'ignroe', expected auto or ignore");
        assertThat(refusal(1, "describe", directory.resolve("none.npy"))).endsWith("no such file or directory");
        assertThat(refusal(1, "describe", file, "--dtype", "<f4")).contains("its header says dtype <i4");
        assertThat(refusal(1, "describe", Files.createDirectory(directory.resolve("d"))))
                .contains("it holds no array");
        npy("d/1.npy", "<i4", 3);
        npy("d/2.npy", "<i8", 3);
        assertThat(refusal(1, "describe", directory.resolve("d"))).contains("of <i8, and", "expected the same");
        npy("d/2.npy", "<i4");
        assertThat(refusal(1, "describe", directory.resolve("d"))).contains("2.npy as a shard: it is 0-D, expected");
        assertThat(refusal(2, "describe", file, "--offset", "-5"))
                .isEqualTo("Cannot read option --offset: found '-5', expected 0 or more");
    }

    /** Neither Spark nor Hadoop is on the class path. */
    @Test
    void needsNothingButItsOwnClasses() throws Exception {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path file = npy("x.npy", "<i4", 3);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        Main.class.getName(),
                        "verify",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEqualTo("ok " + file + " (3,) of <i4\n");
    }
}
