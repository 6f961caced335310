package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged member of a {@code .npz} is an error; a member of a kind that is not supported is left out. */
class DamagedMembersTest {
    private static final String OTHERWISE = "; write the file again, or choose another member by the option member";

    private static List<ArrayFile> read(byte[] file, String members) throws IOException {
        return ArrayDescriber.describeMembers(
                new InMemory("/d/x.npz", file), Optional.empty(), Optional.empty(), Reading.of(members));
    }

    private static AbstractThrowableAssert<?, ?> assertDamaged(byte[] file) throws IOException {
        List<ArrayFile> intact = read(file, "x");
        assertThat(intact).hasSize(1);
        assertThat(intact.get(0).layout().shape()).isEqualTo(Shape.of(3));
        return assertThatThrownBy(() -> read(file, null)).isInstanceOf(UnreadableMemberException.class);
    }

    /** An intact array {@code x} beside {@code y}. */
    private static byte[] beside(byte[] y, boolean deflated) {
        Zip zip = new Zip();
        zip.add("x.npy", Zip.npy("<f8", 3));
        if (deflated) {
            zip.deflated("y.npy", y);
        } else {
            zip.add("y.npy", y);
        }
        return zip.bytes();
    }

    private static byte[] npy(String text) {
        byte[] array = Zip.npy("<i8", 3);
        byte[] header = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(header, 0, array, 10, header.length);
        return array;
    }

    @Test
    void aFlippedBitOfAHeaderIsAnError() throws IOException {
        byte[] file = beside(Zip.npy("<i8", 3), false);
        file[new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("'fortran_order'")] ^= 1;
        assertDamaged(file)
                .hasMessageStartingWith(
                        "Cannot read /d/x.npz#y: found '&' in the header at byte 27, expected a string as key")
                .hasMessageEndingWith(OTHERWISE);
        assertThatThrownBy(() -> read(file, "x,y"))
                .hasMessageStartingWith("Cannot read /d/x.npz#y: found '&' in the header")
                .hasMessageEndingWith("; write the file again");
    }

    /** Every bit of the header in turn: the member is there, or it is an error. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noFlippedBitOfAHeaderHidesAMember(boolean deflated) throws IOException {
        byte[] array = Zip.npy("<f8", 3);
        for (int bit = 0; bit < 8 * (array.length - 24); bit++) {
            byte[] flipped = array.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            byte[] file = beside(flipped, deflated);
            try {
                assertThat(read(file, null)).as("bit %d", bit).hasSize(2);
            } catch (IOException e) {
                assertThat(e).as("bit %d", bit).hasMessageContaining("y");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            '<q8', 'fortran_order': False, 'shape': (3,), | its header has dtype '<q8': unknown type
            '<i8', 'fortran_order': False, 'shape': (9,), | 72 bytes from offset 128, but the member ends after 152;
            '<i8', 'fortran_order': False, 'shape': [3,4] | expected a tuple of integers
            """)
    void aHeaderThatDescribesNoArrayIsAnError(String fields, String message) throws IOException {
        for (boolean deflated : new boolean[] {false, true}) {
            assertDamaged(beside(npy("{'descr': " + fields), deflated))
                    .hasMessageStartingWith("Cannot read /d/x.npz#y: ")
                    .hasMessageContaining(message)
                    .hasMessageEndingWith(OTHERWISE);
        }
    }

    @Test
    void anEntryWithTheSuffixAloneIsAnError() throws IOException {
        assertDamaged(beside("no array".getBytes(StandardCharsets.US_ASCII), false))
                .hasMessage(
                        "Cannot read /d/x.npz#y: it starts with the bytes 6e 6f 20 61 72 72, expected 93 4e 55 4d 50"
                                + " 59 as every .npy file" + OTHERWISE);
        assertDamaged(beside(new byte[0], false))
                .hasMessage("Cannot read /d/x.npz#y: it is empty, expected a .npy header" + OTHERWISE);
    }

    @Test
    void theMemberEndsAndNotTheFile() throws IOException {
        byte[] longer = Zip.npy("<i8", 3);
        longer[9] = 97;
        for (boolean deflated : new boolean[] {false, true}) {
            assertDamaged(beside(longer, deflated))
                    .hasMessage(
                            "Cannot read /d/x.npz#y: the member ends after 152 bytes, expected its header up to byte"
                                    + " 24960" + OTHERWISE);
        }
    }

    @Test
    void aLongHeaderTellsTheOption() throws IOException {
        assertDamaged(beside(NpyBytes.v1(NpyBytes.header("'<i8'", "(4,)") + " ".repeat(20_000)), false))
                .hasMessageMatching(
                        "Cannot read /d/x.npz#y: its header has 20\\d{3} bytes, expected at most 10000; if you"
                                + " trust the file, set maxHeaderNbytes=20\\d{3}, or choose another member by the option member");
    }

    @Test
    void compressedBytesThatDoNotInflateAreAnError() throws IOException {
        Zip zip = new Zip();
        zip.add("x.npy", Zip.npy("<f8", 3));
        zip.deflated("y.npy", Zip.npy("<i8", 3)).nbytes = 20;
        assertDamaged(zip.bytes())
                .hasMessageStartingWith(
                        "Cannot read /d/x.npz#y: its deflated bytes do not inflate to a .npy header of 1")
                .hasMessageEndingWith("expected one" + OTHERWISE);
        zip.last().realNbytes = 1 << 20;
        assertDamaged(zip.bytes())
                .hasMessage("Cannot read /d/x.npz#y: its 20 deflated bytes cannot inflate to the 1048576 bytes that the"
                        + " archive says, expected at most 1032 times as many" + OTHERWISE);
    }

    /** The two headers of an entry differ where a bit of one has flipped. */
    @Test
    void aKindThatOnlyTheDirectoryKnowsIsAnError() throws IOException {
        for (int offset : new int[] {8, 10}) {
            byte[] file = beside(Zip.npy("<i8", 3), false);
            int entry = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
            file[entry + offset] ^= 1;
            assertDamaged(file)
                    .hasMessageContaining("#y: the bytes at 187 are not the local header of its entry in the directory,"
                            + " expected the same name, method and encryption; the file is damaged");
        }
    }

    @Test
    void kindsThatAreNotSupportedAreLeftOut() throws IOException {
        for (String descr : List.of(
                "'|O', ",
                "'<f16',",
                "'>c32',",
                "'<M8', ",
                "[('a', 'O')],",
                "'|V0',",
                "[('a','<U0')],",
                "[('a','f8',(0,))],",
                "[], ")) {
            byte[] array = npy("{'descr': " + descr + " 'fortran_order': False, 'shape': (3,), }             ");
            assertThat(read(beside(array, false), null))
                    .extracting(file -> file.origin().member())
                    .containsExactly("x");
        }
        for (int method : new int[] {12, 14, 93}) {
            Zip zip = new Zip();
            zip.add("x.npy", Zip.npy("<f8", 3));
            zip.add("y.npy", new byte[9]).method = method;
            zip.last().localMethod = method;
            zip.add("z.npy", new byte[9]).flags = 1;
            zip.add("readme.txt", new byte[9]);
            assertThat(read(zip.bytes(), null))
                    .extracting(file -> file.origin().member())
                    .containsExactly("x");
        }
    }
}
