package io.memmap.format;

import static io.memmap.format.NpyBytes.bytes;
import static io.memmap.format.NpyBytes.concat;
import static io.memmap.format.NpyBytes.file;
import static io.memmap.format.NpyBytes.header;
import static io.memmap.format.NpyBytes.padded;
import static io.memmap.format.NpyBytes.v1;
import static io.memmap.format.NpyBytes.v3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The .npy headers that look odd and must be read all the same. */
class NpyHeaderAcceptanceTest {

    static Stream<Arguments> accepted() {
        String good = header("'<f8'", "(4,)");
        String result = "<f8 (4,) C";
        return Stream.of(
                row("good", v1(good), result),
                row("version 2.0", file(2, 0, padded(good, 12), 32), result),
                row("version 3.0", v3(good), result),
                row("other order of keys", v1("{'shape': (4,), 'descr': '<f8', 'fortran_order': False}"), result),
                row("Fortran order", v1(header("'<f8'", "(2, 2)").replace("False", "True")), "<f8 (2, 2) F"),
                row("no dimension", v1(header("'<f8'", "()")), "<f8 () C"),
                row("no rows", v1(header("'<f8'", "(0,)")), "<f8 (0,) C"),
                row("trailing garbage", concat(v1(good), new byte[7]), result),
                row(
                        "33 dimensions",
                        v1(header("'<f8'", "(" + "1, ".repeat(33) + ")")),
                        "<f8 (" + "1, ".repeat(32) + "1) C"),
                row("Python 2", v1(header("'<f8'", "(4L,)")), result),
                row("native", v1(header("'f8'", "(4,)")), result),
                row("=", v1(header("'=f8'", "(4,)")), result),
                row("|", v1(header("'|f8'", "(4,)")), result),
                row("big-endian", v1(header("'>f8'", "(4,)")), ">f8 (4,) C"),
                row("padding", v1(header("[('a', '<f8'), ('', '|V8')]", "(2,)")), "[('a', '<f8'), ('', '|V8')] (2,) C"),
                row(
                        "titles",
                        v1(header("[(('t', 'a'), '<f8'), ('b', '<f8')]", "(2,)")),
                        "[(('t', 'a'), '<f8'), ('b', '<f8')] (2,) C"),
                row("space in front", v1(" \t" + good), result),
                row("line end in front", v1("\n" + good), result),
                row(
                        "escapes",
                        v1(header("[('\\t\\x00\\u200b', '<f8')]", "(4,)")),
                        "[('\\t\\x00\\u200b', '<f8')] (4,) C"),
                row(
                        "control characters",
                        v1(header("[('\t\7\177', '<f8')]", "(4,)")),
                        "[('\\t\\x07\\x7f', '<f8')] (4,) C"),
                row("escape in a key", v1(good.replace("'descr'", "'\\x64escr'")), result),
                row(
                        "unnamed sub-array",
                        v1(header("[('', '<i4', (2,)), ('b', '<f8')]", "(2,)")),
                        "[('', '|V8'), ('b', '<f8')] (2,) C"),
                row("double quotes", v1(good.replace('\'', '"')), result),
                row("CRLF and tabs", file(1, 0, bytes(good + "\t \r\n"), 32), result),
                row("bfloat16", v1(header("'<V2'", "(16,)")), "|V2 (16,) C"),
                row("latin1 in version 1.0", v1(header("[('\351', '<f8')]", "(4,)")), "[('é', '<f8')] (4,) C"),
                row(
                        "15 records deep",
                        v1(header("[('a', ".repeat(15) + "'<f8'" + ")]".repeat(15), "(4,)")),
                        "[('a', ".repeat(15) + "'<f8'" + ")]".repeat(15) + " (4,) C"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void accepted(String name, byte[] file, String result) throws NpyFormatException {
        NpyHeader header = NpyBytes.read(file);
        assertThat(header.dtype() + " " + header.shape() + " " + header.order())
                .as(name)
                .isEqualTo(result);
        assertThat(header.layout().offset()).isEqualTo(header.dataOffset());
    }

    private static Arguments row(String name, byte[] file, String result) {
        return Arguments.of(name, file, result);
    }
}
