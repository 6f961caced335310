package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.dtype.Literal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of a reader that each command takes. */
class CommandLineTest {
    @TempDir
    private Path directory;

    private Path npy;
    private Path raw;

    @BeforeEach
    void write() throws IOException {
        npy = directory.resolve("x.npy");
        try (MemmapArray a = NpyFile.createMemmap(npy, "<i4", 3)) {
            a.copyFrom(new long[] {0, 1, 2});
        }
        Files.write(npy, new byte[5], StandardOpenOption.APPEND);
        raw = Files.write(directory.resolve("x.dat"), new byte[14]);
    }

    /** The status, and all that is printed, errors included. */
    private static String run(Object... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        int status = new Main(stream, stream, false)
                .run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return status + "\n" + output.toString(StandardCharsets.UTF_8);
    }

    private static String refusal(int status, Object... arguments) {
        String output = run(arguments);
        assertThat(output).startsWith(status + "\n");
        return output.substring(2).strip();
    }

    @Test
    void messagesSpellOptionsAsFlags() throws IOException {
        Path six = Files.write(
                Files.createDirectories(directory.resolve("dtype=1")).resolve("x.dat"), new byte[6]);
        assertThat(refusal(1, "describe", six))
                .isEqualTo("Cannot read " + six + ": it is no .npy file and nothing says what it holds, expected a .npy"
                        + " file, a sidecar " + six
                        + ".memmap.json, or the option --dtype (for example --dtype '<f8')");
        assertThat(refusal(1, "describe", six, "--dtype", "<i4"))
                .isEqualTo("Cannot read " + six + ": 6 bytes from offset 0 are no whole number of rows of 4 bytes,"
                        + " expected 4 or 8; check dtype and shape, or set --trailingBytes ignore to drop the partial"
                        + " row");
        assertThat(refusal(1, "head", npy, "--dtype", "f4"))
                .isEqualTo("Cannot read " + npy + ": the option --dtype '<f4' was given, but its header says dtype <i4;"
                        + " remove or correct the option, or write the file again");
    }

    @Test
    void namesThatLookLikeOptionsStayAsTheyAre() throws IOException {
        for (String name : new String[] {"a,dtype=f4.dat", "my order=C x.dat", "dtype=f4", "option shape"}) {
            Path named = Files.write(directory.resolve(name), new byte[6]);
            assertThat(refusal(1, "describe", named, "--dtype", "<i4"))
                    .startsWith("Cannot read " + named + ": 6 bytes from offset 0 are")
                    .contains("set --trailingBytes ignore to drop");
        }
        assertThat(refusal(2, "describe", directory.resolve("dtype=f4"), "--shape=dtype=3", "--dtype", "<i4"))
                .contains("found 'dtype=3'");
    }

    @Test
    void trailingBytesAreIgnoredOrAnError() {
        assertThat(run("head", npy)).isEqualTo("0\nmemmap(3,) of <i4, mode r, " + npy + "\n[0, 1, 2]\n");
        assertThat(run("head", npy, "--trailingBytes", "error"))
                .isEqualTo(
                        "1\nCannot read " + npy + ": 5 bytes follow the array of shape (3,) that its header declares,"
                                + " expected none under --trailingBytes error\n");
        assertThat(run("head", raw, "--dtype", "<i4"))
                .isEqualTo("1\nCannot read " + raw + ": 14 bytes from offset 0 are no whole number of rows of 4 bytes,"
                        + " expected 12 or 16; check dtype and shape, or set --trailingBytes ignore to drop the partial"
                        + " row\n");
        assertThat(run("head", raw, "--dtype", "<i4", "--trailingBytes", "ignore"))
                .isEqualTo("0\nmemmap(3,) of <i4, mode r, " + raw + "\n[0, 0, 0]\n");
        assertThat(run("head", raw, "--trailingBytes", "drop"))
                .isEqualTo("2\nCannot read option --trailingBytes: found 'drop', expected auto, error or ignore\n");
    }

