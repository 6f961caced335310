package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets of vectors: {@link XbinFormat} and {@link XvecsFormat}. */
class VectorFormatsTest {

    private static byte[] xbin(int rows, int dim, int dataNbytes) {
        return NpyBytes.concat(Folder.bytes(rows, dim), new byte[dataNbytes]);
    }

    private static byte[] xvecs(int itemsize, int... dims) {
        byte[] file = new byte[0];
        for (int dim : dims) {
            file = NpyBytes.concat(file, NpyBytes.concat(Folder.bytes(dim), new byte[dim * itemsize]));
        }
        return file;
    }

    private static String shown(String name, byte[] bytes) throws IOException {
        return new Folder().with(name, bytes).shown(name);
    }

    @ParameterizedTest
    @CsvSource({"fbin, <f4, 4", "f16bin, <f2, 2", "u8bin, |u1, 1", "i8bin, |i1, 1", "ibin, <i4, 4"})
    void theSuffixSaysTheDtype(String suffix, String dtype, int itemsize) throws IOException {
        for (String name : List.of("x." + suffix, "base.10M." + suffix, "x." + suffix + ".crop_nb_10000000")) {
            assertThat(shown(name, xbin(2, 3, 6 * itemsize)))
                    .isEqualTo("/d/" + name + " xbin: " + dtype + " (2, 3) at 8");
        }
        assertThat(shown("x." + suffix, xbin(0, 3, 0)))
                .isEqualTo("/d/x." + suffix + " xbin: " + dtype + " (0, 3) at 8");
    }

