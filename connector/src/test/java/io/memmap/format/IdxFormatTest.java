package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxFormatTest {
    private static final byte[] IMAGES = file(8, 24, 2, 3, 4);

    private static byte[] file(int type, int dataNbytes, int... dims) {
        byte[] head = Folder.bytes(java.nio.ByteOrder.BIG_ENDIAN, (type << 8) | dims.length);
        for (int dim : dims) {
            head = NpyBytes.concat(head, Folder.bytes(java.nio.ByteOrder.BIG_ENDIAN, dim));
        }
        return NpyBytes.concat(head, new byte[dataNbytes]);
    }

    private static String shown(String name, byte[] bytes) throws IOException {
        return new Folder().with(name, bytes).shown(name);
    }

    @ParameterizedTest
    @CsvSource({"8, |u1, 1", "9, |i1, 1", "11, >i2, 2", "12, >i4, 4", "13, >f4, 4", "14, >f8, 8"})
    void hasSixTypes(int type, String dtype, int itemsize) throws IOException {
        assertThat(shown("x", file(type, 24 * itemsize, 2, 3, 4))).isEqualTo("/d/x idx: " + dtype + " (2, 3, 4) at 16");
        assertThat(shown("x", file(type, 5 * itemsize, 5))).isEqualTo("/d/x idx: " + dtype + " (5,) at 8");
    }

    @Test
    void isKnownByItsBytesUnderAnyName() throws IOException {
        for (String name : List.of("t10k-images-idx3-ubyte", "train.idx3-ubyte", "x.idx", "x.dat", "x.bin", "x")) {
            assertThat(shown(name, IMAGES)).isEqualTo("/d/" + name + " idx: |u1 (2, 3, 4) at 16");
        }
        assertThat(shown("x", file(8, 0, 0))).isEqualTo("/d/x idx: |u1 (0,) at 8");
        assertThat(shown("x", file(8, 0, 0, 28, 28))).isEqualTo("/d/x idx: |u1 (0, 28, 28) at 16");
    }

    /** Its four bytes begin other files too, so a dtype decides where the length does not fit. */
    @Test
    void isNotKnownByFourBytesAlone() throws IOException {
        Claims bytes = Claims.ofDType(Claims.Source.OPTIONS, io.memmap.dtype.DType.parse("u1"));
        for (int nbytes : new int[] {23, 25, 0}) {
            Folder folder = new Folder().with("x", file(8, nbytes, 2, 3, 4));
            assertThat(Folder.shown(folder.describe("x", bytes)))
                    .isEqualTo("/d/x raw: |u1 (" + (16 + nbytes) + ",) at 0");
            assertThatThrownBy(() -> folder.shown("x"))
                    .isInstanceOf(NpyFormatException.class)
                    .hasMessageStartingWith(
                            "Cannot read /d/x: its idx header declares shape (2, 3, 4) of |u1, 24 bytes from"
                                    + " offset 16, but ");
        }
        assertThatThrownBy(() -> shown("x", file(10, 24, 2, 3, 4))).isInstanceOf(UndescribedFileException.class);
    }

    /** Bytes after the end of a file are no lengths of axes. */
    @ParameterizedTest
    @CsvSource({"8, 3", "9, 3", "11, 2", "12, 0", "13, 0"})
    void isNotKnownWithoutAllOfItsHeader(int type, int nbytes) throws IOException {
        byte[] file = Arrays.copyOf(file(type, 0, 0), 4 + nbytes);
        Claims bytes = Claims.ofDType(Claims.Source.OPTIONS, io.memmap.dtype.DType.parse("u1"));
        assertThat(Folder.shown(new Folder().with("x", file).describe("x", bytes)))
                .isEqualTo("/d/x raw: |u1 (" + file.length + ",) at 0");
        assertThatThrownBy(() -> shown("x", file))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read /d/x: the file ends after " + file.length
                        + " bytes, expected the idx header of 8; it is truncated or still being written");
    }

    @Test
    void aFileOfItsNameMustHaveItsLength() {
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", file(8, 23, 2, 3, 4)))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read /d/t10k-images-idx3-ubyte: its idx header declares shape (2, 3, 4) of |u1, 24 bytes"
                                + " from offset 16, but the file ends after 39, expected 40; it is truncated or still being written");
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", file(8, 26, 2, 3, 4)))
                .hasMessage(
                        "Cannot read /d/t10k-images-idx3-ubyte: its idx header declares shape (2, 3, 4) of |u1, 24 bytes"
                                + " from offset 16, but 2 bytes follow, expected none; set trailingBytes=ignore to read it without"
                                + " them");
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", new byte[3]))
                .hasMessage(
                        "Cannot read /d/t10k-images-idx3-ubyte: the file ends after 3 bytes, expected the idx header of"
                                + " 4; it is truncated or still being written");
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", Arrays.copyOf(IMAGES, 15)))
                .hasMessageContaining("the file ends after 15 bytes, expected the idx header of 16");
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", file(10, 24, 2, 3, 4)))
                .hasMessageContaining("it starts with the bytes 00 00 0a 03, expected 00 00, one of 08 09 0b 0c 0d 0e");
        assertThatThrownBy(() -> shown("t10k-images-idx0-ubyte", file(8, 1)))
                .hasMessageContaining("it starts with the bytes 00 00 08 00, expected");
        assertThatThrownBy(() -> shown("t10k-images-idx3-ubyte", file(14, 0, -1, -1, -1)))
                .hasMessageContaining(
                        "declares shape (4294967295, 4294967295, 4294967295) of >f8, expected at most 2^63-1");
    }

    @Test
    void theOptionDecidesAndTrailingBytesMayBeIgnored() throws IOException {
        Folder folder = new Folder().with("x", file(8, 26, 2, 3, 4));
        assertThat(Folder.shown(folder.describe("x", Folder.container("idx"), null, TrailingBytes.IGNORE)))
                .isEqualTo("/d/x idx: |u1 (2, 3, 4) at 16");
    }

    @Test
    void optionsAreComparedWithItsHeader() {
        Claims wrong = Claims.ofDType(Claims.Source.OPTIONS, io.memmap.dtype.DType.parse("i1"));
        assertThatThrownBy(() -> new Folder().with("x", IMAGES).describe("x", wrong))
                .hasMessage("Cannot read /d/x: the option dtype=|i1 was given, but its header says dtype |u1; remove or"
                        + " correct the option, or write the file again");
    }
}
