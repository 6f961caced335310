package io.memmap.format;

import static io.memmap.format.NpyBytes.bytes;
import static io.memmap.format.NpyBytes.concat;
import static io.memmap.format.NpyBytes.file;
import static io.memmap.format.NpyBytes.head;
import static io.memmap.format.NpyBytes.header;
import static io.memmap.format.NpyBytes.padded;
import static io.memmap.format.NpyBytes.v1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every .npy file that must be refused for its magic, version, length, encoding or last byte, with its whole message.
 * Where it says "NumPy reads", NumPy 2.4.6 accepts the file.
 */
class NpyPrefixRefusalTest {
    private static final String CUT = "; it is truncated or still being written";
    private static final String MAGIC = "expected 93 4e 55 4d 50 59 as every .npy file";
    private static final String NEWLINE = "expected one; its length is wrong or its writer left it out";

    static Stream<Arguments> refused() {
        byte[] good = v1(header("'<f8'", "(4,)"));
        String goodText = header("'<f8'", "(4,)");
        return Stream.of(
                row("empty file", new byte[0], "it is empty, expected a .npy header"),
                row(
                        "magic only",
                        head(good, 6),
                        "the file ends after 6 bytes, expected the format version up to byte 8" + CUT),
                row("magic cut", head(good, 3), "it starts with the bytes 93 4e 55, " + MAGIC),
                row(
                        "wrong magic",
                        concat(bytes("XNUMPY"), Arrays.copyOfRange(good, 6, good.length)),
                        "it starts with the bytes 58 4e 55 4d 50 59, " + MAGIC),
                row(
                        "truncated before the length",
                        head(good, 9),
                        "the file ends after 9 bytes, expected the length of its header up to byte 10" + CUT),
                row(
                        "v2 truncated in the length",
                        head(file(2, 0, padded(goodText, 12), 32), 11),
                        "the file ends after 11 bytes, expected the length of its header up to byte 12" + CUT),
                row(
                        "header length 0",
                        file(1, 0, new byte[0], 32),
                        "its header of 0 bytes does not end in a newline at byte 9, " + NEWLINE),
                row(
                        "header length beyond the file",
                        file(1, 0, 65535, padded(goodText, 10), 32),
                        "the file ends after 160 bytes, expected its header up to byte 65545" + CUT),
                row(
                        "header length 1 short, NumPy reads shifted values",
                        file(1, 0, 117, padded(goodText, 10), 32),
                        "its header of 117 bytes does not end in a newline at byte 126, " + NEWLINE),
                row(
                        "v2 header length 0xFFFFFFF0",
                        file(2, 0, 0xFFFFFFF0L, padded(goodText, 12), 32),
                        "the file ends after 160 bytes, expected its header up to byte 4294967292" + CUT),
                row(
                        "v2 header of 20000 spaces",
                        file(2, 0, bytes(goodText + " ".repeat(20000) + "\n"), 32),
                        "its header has 20058 bytes, expected at most 10000"),
                row("version 4.0", file(4, 0, padded(goodText, 12), 32), version("4.0")),
                row("version 1.1", file(1, 1, padded(goodText, 10), 32), version("1.1")),
                row("version 0.0", file(0, 0, padded(goodText, 12), 32), version("0.0")),
                row("version 255.255", file(255, 255, padded(goodText, 12), 32), version("255.255")),
                row(
                        "v3 invalid UTF-8",
                        file(3, 0, bytes("{'descr': '<\377f8'}\n"), 32),
                        "found 0xff in the header at byte 24, expected UTF-8 in format version 3.0"),
                row(
                        "v3 UTF-8 cut",
                        file(3, 0, bytes("{'descr': '\303\n"), 32),
                        "found 0xc3 in the header at byte 23, expected UTF-8 in format version 3.0"),
                row(
                        "no newline, NumPy reads",
                        file(1, 0, bytes(goodText), 32),
                        "its header of 57 bytes does not end in a newline at byte 66, " + NEWLINE),
                row(
                        "UTF-16",
                        file(1, 0, goodText.getBytes(StandardCharsets.UTF_16LE), 32),
                        "its header of 114 bytes does not end in a newline at byte 123, " + NEWLINE),
                row(
                        "a zip archive",
                        concat(bytes("PK\3\4"), good),
                        "it is a zip archive (.npz?), not an .npy file; unzip it first, its members are .npy files"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, byte[] file, String problem) {
        assertThatThrownBy(() -> NpyBytes.read(file))
                .as(name)
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read /d/x.npy: " + problem);
    }

    private static String version(String version) {
        return "it is of .npy format version " + version + ", expected 1.0, 2.0 or 3.0";
    }

    private static Arguments row(String name, byte[] file, String problem) {
        return Arguments.of(name, file, problem);
    }
}
