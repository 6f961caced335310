package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.LocalConcat.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalConcatTest {
    private static final int LONG = 700_001;

    @TempDir
    Path directory;

    private Source source(String name, int reservedNbytes, int nbytes) throws IOException {
        byte[] bytes = new byte[reservedNbytes + nbytes];
        new Random(nbytes).nextBytes(bytes);
        return new Source(Files.write(directory.resolve(name), bytes), bytes.length, reservedNbytes);
    }

    private static byte[] body(Source source) throws IOException {
        byte[] bytes = Files.readAllBytes(source.path());
        return java.util.Arrays.copyOfRange(bytes, source.reservedNbytes(), bytes.length);
    }

    private static Object inode(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Test
    void theFirstSourceBecomesTheTargetWhereItHasRoomForTheHead() throws IOException {
        List<Source> sources = List.of(source("a", 3, LONG), source("b", 0, 5), source("c", 0, LONG));
        byte[] expected = joined(new byte[] {1, 2, 3}, sources);
        Object first = inode(sources.get(0).path());
        Path target = directory.resolve("target");
        LocalConcat.concat(target, new byte[] {1, 2, 3}, sources);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        assertThat(inode(target)).isEqualTo(first);
        assertThat(sources.get(0).path()).doesNotExist();
    }

    /** Of a source no more is left than was copied since it was last cut, where the target has a multiple of 4 MiB. */
    @Test
    void sourcesWithoutRoomAreCopiedAndShrink() throws IOException {
        int large = 9 << 20;
        List<Source> sources = List.of(source("a", 0, LONG), source("b", 2, large), source("c", 0, 0));
        byte[] expected = joined(new byte[] {1, 2, 3}, sources);
        Path target = directory.resolve("target");
        LocalConcat.concat(target, new byte[] {1, 2, 3}, sources);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        assertThat(Files.size(sources.get(0).path())).isEqualTo(LONG);
        assertThat(Files.size(sources.get(1).path())).isEqualTo((4 << 20) - 3 - LONG + 2);
    }

    @Test
    void aSourceOfAnotherLengthIsRefusedWhereverItStands() throws IOException {
        Source first = source("a", 3, 10);
        Source longer = new Source(first.path(), 14, 3);
        assertThatThrownBy(() -> LocalConcat.concat(directory.resolve("t1"), new byte[3], List.of(longer)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(": it has 13 bytes, expected the 14 that its task wrote");
        Source again = source("a", 0, 10);
        Source shorter = new Source(source("b", 0, 10).path(), 9, 0);
        assertThatThrownBy(() -> LocalConcat.concat(directory.resolve("t2"), new byte[3], List.of(again, shorter)))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot assemble file:" + directory.resolve("t2") + ": Cannot read file:" + shorter.path()
                        + ": it has 10 bytes, expected the 9 that its task wrote");
    }

    private static byte[] joined(byte[] head, List<Source> sources) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head);
        for (Source source : sources) {
            bytes.write(body(source));
        }
        return bytes.toByteArray();
    }
}
