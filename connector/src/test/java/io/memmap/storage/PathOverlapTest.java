package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Below the directory are a/x.npy, b/y.npy, the links to_a, to_x.npy, b/linked.npy, and deep/c/linked.npy. */
class PathOverlapTest {
    private static final HadoopSettings SETTINGS = new HadoopSettings(new Configuration(false), Map.of());

    @TempDir
    private Path directory;

    private boolean isPossible(String read, String written, boolean recursive) throws IOException {
        for (String name : new String[] {"a", "b", "deep/c"}) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.writeString(directory.resolve("a/x.npy"), "x");
        Files.writeString(directory.resolve("b/y.npy"), "y");
        Files.createSymbolicLink(directory.resolve("to_a"), directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("to_x.npy"), directory.resolve("a/x.npy"));
        Files.createSymbolicLink(directory.resolve("b/linked.npy"), directory.resolve("a/x.npy"));
        Files.createSymbolicLink(directory.resolve("deep/c/linked.npy"), directory.resolve("a/x.npy"));
        return new PathOverlap(SETTINGS, SETTINGS, recursive)
                .isPossible(directory + "/" + read, directory + "/" + written);
    }

    @ParameterizedTest
    @CsvSource({
        "a/x.npy, a/x.npy",
        "a, a/x.npy",
        "a/x.npy, a",
        "to_a/x.npy, a/x.npy",
        "a/x.npy, to_a/x.npy",
        "to_x.npy, a/x.npy",
        "b, a/x.npy",
        "gone/z.npy, gone/z.npy",
        "a/new.npy, to_a/new.npy",
        "*/x.npy, a/x.npy",
        "*/new.npy, a/new.npy",
        "*, a/new.npy",
        "a/*/z.npy, a",
        "b/*.npy, a/x.npy",
        "to_*, a/x.npy",
        "a/../a/x.npy, a/x.npy",
        "'a/../{a/x,b/y}.npy', b/y.npy",
        "'{a/x,b/y}.npy', b/y.npy",
    })
    void findsWhatIsWritten(String read, String written) throws IOException {
        assertThat(isPossible(read, written, false)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a/x.npy, a/y.npy",
        "a, b/z.npy",
        "a/x.npy, a/x.npy.npy",
        "gone/z.npy, gone/y.npy",
        "*/x.npy, a/y.npy",
        "b*/*.npy, a/y.npy",
        "*.npy, b/z.npy",
        "deep, a/x.npy",
    })
    void findsNothingOfOtherPaths(String read, String written) throws IOException {
        assertThat(isPossible(read, written, false)).isFalse();
    }

    @Test
    void findsLinksInSubdirectoriesWhereTheyAreRead() throws IOException {
        assertThat(isPossible("deep", "a/x.npy", true)).isTrue();
    }

    /** A file system by another name. */
    public static final class Other extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("other:///");
        }
    }

    @Test
    void resolvesEachPathWithItsOwnSettings() throws IOException {
        HadoopSettings other = new HadoopSettings(
                new Configuration(false), Map.of("fs.defaultFS", "other:///", "fs.other.impl", Other.class.getName()));
        String path = Files.writeString(directory.resolve("x.npy"), "x").toString();
        assertThat(new PathOverlap(SETTINGS, other, false).isPossible(path, "file:" + path))
                .isTrue();
        assertThat(new PathOverlap(SETTINGS, other, false).isPossible(path, path))
                .isFalse();
        assertThat(new PathOverlap(other, SETTINGS, false).isPossible("file:" + path, path))
                .isTrue();
        assertThat(new PathOverlap(other, SETTINGS, false).isPossible(path, path))
                .isFalse();
    }
}
