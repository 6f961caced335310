package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives of a write, as this reader and the one of the JDK see them; {@code NpzWriteTest} asks NumPy and unzip. */
class NpzArchiveTest {
    private static final byte[] HEAD = NpyHeader.write(DType.parse("u1"), Shape.of(3), Order.C);
    private static final byte[] BODY = {1, 2, 3};

    @TempDir
    private Path directory;

    private static byte[] archive(List<String> names) {
        NpzArchive archive = new NpzArchive();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String name : names) {
            bytes.writeBytes(archive.begin(name, HEAD, Crc32.of(BODY)));
            bytes.writeBytes(BODY);
        }
        bytes.writeBytes(archive.end());
        return bytes.toByteArray();
    }

    private static List<Member> members(FormatInput input) throws IOException {
        return new NpzFormat().members(input, Reading.of(null));
    }

    private static List<String> names(byte[] file) throws IOException {
        return members(new InMemory("/d/x.npz", file)).stream()
                .map(Member::name)
                .toList();
    }

    @Test
    void holdsEachArrayUnderItsName() throws IOException {
        List<String> names = List.of("a", "größe", "a/b", "x.npy", "A", "with space", "cd:e");
        byte[] file = archive(names);
        assertThat(names(file)).isEqualTo(names);
        for (Member member : members(new InMemory("/d/x.npz", file))) {
            ArrayFile array = member.describe(List.of());
            assertThat(array.layout().shape()).isEqualTo(Shape.of(3));
            assertThat(file[(int) array.layout().offset() + 2]).isEqualTo((byte) 3);
        }
        List<String> found = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                // Reading compares the CRC.
                assertThat(zip.readAllBytes()).endsWith(BODY).hasSize(HEAD.length + 3);
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                found.add(entry.getName());
            }
        }
        assertThat(found).isEqualTo(names.stream().map(name -> name + ".npy").toList());
    }

    @Test
    void holdsNoArray() throws IOException {
        assertThat(new NpzArchive().end()).hasSize(22);
    }

    @ParameterizedTest
    @ValueSource(ints = {65_534, 65_535, 65_536, 70_000})
    void countsInsteadOfEndingAtSixteenBits(int count) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("c" + i);
        }
        byte[] file = archive(names);
        assertThat(names(file)).isEqualTo(names);
        Path path = Files.write(directory.resolve("x.npz"), file);
        try (ZipFile zip = new ZipFile(path.toFile())) {
            assertThat(zip.size()).isEqualTo(count);
            ZipEntry last = zip.getEntry("c" + (count - 1) + ".npy");
            assertThat(zip.getInputStream(last).readAllBytes()).endsWith(BODY);
        }
    }

    /** Sparse: its zeros are not on the disk. */
    @ParameterizedTest
    @ValueSource(longs = {0xFFFFFFFFL - 128, 0xFFFFFFFFL - 127, 0xFFFFFFFFL, 5L << 30})
    void membersAndOffsetsHaveSixtyFourBits(long nbytes) throws IOException {
        Crc32 body = Crc32.EMPTY;
        Crc32 block = Crc32.of(new byte[1]);
        for (long left = nbytes; left > 0; left >>= 1) {
            body = (left & 1) == 0 ? body : body.then(block);
            block = block.then(block);
        }
        byte[] head = NpyHeader.write(DType.parse("u1"), Shape.of(nbytes), Order.C);
        assertThat(head).hasSize(128);
        NpzArchive archive = new NpzArchive();
        Path path = directory.resolve("x.npz");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(archive.begin("large", head, body)));
            file.position(file.size() + nbytes);
            file.write(ByteBuffer.wrap(archive.begin("far", HEAD, Crc32.of(BODY))));
            file.write(ByteBuffer.wrap(BODY));
            file.write(ByteBuffer.wrap(archive.end()));
        }
        List<Layout> layouts = new ArrayList<>();
        for (Member member : members(new OnDisk(path))) {
            layouts.add(member.describe(List.of()).layout());
        }
        assertThat(layouts.get(0).shape()).isEqualTo(Shape.of(nbytes));
        assertThat(layouts.get(1).shape()).isEqualTo(Shape.of(3));
        assertThat(layouts.get(1).offset()).isGreaterThan(nbytes);
        try (ZipFile zip = new ZipFile(path.toFile())) {
            assertThat(zip.getEntry("large.npy").getSize()).isEqualTo(128 + nbytes);
            assertThat(zip.getEntry("large.npy").getCrc())
                    .isEqualTo(Crc32.of(head).then(body).value() & 0xFFFFFFFFL);
            assertThat(zip.getInputStream(zip.getEntry("far.npy")).readAllBytes())
                    .endsWith(BODY);
        }
    }

    /** A file that may have holes. */
    private record OnDisk(Path file) implements FormatInput {
        @Override
        public String path() {
            return file.toString();
        }

        @Override
        public Fingerprint fingerprint() {
            return new Fingerprint("", file.toFile().length(), 0);
        }

        @Override
        public byte[] prefix() throws IOException {
            return read(0, PREFIX_NBYTES);
        }

        @Override
        public byte[] read(long offset, int nbytes) throws IOException {
            try (var input = Files.newByteChannel(file)) {
                var bytes = ByteBuffer.allocate((int) Math.min(nbytes, input.size() - offset));
                input.position(offset).read(bytes);
                return bytes.array();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            ../a ! without empty ones, . and ..
            a/../b ! without empty ones, . and ..
            /a ! without empty ones, . and ..
            a/ ! without empty ones, . and ..
            a//b ! without empty ones, . and ..
            ./a ! without empty ones, . and ..
            .. ! without empty ones, . and ..
            a\\b ! other systems take \\ and a letter before : for parts of a path
            C:a ! other systems take \\ and a letter before : for parts of a path
            """)
    void namesThatLeadElsewhereAreRefused(String name, String reason) {
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("v", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Cannot write /d/x.npz: the column '" + name + "' would be the member " + name + ".npy, and ")
                .hasMessageContaining(reason)
                .hasMessageEndingWith("; rename it with columnNames");
    }

    @Test
    void namesThatReadersMistakeAreRefused() {
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("a\0b")))
                .hasMessageContaining("zip programs end a name at \\0, expected a name without it");
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("\ud800")))
                .hasMessageContaining("it is no Unicode text");
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("x".repeat(65_532))))
                .hasMessageContaining("it has 65536 bytes, expected at most 65535");
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("x.npy", "x")))
                .hasMessageContaining(
                        "np.load would take 'x.npy' for this column and for that of this name, expected names that differ");
        assertThatThrownBy(() -> NpzArchive.checkNames("/d/x.npz", List.of("x", "x.npy/y")))
                .hasMessageContaining("the archive holds a file x.npy too");
        assertThatCode(() -> NpzArchive.checkNames(
                        "/d/x.npz", List.of("x.npy", "a/b", "größe", "A", "a", "..a", "ab:c", " ", "x".repeat(65_531))))
                .doesNotThrowAnyException();
    }
}
