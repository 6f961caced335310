package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFormat;
import io.memmap.format.Claims;
import io.memmap.format.Claims.Source;
import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import io.memmap.format.Member;
import io.memmap.format.Reading;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Header bytes and lists of members are kept as long as the fingerprint of their file is the same. */
class HeaderBytesTest {
    private static final int LARGE_NBYTES = 33 << 20;

    @TempDir
    Path directory;

    private final Storage storage = new LocalStorage();
    private final HeaderBytes headers = new HeaderBytes();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = directory.resolve("x.npy");
        Files.write(file, new byte[] {1, 2, 3});
    }

    private byte[] read(long modified, long offset, int nbytes) throws IOException {
        StoredFile stored = new StoredFile("file:" + file, "x.npy", false, new Fingerprint("key", 3, modified));
        return headers.read(storage, stored, offset, nbytes);
    }

    @Test
    void readsAPartOnceForEachStateOfTheFile() throws IOException {
        assertThat(read(7, 0, 2)).containsExactly(1, 2);
        Files.write(file, new byte[] {4, 5, 6});
        assertThat(read(7, 0, 2)).containsExactly(1, 2);
        assertThat(read(7, 1, 2)).containsExactly(5, 6);
        assertThat(read(8, 0, 2)).containsExactly(4, 5);
    }

    @Test
    void handsOutCopies() throws IOException {
        read(7, 0, 3)[0] = 100;
        assertThat(read(7, 0, 3)).containsExactly(1, 2, 3);
    }

    @Test
    void keepsNoLargePart() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(LARGE_NBYTES);
        }
        assertThat(read(7, 0, LARGE_NBYTES)[0]).isEqualTo((byte) 1);
        assertThat(read(7, 0, 1)).containsExactly(1);
        Files.write(file, new byte[] {4, 5, 6});
        assertThat(read(7, 0, LARGE_NBYTES)).containsExactly(4, 5, 6);
        assertThat(read(7, 0, 1)).containsExactly(1);
    }

    private StoredInput input(String name, long modified) throws IOException {
        Path array = directory.resolve(name);
        return new StoredInput(
                storage,
                new StoredFile("file:" + array, name, false, new Fingerprint("key", Files.size(array), modified)),
                headers);
    }

    /** A format whose lines are names of members, and which may look beside its files. */
    private record Lines(boolean beside, AtomicInteger listings) implements ArrayFormat {
        @Override
        public String name() {
            return "lines";
        }

        @Override
        public boolean hasName(String fileName) {
            return fileName.endsWith(".lines");
        }

        @Override
        public List<Member> members(FormatInput input, Reading reading) throws IOException {
            listings.incrementAndGet();
            if (beside) {
                input.companion("x.npy");
            }
            return new String(input.prefix(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Member.unsupported(input.path(), line, "it is a line"))
                    .toList();
        }
    }

    private List<String> names(Lines lines, long modified, String member) throws IOException {
        return input("a.lines", modified).members(lines, Reading.of(member)).stream()
                .map(Member::name)
                .toList();
    }

    @Test
    void listsTheMembersOfAFileOnceForEachStateWhicheverIsRead() throws IOException {
        Lines lines = new Lines(false, new AtomicInteger());
        Files.writeString(directory.resolve("a.lines"), "a\nb");
        assertThat(names(lines, 7, "a")).containsExactly("a", "b");
        assertThat(names(lines, 7, "b")).containsExactly("a", "b");
        assertThat(names(lines, 7, null)).containsExactly("a", "b");
        assertThat(lines.listings).hasValue(1);
        Files.writeString(directory.resolve("a.lines"), "c\nd");
        assertThat(names(lines, 8, null)).containsExactly("c", "d");
        assertThat(lines.listings).hasValue(2);
        assertThat(names(new Lines(true, lines.listings), 8, null)).containsExactly("c", "d");
        assertThat(lines.listings).hasValue(3);
    }

    @Test
    void listsThemOnceForColumnsThatStateNothing() throws IOException {
        Lines lines = new Lines(false, new AtomicInteger());
        Files.writeString(directory.resolve("a.lines"), "a\nb");
        for (DType dtype : Arrays.asList(null, null, DType.parse("<f8"))) {
            Source column = new Source("column " + UUID.randomUUID(), "correct it");
            Claims claims = new Claims(column, dtype, null, null, null, null, List.of(), null);
            input("a.lines", 7).members(lines, new Reading(claims, null, TrailingBytes.AUTO, false, 100, "a"));
        }
        assertThat(lines.listings).hasValue(2);
    }

    @Test
    void keepsNoMembersThatDependOnAnotherFile() throws IOException {
        Lines lines = new Lines(true, new AtomicInteger());
        Files.writeString(directory.resolve("a.lines"), "a\nb");
        names(lines, 7, null);
        names(lines, 7, null);
        assertThat(lines.listings).hasValue(2);
    }
}