    @Test
    void xbinMustHaveItsLength() {
        assertThatThrownBy(() -> shown("x.fbin", xbin(10, 3, 119)))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read /d/x.fbin: its xbin header declares shape (10, 3) of <f4, 120 bytes from offset 8,"
                                + " but the file ends after 127, expected 128; it is truncated or still being written");
        assertThatThrownBy(() -> shown("x.fbin", xbin(10, 3, 121)))
                .hasMessageContaining("but 1 bytes follow, expected none; set trailingBytes=ignore");
        assertThatThrownBy(() -> shown("x.fbin", new byte[7]))
                .hasMessage("Cannot read /d/x.fbin: the file ends after 7 bytes, expected the xbin header of 8; it is"
                        + " truncated or still being written");
        assertThatThrownBy(() -> shown("x.fbin", xbin(-1, -1, 8)))
                .hasMessage(
                        "Cannot read /d/x.fbin: its xbin header declares shape (4294967295, 4294967295) of <f4, expected"
                                + " at most 2^63-1 bytes");
    }

    /** 3 billion items, as in sets of a billion vectors. */
    @Test
    void countsAreUnsigned() {
        assertThatThrownBy(() -> shown("x.u8bin", xbin(-1294967296, 1, 8)))
                .hasMessageContaining("declares shape (3000000000, 1) of |u1, 3000000000 bytes from offset 8");
        assertThatThrownBy(() -> shown("x.u8bin", xbin(1_000_000_000, 128, 8)))
                .hasMessageContaining("of |u1, 128000000000 bytes from offset 8, but the file ends after 16");
    }

    @Test
    void neighboursMayHaveDistances() throws IOException {
        Folder folder = new Folder().with("gt.ibin", xbin(2, 3, 48));
        assertThat(Folder.shown(folder.describeMember("gt.ibin", "ids")))
                .isEqualTo("/d/gt.ibin xbin#ids: <i4 (2, 3) at 8");
        assertThat(Folder.shown(folder.describeMember("gt.ibin", "distances")))
                .isEqualTo("/d/gt.ibin xbin#distances: <f4 (2, 3) at 32");
        assertThatThrownBy(() -> folder.describe("gt.ibin"))
                .hasMessage(
                        "Cannot read /d/gt.ibin: it holds several arrays, ids, distances, expected one; name the member");
        assertThatThrownBy(() -> shown("x.fbin", xbin(2, 3, 48))).hasMessageContaining("but 24 bytes follow");
        assertThat(Folder.shown(folder.describe("gt.ibin", Folder.NOTHING, null, TrailingBytes.IGNORE)))
                .isEqualTo("/d/gt.ibin xbin: <i4 (2, 3) at 8");
    }

    @Test
    void anyNameIsXbinByTheOption() throws IOException {
        Claims floats = new Claims(
                Claims.Source.OPTIONS,
                DType.parse("<f4"),
                null,
                null,
                null,
                ArrayFormats.find("xbin").orElseThrow(),
                List.of(),
                null);
        Folder folder = new Folder().with("query.bin", xbin(2, 3, 24));
        assertThat(Folder.shown(folder.describe("query.bin", floats))).isEqualTo("/d/query.bin xbin: <f4 (2, 3) at 8");
        assertThatThrownBy(() -> folder.describe("query.bin", Folder.container("xbin")))
                .hasMessage(
                        "Cannot read /d/query.bin: its name does not say the dtype of its vectors, expected one that ends"
                                + " in .fbin, .f16bin, .u8bin, .i8bin or .ibin, or the option dtype (for example dtype='<f4')");
    }

    @ParameterizedTest
    @CsvSource({"fvecs, <f4, 4", "ivecs, <i4, 4", "bvecs, |u1, 1"})
    void everyRowOfXvecsHasItsLength(String suffix, String dtype, int itemsize) throws IOException {
        assertThat(new Folder()
                        .with("x." + suffix, xvecs(itemsize, 3, 3))
                        .describe("x." + suffix)
                        .layout()
                        .toString())
                .contains("('dim', '<i4'), ('vector', '" + dtype + "', (3,))", "(2,)", "offset=0");
        assertThatThrownBy(() -> shown("x." + suffix, xvecs(itemsize, 3, 3, 2)))
                .isInstanceOf(NpyFormatException.class)
                .hasMessageContaining("its first row declares 3 items of " + dtype + " and so has ")
                .hasMessageContaining("; it is truncated or still being written, or its rows differ in length");
    }

    @Test
    void aCutFirstRowIsTruncated() {
        byte[] file = xvecs(4, 5, 5);
        assertThatThrownBy(() -> shown("x.fvecs", Arrays.copyOf(file, 23)))
                .hasMessage(
                        "Cannot read /d/x.fvecs: its first row declares 5 items of <f4 and so has 24 bytes, expected a"
                                + " multiple of them, but the file has 23; it is truncated or still being written, or its rows"
                                + " differ in length");
    }

    /** Lengths that divide by chance. */
    @Test
    void aRowOfAnotherLengthIsRefused() {
        byte[] file = xvecs(4, 3, 3, 3, 3);
        file[2 * 16] = 2;
        assertThatThrownBy(() -> shown("x.fvecs", file))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read /d/x.fvecs: row 2 declares 2 items, expected 3 as in row 0; rows of several lengths"
                                + " are no array");
        byte[] large = new byte[(1 << 20) + 16];
        for (int row = 0; row < large.length; row += 16) {
            large[row] = 3;
        }
        large[large.length - 16] = 4;
        assertThatThrownBy(() -> shown("x.fvecs", large))
                .hasMessageContaining("row 65536 declares 4 items, expected 3");
    }

    /** The position of a row after the only one leaves 31 bits. */
    @ParameterizedTest
    @CsvSource({"bvecs, 2147483643, 2147483647", "fvecs, 536870910, 2147483644", "ivecs, 536870909, 2147483640"})
    void aRowMayHaveAlmostTwoGigabytes(String suffix, int dim, long nbytes) throws IOException {
        ArrayFile file =
                new Folder().with("x." + suffix, Folder.bytes(dim), nbytes).describe("x." + suffix);
        assertThat(file.layout().rowCount()).isEqualTo(1);
        assertThat(file.layout().end()).isEqualTo(nbytes);
    }

    @Test
    void xvecsWithoutItemsAreRefused() {
        assertThatThrownBy(() -> shown("x.fvecs", new byte[16]))
                .hasMessage(
                        "Cannot read /d/x.fvecs: its first row declares 0 items of <f4, expected 1 or more, in less than"
                                + " 2^31 bytes; it is no .fvecs file");
        assertThatThrownBy(() -> shown("x.fvecs", Folder.bytes(-1, 0)))
                .hasMessageContaining("declares -1 items of <f4");
        assertThatThrownBy(() -> shown("x.fvecs", Folder.bytes(Integer.MAX_VALUE, 0)))
                .hasMessageContaining("declares 2147483647 items of <f4");
        assertThatThrownBy(() -> shown("x.fvecs", new byte[0]))
                .hasMessage("Cannot read /d/x.fvecs: the file ends after 0 bytes, expected the xvecs header of 4; it is"
                        + " truncated or still being written");
    }

    @Test
    void theTwoKindsAreToldApart() {
        assertThatThrownBy(() -> shown("x.fbin", xvecs(4, 3, 3)))
                .hasMessage(
                        "Cannot read /d/x.fbin: its xbin header declares shape (3, 0) of <f4, but its 32 bytes are 2 rows"
                                + " of .fvecs files and their kin, each with its own length, expected 8 bytes; rename it, or read it"
                                + " by container=raw and a record dtype");
        assertThatThrownBy(() -> shown("x.fvecs", xbin(2, 5, 40)))
                .hasMessageEndingWith("; set container=xbin and dtype='<f4': it has the length of an .fbin file");
        assertThatThrownBy(
                        () -> new Folder().with("x.bin", xvecs(4, 3, 3)).describe("x.bin", Folder.container("xvecs")))
                .hasMessageContaining(
                        "its name does not say the dtype of its vectors, expected one that ends in .fvecs");
    }
}
