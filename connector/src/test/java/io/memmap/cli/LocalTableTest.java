package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.array.NpyFile;
import io.memmap.format.Reading;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions that another program put beside an array. */
class LocalTableTest {
    @TempDir
    private Path directory;

    private Path array;

    @BeforeEach
    void setUp() throws IOException {
        array = directory.resolve("x.npy");
        NpyFile.createMemmap(array, "<f8", 2).close();
    }

    private static LocalTable of(Path path) throws IOException {
        return of(path.toString());
    }

    private static LocalTable of(String path) throws IOException {
        Reading plain = Reading.of(null);
        return LocalTable.of(
                path, new Reading(plain.claims(), null, TrailingBytes.AUTO, true, plain.maxHeaderNbytes(), null));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void descriptionsThatAreNoFilesAreNotWaitedFor() throws Exception {
        for (String name : new String[] {"_memmap.json", "x.npy.memmap.json"}) {
            Path fifo = directory.resolve(name);
            assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "mkfifo is missing here");
            assertThatThrownBy(() -> of(name.startsWith("_") ? directory : array))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot read " + fifo + ": it is no regular file, expected one");
            Files.delete(fifo);
        }
    }

    @ParameterizedTest
    @CsvSource({"_memmap.json, 268435456", "x.npy.memmap.json, 16777216"})
    void descriptionsAreAsLongAsInSpark(String name, long limit) throws IOException {
        Path description = directory.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(description.toFile(), "rw")) {
            sparse.setLength(limit + 1);
        }
        assertThatThrownBy(() -> of(name.startsWith("_") ? directory : array))
                .hasMessageContaining(
                        "Cannot read " + description + ": it has " + (limit + 1) + " bytes, expected at most " + limit);
    }

    @Test
    void columnsAreDirectoriesOfTheTable() throws IOException {
        Path table = Files.createDirectory(directory.resolve("t"));
        Files.writeString(
                table.resolve("_memmap.json"),
                "{\"version\": 2, \"dtype\": [[\"id\", \"<f8\"]], \"trailingShape\": [], \"layout\": \"sideBySide\","
                        + " \"shards\": [{\"name\": \"id/a.npy\", \"rows\": 2}]}");
        Path link = Files.createSymbolicLink(table.resolve("id"), array);
        assertThatThrownBy(() -> of(table))
                .hasMessage("Cannot read " + table
                        + ": its manifest _memmap.json lists id, which is a link, expected none, as"
                        + " what it leads to is no part of the array; put there what it leads to");
        Files.delete(link);
        Files.copy(array, table.resolve("id"));
        assertThatThrownBy(() -> of(table)).isInstanceOf(IOException.class).hasMessageContaining(table + "/id/a.npy");
    }

    /** Time that grows with the square of the number of columns would be minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void thousandsOfColumnsTakeSeconds() throws IOException {
        Path table = Files.createDirectory(directory.resolve("wide"));
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            Files.createLink(Files.createDirectory(table.resolve("c" + i)).resolve("a.npy"), array);
        }
        Function<String, String> each = pattern ->
                IntStream.range(0, count).mapToObj(pattern::formatted).collect(Collectors.joining(", "));
        Files.writeString(
                table.resolve("_memmap.json"),
                "{\"version\": 2, \"dtype\": [" + each.apply("[\"c%d\", \"<f8\"]")
                        + "], \"trailingShape\": [], \"layout\": \"sideBySide\", \"shards\": ["
                        + each.apply("{\"name\": \"c%d/a.npy\", \"rows\": 2}") + "]}");
        Files.createFile(table.resolve("c7/b.npy"));
        LocalTable wide = of(table);
        assertThat(wide.columns()).hasSize(count);
        assertThat(wide.nbytes()).isEqualTo(count * 16L);
        assertThat(wide.columns().get("c7").problems()).containsExactly("c7/b.npy is not in the manifest and not read");
    }

    /** Spark refuses them too: a write through such a link would make the description. */
    @ParameterizedTest
    @ValueSource(strings = {"_memmap.json", "x.npy.memmap.json"})
    void descriptionsThatAreLinksToNothingAreNotOverlooked(String name) throws IOException {
        Files.createSymbolicLink(directory.resolve(name), directory.resolve("none"));
        assertThatThrownBy(() -> of(name.startsWith("_") ? directory : array))
                .hasMessage("Cannot read " + directory.resolve(name) + ": no such file or directory");
    }

    /** Gives a file to another user, which only root may. */
    private static void give(Path file) throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root gives files to others");
        Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
    }

    @ParameterizedTest
    @CsvSource({"k=1, '\"<f8\"', ''", "mine, '[[\"mine\", \"<f8\"]]', ', \"layout\": \"sideBySide\"'"})
    void anotherUsersManifestInASharedDirectorySaysNothing(String name, String dtype, String layout)
            throws IOException {
        Path part = Files.createDirectory(directory.resolve(name));
        NpyFile.createMemmap(part.resolve("a.npy"), "<f8", 2).close();
        NpyFile.createMemmap(part.resolve("b.npy"), "<f8", 3).close();
        Path manifest = directory.resolve("_memmap.json");
        Files.writeString(
                manifest,
                "{\"version\": 2, \"dtype\": " + dtype + ", \"trailingShape\": []" + layout
                        + ", \"shards\": [{\"name\": \"" + name + "/a.npy\", \"rows\": 2}]}");
        Files.setAttribute(directory, "unix:mode", 01777);
        assertThat(of(part).only().shape()).hasToString("(2,)");
        give(manifest);
        assertThat(of(part).only().shape()).hasToString("(5,)");
        give(part);
        assertThat(of(part).only().shape()).hasToString("(2,)");
        Files.setAttribute(part, "unix:uid", 0);
        Files.setAttribute(directory, "unix:mode", 0777);
        assertThat(of(part).only().shape()).hasToString("(2,)");
    }

    /** Spark reads all files then, too, with a warning. */
    @Test
    void aFileThatCouldListTheFilesOfAColumnIsAProblemIfItIsNoManifest() throws IOException {
        Path column = Files.createDirectory(directory.resolve("price"));
        NpyFile.createMemmap(column.resolve("a.npy"), "<f8", 2).close();
        assertThat(of(column).only().problems()).isEmpty();
        Path manifest = Files.writeString(directory.resolve("_memmap.json"), "{");
        assertThat(of(column).only().shape()).hasToString("(2,)");
        assertThat(of(column).only().problems())
                .singleElement()
                .asString()
                .startsWith("Cannot read " + manifest + ": ")
                .endsWith("; so it does not say which files of " + column + " are rows");
    }

    @Test
    void rowsThatNoLongCountsAreRefusedByTheirCounts() throws IOException {
        Path huge = Files.createDirectory(directory.resolve("huge"));
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (6917529027641081855, 0), }";
        byte[] npy = ("\u0093NUMPY\1\0v\0" + header + " ".repeat(117 - header.length()) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(huge.resolve("a.npy"), npy);
        assertThat(of(huge).only().shape()).hasToString("(6917529027641081855, 0)");
        Path second = Files.write(huge.resolve("b.npy"), npy);
        assertThatThrownBy(() -> of(huge))
                .hasMessage("Cannot read " + second + ": it has 6917529027641081855 rows, and the files before it have"
                        + " 6917529027641081855, expected at most 9223372036854775807 together; read fewer of these"
                        + " files at once");
    }

    @Test
    void aDaskStackOfAnotherAxisIsRefused() throws IOException {
        Path stack = Files.createDirectory(directory.resolve("stack"));
        NpyFile.createMemmap(stack.resolve("0.npy"), "<f8", 2, 3).close();
        NpyFile.createMemmap(stack.resolve("1.npy"), "<f8", 2, 3).close();
        for (char axis : new char[] {0, 1}) {
            String pickle = "\200\4\225\141\0\0\0\0\0\0\0}\224(\214\4axis\224K" + axis + "u.";
            Files.write(stack.resolve("info"), pickle.getBytes(StandardCharsets.ISO_8859_1));
            if (axis == 0) {
                assertThat(of(stack).only().shape()).hasToString("(4, 3)");
            }
        }
        assertThatThrownBy(() -> of(stack))
                .hasMessage(
                        "Cannot read " + stack + ": it is a stack of .npy files that Dask wrote, and its file info does"
                                + " not say axis 0, expected files that follow one another on axis 0, found axis 1; stack it on"
                                + " axis 0, or read its files end to end by the pattern " + stack + "/*.npy");
        assertThat(of(stack.resolve("1.npy")).only().shape()).hasToString("(2, 3)");
    }

    @Test
    void aDirectoryOfZarrIsRefused() throws IOException {
        Path zarr = Files.createDirectory(directory.resolve("x.zarr"));
        Files.writeString(zarr.resolve(".zarray"), "{}");
        Files.write(zarr.resolve("0.0"), new byte[16]);
        assertThatThrownBy(() -> of(zarr))
                .hasMessageStartingWith(
                        "Cannot read " + zarr + ": it is a Zarr array or group, as its file .zarray says");
    }

    /** The common name of an indexed dataset's two files means the dataset, as in Spark. */
    @Test
    void aNameWithoutSuffixMeansTheFileThatHasIt() throws IOException {
        byte[] index = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8};
        Files.write(directory.resolve("c.idx"), Arrays.copyOf(index, 34));
        Files.write(directory.resolve("c.bin"), new byte[0]);
        assertThat(of(directory.resolve("c")).only().dtype()).hasToString("<u2");
        assertThatThrownBy(() -> of(directory.resolve("d")))
                .hasMessage("Cannot read " + directory.resolve("d") + ": no such file or directory");
    }

    @Test
    void aPathWithNulIsRefused() {
        assertThatThrownBy(() -> of(array.resolveSibling("x") + "\0.npy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot use '" + array.resolveSibling("x") + "\\0.npy' as a path: character "
                        + array.toString().lastIndexOf('.') + " is NUL, which no file name can have, expected none;"
                        + " correct the path");
    }
}
