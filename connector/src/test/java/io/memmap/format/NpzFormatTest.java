package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/**
 * Zip archives that are read, and the messages that refuse others. {@code ContainerTest} reads archives of NumPy. Long, as
 * each flaw of an archive has its own case here, all made by one {@link Zip}.
 */
class NpzFormatTest {
    private static final byte[] FLOATS = Zip.npy("<f4", 6, 2);
    private static final String START = "Cannot read /d/x.npz: ";

    private Zip zip = new Zip();

    private static ArrayFile describe(FormatInput input, String member, TrailingBytes trailing) throws IOException {
        Claims options = new Claims(Claims.Source.OPTIONS, null, null, null, null, null, List.of(), null);
        Reading reading = new Reading(options, null, trailing, true, NpyHeader.MAX_TEXT_NBYTES, member);
        return ArrayDescriber.describe(input, Optional.empty(), Optional.empty(), reading);
    }

    private static ArrayFile describe(byte[] file, String member) throws IOException {
        return describe(new InMemory("/d/x.npz", file), member, TrailingBytes.AUTO);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(byte[] file, String member) {
        return assertThatThrownBy(() -> describe(file, member)).isInstanceOf(IOException.class);
    }

    private static List<String> names(byte[] file) throws IOException {
        List<String> names = new ArrayList<>();
        Reading reading = new Reading(
                new Claims(Claims.Source.OPTIONS, null, null, null, null, null, List.of(), null),
                null,
                TrailingBytes.AUTO,
                true,
                NpyHeader.MAX_TEXT_NBYTES,
                null);
        for (Member member : new NpzFormat().members(new InMemory("/d/x.npz", file), reading)) {
            names.add(member.name());
        }
        return names;
    }

    @Test
    void namesArraysAsNumpyDoes() throws IOException {
        for (String name : new String[] {"a.npy", "a/b.npy", "x.npy.npy", "größe.npy", "readme.txt", "sub/", ".npy"}) {
            zip.add(name, FLOATS).flags = 0x800;
        }
        assertThat(names(zip.bytes())).containsExactly("a", "a/b", "x.npy", "größe", ".npy");
    }

    @Test
    void aNameWithoutTheFlagOfUtf8IsInCodePage437() throws IOException {
        zip.add("é.npy", FLOATS);
        assertThat(names(zip.bytes())).containsExactly("├⌐");
    }

    @Test
    void findsAnArrayAtAnyByte() throws IOException {
        zip.add("first.npy", Zip.npy("u1", 3));
        zip.add("x.npy", FLOATS).localExtra = new byte[20];
        byte[] file = zip.bytes();
        ArrayFile found = describe(file, "x");
        int offset = file.length - 22 - 46 * 2 - "first.npyx.npy".length() - 48;
        assertThat(offset % 4).isNotZero();
        assertThat(found.layout()).isEqualTo(new Layout(DType.parse("<f4"), Shape.of(6, 2), Order.C, offset));
        assertThat(found.isSequential()).isFalse();
        long local = found.origin().headerOffset();
        assertThat(found.header()).isEqualTo(ByteString.of(Arrays.copyOfRange(file, (int) local, offset)));
        assertThat(found.trailingNbytes()).isZero();
    }

    @Test
    void aDeflatedArrayCountsFromItsOwnStart() throws IOException {
        zip.deflated("x.npy", FLOATS);
        ArrayFile found = describe(zip.bytes(), null);
        assertThat(found.layout().offset()).isEqualTo(FLOATS.length - 48);
        assertThat(found.isSequential()).isTrue();
        assertThat(found.origin().deflated().inflatedNbytes()).isEqualTo(FLOATS.length);
        assertThat(found.start()).isEqualTo(30 + "x.npy".length());
    }

    @Test
    void anyOtherLengthIsAChange() throws IOException {
        ArrayFile found = describe(Zip.of("x.npy", FLOATS), null);
        Fingerprint planned = found.fingerprint();
        assertThat(found.changeTo(planned)).isNull();
        assertThat(new ArrayFile(found.path(), new Fingerprint("k", 9, 0), "", found.layout(), found.origin())
                        .changeTo(new Fingerprint("k", 10, 1)))
                .isEqualTo("its length went from 9 to 10 bytes");
    }

    @Test
    void readsPrefixCommentAndZip64() throws IOException {
        zip.before = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);
        zip.comment = "PK\5\6, a comment that begins like an end record, and is longer than one";
        zip.add("x.npy", FLOATS);
        ArrayFile prefixed = describe(zip.bytes(), null);
        assertThat(prefixed.origin().headerOffset()).isEqualTo(10);
        zip.comment = "";
        byte[] zip64 = Zip.withZip64End(zip.bytes());
        assertThat(describe(zip64, null).layout()).isEqualTo(prefixed.layout());
        zip.before = new byte[0];
        assertThat(describe(Zip.withZip64End(zip.bytes()), null).layout().offset())
                .isEqualTo(prefixed.layout().offset() - 10);
    }