    @Test
    void aHeaderMayHaveSoManyBytes() {
        assertThat(run("describe", npy, "--maxHeaderNbytes", 117))
                .isEqualTo(
                        "1\nCannot read " + npy + ": its header has 118 bytes, expected at most 117; if you trust the"
                                + " file, set --maxHeaderNbytes 118, as np.load(max_header_size=118) would need\n");
        assertThat(run("head", npy, "--maxHeaderNbytes=118"))
                .isEqualTo("0\nmemmap(3,) of <i4, mode r, " + npy + "\n[0, 1, 2]\n");
        assertThat(run("head", npy, "--maxHeaderNbytes", "some"))
                .isEqualTo("2\nCannot read option --maxHeaderNbytes: found 'some', expected an integer\n");
    }

    @Test
    void aCountOfRowsHasItsValueAfterABlankOrAnEqualsSign() {
        String last = "0\nmemmap(2,) of <i4, mode r, " + npy + "\n[0, 1]\n";
        assertThat(run("head", npy, "-n", -1)).isEqualTo(last);
        assertThat(run("head", npy, "-n=-1")).isEqualTo(last);
        assertThat(run("head", npy, "--rows=2")).isEqualTo(last);
        assertThat(run("head", npy, "-n=x"))
                .isEqualTo("2\nCannot read option --rows: found 'x', expected an integer\n");
    }

    /** An empty record may be that of any change. */
    @Test
    void valuesAreNotReadWhileAChangeIsNotFinished() throws IOException {
        Path record = Files.createFile(directory.resolve(".x.npy.redo.json"));
        String refusal = "1\nCannot read " + npy + ": a change of it is not finished, its rows may be old, new or both,"
                + " expected a whole array; wait for its writer, or, if that is gone, finish or undo the change with"
                + " MemmapRecovery in Spark\n";
        Path copy = directory.resolve("y.npy");
        Path page = directory.resolve("y.html");
        assertThat(run("head", npy)).isEqualTo(refusal);
        assertThat(run("head", directory)).isEqualTo(refusal);
        assertThat(run("stats", npy)).isEqualTo(refusal);
        assertThat(run("profile", npy, "-o", page)).isEqualTo(refusal);
        assertThat(run("convert", npy, copy)).isEqualTo(refusal);
        assertThat(copy).doesNotExist();
        assertThat(page).doesNotExist();
        assertThat(run("verify", npy))
                .isEqualTo("1\n" + npy + ": a change of it is not finished, its rows may be old, new or both\n" + npy
                        + ": 5 bytes follow the array\n");
        assumeTrue(Files.getAttribute(record, "unix:uid").equals(0), "only root gives files to others");
        Files.setAttribute(record, "unix:uid", 65534);
        assertThat(run("head", npy)).startsWith("0\n");
    }

    /** Readers see the rows of before or of after: as {@code np.load} does, by the header. */
    @Test
    void valuesAreReadWhileRowsAreAppended() throws IOException {
        String head = new String(Arrays.copyOf(Files.readAllBytes(npy), 128), StandardCharsets.ISO_8859_1);
        String record = Literal.toJson(Map.of(
                "version",
                2L,
                "kind",
                "APPEND",
                "before",
                List.of("ino=1)", 140L, 0L),
                "head",
                head,
                "headBefore",
                "x"));
        Path beside = Files.writeString(directory.resolve(".x.npy.redo.json"), record);
        assertThat(run("head", npy)).isEqualTo("0\nmemmap(3,) of <i4, mode r, " + npy + "\n[0, 1, 2]\n");
        for (String other : List.of(
                record.replace("APPEND", "UPDATE"),
                record.replace("(3,)", "(4,)"),
                record.replace("\"version\": 2", "\"version\": 3"))) {
            assertThat(other).isNotEqualTo(record);
            Files.writeString(beside, other);
            assertThat(run("head", npy)).startsWith("1\nCannot read " + npy + ": a change of it is not finished");
        }
        Path longer = Files.writeString(
                directory.resolve(".x.dat.redo.json"),
                "{\"version\": 2, \"kind\": \"APPEND\", \"before\": [\"\", 14, 0], \"head\": \"\", \"headBefore\": \"\"}");
        assertThat(run("head", raw, "--dtype", "<i2")).startsWith("0\n");
        Files.writeString(longer, Files.readString(longer).replace("14", "12"));
        assertThat(run("head", raw, "--dtype", "<i2")).startsWith("1\nCannot read " + raw + ": a change of it");
    }
}
