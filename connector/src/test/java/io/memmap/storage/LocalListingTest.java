package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalListingTest {
    @TempDir
    Path directory;

    private List<StoredFile> list() throws IOException {
        List<StoredFile> found = new ArrayList<>(LocalListing.list(directory));
        found.sort(Comparator.comparing(StoredFile::name));
        return found;
    }

    /** The expected entry, from a stat of the file alone. */
    private StoredFile stat(String name) throws IOException {
        return new LocalStorage().stat(directory.resolve(name).toString());
    }

    private StoredFile unknown(String name, boolean isDirectory) {
        return new StoredFile("file:" + directory.resolve(name), name, isDirectory, null);
    }

    /** The kernel opens it for root, and lists it only for those who may trace the process. */
    @Test
    void aDirectoryThatIsOpenedAndCannotBeReadIsAnError() throws IOException {
        Path directory = Path.of("/proc/1/map_files");
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(directory)) {
            assumeTrue(catchThrowable(() -> opened.iterator().hasNext()) != null, "it can be read here");
        } catch (AccessDeniedException | NoSuchFileException e) {
            assumeTrue(false, "it cannot be opened here");
        }
        assertThatThrownBy(() -> LocalListing.list(directory))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage(directory.toString());
    }

    @Test
    void listsLinksByWhatTheyLeadTo() throws IOException {
        Files.write(directory.resolve("a.npy"), new byte[7]);
        Files.createDirectory(directory.resolve("b"));
        Files.createSymbolicLink(directory.resolve("c"), directory.resolve("a.npy"));
        Files.createSymbolicLink(directory.resolve("d"), directory.resolve("b"));
        Files.createSymbolicLink(directory.resolve("e"), directory.resolve("missing"));
        Files.createSymbolicLink(directory.resolve("f"), directory.resolve("f"));
        Files.createDirectory(directory.resolve(".g"));
        Files.write(directory.resolve("_h"), new byte[7]);
        assertThat(list())
                .containsExactly(
                        unknown(".g", true),
                        unknown("_h", false),
                        stat("a.npy"),
                        stat("b"),
                        stat("c"),
                        stat("d"),
                        unknown("e", false),
                        unknown("f", false));
        assertThat(list().get(4).fingerprint()).isEqualTo(stat("a.npy").fingerprint());
        assertThat(list().get(5).directory()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 1000})
    void looksAtEachFileOnceAndAtALinkTwice(int files) throws IOException {
        Path name = directory.getFileName();
        List<String> expected = new ArrayList<>(List.of("stat " + name, "list " + name, "lstat link", "stat link"));
        for (int i : IntStream.range(0, files - 1).toArray()) {
            Files.write(directory.resolve(i + ".npy"), new byte[i % 3]);
            expected.add("lstat " + i + ".npy");
        }
        if (files == 0) {
            expected.removeIf(line -> line.endsWith("link"));
        } else {
            Files.createSymbolicLink(directory.resolve("link"), directory);
        }
        CountedFiles counted = new CountedFiles();
        assertThat(LocalListing.list(counted.of(directory))).hasSize(files);
        assertThat(counted.log()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** A stat of these would fail. */
    @Test
    void aPatternMatchesNoHiddenName() throws IOException {
        Files.write(directory.resolve("a.npy"), new byte[7]);
        Files.createSymbolicLink(directory.resolve("_b.npy"), directory.resolve("missing"));
        Files.createSymbolicLink(directory.resolve(".c.npy"), directory.resolve("missing"));
        List<String> found = LocalListing.glob(new LocalStorage(), directory + "/*.npy");
        assertThat(found).containsExactly("file:" + directory.resolve("a.npy"));
    }
}