    /** The file is sparse: only its first and last bytes are written. */
    @Test
    void findsAMemberOfManyGigabytes() throws IOException {
        long rows = 5L << 30;
        byte[] header = NpyHeader.write(DType.parse("u1"), Shape.of(rows), Order.C);
        long nbytes = header.length + rows;
        byte[] name = "x.npy".getBytes(StandardCharsets.US_ASCII);
        byte[] local = Zip.integers(30 + 5 + header.length)
                .putInt(0x04034b50)
                .position(26)
                .putShort((short) 5)
                .position(30)
                .put(name)
                .put(header)
                .array();
        long directory = 35 + nbytes;
        byte[] end = Zip.integers(46 + 5 + 20 + 22)
                .putInt(0x02014b50)
                .position(20)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) 5)
                .putShort((short) 20)
                .position(46)
                .put(name)
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(nbytes)
                .putLong(nbytes)
                .array();
        byte[] tail = Zip.withZip64End(end, 1, 71, directory);
        ZipDirectory.integers(tail).putLong(71 + 56 + 8, directory + 71);
        FormatInput input = new FormatInput() {
            private final InMemory last = new InMemory("/d/x.npz", tail, directory);

            @Override
            public String path() {
                return "/d/x.npz";
            }

            @Override
            public Fingerprint fingerprint() {
                return last.fingerprint();
            }

            @Override
            public byte[] prefix() {
                return read(0, PREFIX_NBYTES);
            }

            @Override
            public byte[] read(long offset, int count) {
                byte[] read = last.read(offset, count);
                if (offset < local.length) {
                    System.arraycopy(local, (int) offset, read, 0, (int) Math.min(local.length - offset, read.length));
                }
                return read;
            }
        };
        Layout layout = describe(input, "x", TrailingBytes.AUTO).layout();
        assertThat(layout.shape()).isEqualTo(Shape.of(rows));
        assertThat(layout.end()).isEqualTo(directory).isGreaterThan(1L << 32);
    }

    @Test
    void refusesKindsByTheirNames() {
        zip.add("x.npy", FLOATS).flags = 1;
        zip.add("y.npy", FLOATS).method = 12;
        zip.last().localMethod = 12;
        zip.add("z.npy", FLOATS).realNbytes = 7;
        zip.add(
                "o.npy",
                "\223NUMPY\1\0\65\0{'descr': '|O', 'fortran_order': False, 'shape': ()}\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        zip.add("t.npy", "no array".getBytes(StandardCharsets.US_ASCII));
        byte[] file = zip.bytes();
        String start = "Cannot read /d/x.npz#%s: ";
        assertRefused(file, "x")
                .hasMessage(
                        start.formatted("x") + "it is encrypted, expected plain bytes; write it without a password");
        assertRefused(file, "y")
                .hasMessage(
                        start.formatted("y") + "it is compressed by method 12 of zip, expected it stored or deflated;"
                                + " write it with np.savez");
        assertRefused(file, "z")
                .hasMessage(start.formatted("z") + "it is stored, but has " + FLOATS.length
                        + " bytes packed and 7 unpacked, expected as many; write the file again");
        assertRefused(file, "o").hasMessageStartingWith(start.formatted("o")).hasMessageContaining("object");
        assertRefused(file, "t").hasMessageStartingWith(start.formatted("t") + "it starts with the bytes 6e 6f");
        zip = new Zip();
        zip.add("x.npy", FLOATS).flags = 1;
        zip.add("y.npy", FLOATS).method = 12;
        zip.last().localMethod = 12;
        assertRefused(zip.bytes(), null)
                .hasMessageStartingWith(START
                        + "it holds no readable member; expected the option member to be one of"
                        + " these: x: cannot be read, it is encrypted");
    }

    @Test
    void theOthersStayReadable() throws IOException {
        zip.add("x.npy", FLOATS).flags = 1;
        zip.add("a.npy", FLOATS);
        assertThat(describe(zip.bytes(), null).origin().member()).isEqualTo("a");
    }

    /** NumPy looks for an entry of the very name before it adds the suffix. */
    @Test
    void refusesAMemberWhoseNameIsThatOfAnotherEntry() throws IOException {
        zip.add("a", NpyBytes.bytes("other"));
        zip.add("a.npy", FLOATS);
        zip.add("b.npy.npy", FLOATS);
        zip.add("b.npy", FLOATS);
        String two =
                "Cannot read /d/x.npz#%s: the archive has the entries %1$s and %1$s.npy, and np.load takes the first"
                        + " one for this name, expected one; write the file again";
        assertRefused(zip.bytes(), "a").hasMessage(two.formatted("a"));
        assertRefused(zip.bytes(), "b.npy").hasMessage(two.formatted("b.npy"));
        assertThat(describe(zip.bytes(), "b").origin().member()).isEqualTo("b");
        assertRefused(zip.bytes(), null)
                .hasMessage(two.formatted("a") + ", or choose another member by the option member");
        zip.add(".npy", FLOATS);
        assertThat(describe(zip.bytes(), ".npy").origin().member()).isEqualTo(".npy");
    }

    @Test
    void refusesTwoEntriesOfOneName() throws IOException {
        zip.add("x.npy", FLOATS);
        zip.add("x.npy", FLOATS);
        zip.add("a.npy", FLOATS);
        assertRefused(zip.bytes(), "x")
                .hasMessage("Cannot read /d/x.npz#x: the archive has two entries of this name, expected one; write"
                        + " the file again");
        assertThat(describe(zip.bytes(), "a").origin().member()).isEqualTo("a");
        assertRefused(zip.bytes(), null)
                .hasMessage("Cannot read /d/x.npz#x: the archive has two entries of this name, expected one; write"
                        + " the file again, or choose another member by the option member");
    }

    @Test
    void refusesALocalHeaderOfAnotherEntry() {
        Zip.Entry entry = zip.add("x.npy", FLOATS);
        entry.localName = "y.npy";
        String refusal = "Cannot read /d/x.npz#x: the bytes at 0 are not the local header of its entry in the"
                + " directory, expected the same name, method and encryption; the file is damaged, or was overwritten while it"
                + " was written; write it again";
        assertRefused(zip.bytes(), null).hasMessage(refusal);
        entry.localName = "x.npy";
        entry.localMethod = 8;
        assertRefused(zip.bytes(), null).hasMessage(refusal);
    }

    @Test
    void refusesOffsetsThatWereCutTo32Bits() throws IOException {
        zip.add("x.npy", FLOATS);
        byte[] file = zip.bytes();
        assertThatThrownBy(() -> describe(new InMemory("/d/x.npz", file, 1L << 32), null, TrailingBytes.AUTO))
                .hasMessage(START + "its end record says that the directory begins at byte " + (FLOATS.length + 35)
                        + ", but it begins at " + (FLOATS.length + 35 + (1L << 32))
                        + ": a writer such as cnpy cut offsets to 32 bits, expected the same");
        zip.shift = 1;
        assertRefused(zip.bytes(), null).hasMessageContaining("the directory begins at byte " + (FLOATS.length + 36));
        zip.shift = -1;
        assertRefused(zip.bytes(), null).hasMessageContaining("bytes");
    }

    @Test
    void refusesArchivesThatContradictThemselves() {
        Zip.Entry entry = zip.add("x.npy", FLOATS);
        zip.moreEntries = 1;
        assertRefused(zip.bytes(), null)
                .hasMessage(
                        START + "its directory has 2 entries in 51 bytes, expected at least 46 bytes for each, before"
                                + " its end record at byte " + (FLOATS.length + 35 + 51));
        zip.moreEntries = 0;
        zip.disks = 1;
        assertRefused(zip.bytes(), null)
                .hasMessage(START + "it is one of several disks, expected an archive in one file");
        zip.disks = 0;
        entry.disk = 3;
        assertRefused(zip.bytes(), null).hasMessageContaining("its entry x.npy is on another disk");
        entry.disk = 0;
        entry.nbytes = FLOATS.length + 20;
        entry.realNbytes = entry.nbytes;
        assertRefused(zip.bytes(), null)
                .hasMessageStartingWith("Cannot read /d/x.npz#x: its " + entry.nbytes + " bytes from byte 35 end"
                        + " after byte " + (FLOATS.length + 35) + ", where the next entry or the directory of the"
                        + " archive begins");
        entry.nbytes = FLOATS.length - 8;
        entry.realNbytes = entry.nbytes;
        assertRefused(zip.bytes(), null)
                .isInstanceOf(UnreadableMemberException.class)
                .hasMessageContaining("declares shape (6, 2)");
    }

    @Test
    void refusesBytesAfterTheArrayUnlessTheyAreIgnored() throws IOException {
        byte[] file = Zip.of("x.npy", Arrays.copyOf(FLOATS, FLOATS.length + 8));
        assertRefused(file, null)
                .hasMessage("Cannot read /d/x.npz#x: 8 bytes follow its array of shape (6, 2), expected none; set"
                        + " trailingBytes=ignore to read it without them");
        assertThat(describe(new InMemory("/d/x.npz", file), null, TrailingBytes.IGNORE)
                        .layout()
                        .shape())
                .isEqualTo(Shape.of(6, 2));
    }

    @Test
    void refusesWhatHoldsNoArray() {
        assertRefused(zip.bytes(), null)
                .hasMessage(START
                        + "it is a zip archive (.npz?) of 0 entries without any .npy file, expected a .npy file in"
                        + " it; to read its bytes as they are, set container=raw");
        zip.add("archive/data.pkl", new byte[3]);
        zip.add("archive/data/0", new byte[8]);
        assertRefused(zip.bytes(), null).hasMessageContaining("a zip archive of PyTorch, whose pickle says");
    }

    @Test
    void refusesATruncatedFile() {
        byte[] file = Zip.of("x.npy", FLOATS);
        for (int cut : new int[] {1, 21, 22, 60, file.length - 30}) {
            assertRefused(Arrays.copyOf(file, file.length - cut), null)
                    .hasMessageContaining("it has no end record of a zip file in its last")
                    .hasMessageEndingWith("truncated or still being written");
        }
        assertRefused(new byte[100], null)
                .hasMessage(START + "it is no zip file, expected a zip file, as np.savez writes it");
        assertRefused(Arrays.copyOf("\211HDF\r\n\32\n".getBytes(StandardCharsets.ISO_8859_1), 99), null)
                .hasMessageStartingWith(START + "it is an HDF5 file");
        assertRefused(new byte[0], null).hasMessageContaining("no zip file");
    }
}
