package io.memmap.format;

import static io.memmap.format.NpyBytes.head;
import static io.memmap.format.NpyBytes.header;
import static io.memmap.format.NpyBytes.v1;
import static io.memmap.format.NpyBytes.v3;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every text of a .npy header that must be refused, with its whole message. Where it says "NumPy reads", NumPy 2.4.6
 * accepts the file, and some then give other values than were written or divide by zero.
 */
class NpyHeaderRefusalTest {
    private static final String LITERAL =
            ", expected a string, an integer, True, False, None, a tuple, a list or a dict";
    private static final String KEYS = ", expected exactly [descr, fortran_order, shape]";
    private static final String SHAPE = ", expected a tuple of integers of 0 or more";
    private static final String BOOL = ", expected True or False";
    private static final String BITS = ", which is beyond 64 bits, expected at most 2^63-1 bytes";
    private static final String DESCR = ", expected a string or a list of fields";
    private static final String UNKNOWN =
            ": unknown type, expected one of NumPy's, as in '<f8', 'float64', 'S10', 'M8[ns]' or [('a', '<i4')]";
    private static final String COMMA =
            ": comma-separated fields and shapes before a type are not read, expected a list"
                    + " of fields, as in [('f0', '<f8'), ('f1', '<f4', (3,))]";
    private static final String OBJECT = ": it holds Python objects, which have no bytes to map, expected values of a"
            + " fixed size; convert the array with astype and save it again";
    private static final String ZERO = ": its elements have zero bytes, expected a size, as in S10, U5 or V16";
    private static final String CUT = "; it is truncated or still being written";
    private static final String LITERAL_KEY = ", expected a string as key";
    private static final String HUGE = ": its elements have more than 2^31-1 bytes, expected at most so many";

    static Stream<Arguments> refused() {
        byte[] good = v1(header("'<f8'", "(4,)"));
        String goodText = header("'<f8'", "(4,)");
        return Stream.of(
                row(
                        "NUL bytes",
                        v1(goodText.replace("}", "\0}")),
                        "found U+0000 in the header at byte 66" + LITERAL_KEY),
                row(
                        "a list",
                        v1("[1, 2, 3]"),
                        "its header is [1, 2, 3], expected a dict with the keys [descr, fortran_order, shape]"),
                row(
                        "code",
                        v1(header("__import__('os').system('id')", "(4,)")),
                        "found '__import__' in the header at byte 20" + LITERAL),
                row(
                        "shape 2**62",
                        v1(header("'<f8'", "(2**62,)")),
                        "found '*' in the header at byte 62, expected ',' or ')'"),
                row(
                        "shape 2+2",
                        v1(header("'<f8'", "(2+2,)")),
                        "found '+' in the header at byte 62, expected ',' or ')'"),
                row(
                        "5000 parentheses",
                        v1(header("'<f8'", "(".repeat(5000))),
                        "found bracket 33 inside others in the header at byte 91, expected at most 32"),
                row(
                        "90 parentheses, NumPy reads",
                        v1(header("'<f8'", "(".repeat(90) + "4," + ")".repeat(90))),
                        "found bracket 33 inside others in the header at byte 91, expected at most 32"),
                row(
                        "no shape",
                        v1("{'descr': '<f8', 'fortran_order': False}"),
                        "its header has the keys [descr, fortran_order]" + KEYS),
                row(
                        "extra key",
                        v1(goodText.replace("}", "'x': 1}")),
                        "its header has the keys [descr, fortran_order, shape, x]" + KEYS),
                row("empty dict", v1("{}"), "its header has the keys []" + KEYS),
                row(
                        "shape twice, NumPy reads the last",
                        v1(goodText.replace("}", "'shape': (2,)}")),
                        "found the key 'shape' again in the header at byte 66, expected each key once"),
                row("shape an integer", v1(header("'<f8'", "4")), "its header has shape 4" + SHAPE),
                row("shape a list", v1(header("'<f8'", "[4]")), "its header has shape [4]" + SHAPE),
                row("shape without a comma", v1(header("'<f8'", "(4)")), "its header has shape 4" + SHAPE),
                row(
                        "shape a float",
                        v1(header("'<f8'", "(4.0,)")),
                        "found '4.0' in the header at byte 61, expected a plain decimal integer"),
                row("shape True", v1(header("'<f8'", "(True,)")), "its header has shape (True,)" + SHAPE),
                row("shape -1", v1(header("'<f8'", "(-1,)")), "its header has shape (-1,)" + SHAPE),
                row("shape -2, -2", v1(header("'<f8'", "(-2, -2)")), "its header has shape (-2, -2)" + SHAPE),
                row(
                        "zero times huge",
                        v1(header("'<f8'", "(0, 4611686018427387904)")),
                        "header declares shape (0, 4611686018427387904) of <f8" + BITS),
                row(
                        "shape over int64",
                        v1(header("'<f8'", "(9223372036854775808,)")),
                        "found '9223372036854775808' in the header at byte 61, expected an integer from -2^63 to 2^63-1"),
                row(
                        "product overflows",
                        v1(header("'<f8'", "(4294967296, 4294967296)")),
                        "header declares shape (4294967296, 4294967296) of <f8" + BITS),
                row(
                        "product wraps to 4",
                        v1(header("'<f8'", "(4611686018427387905, 4)")),
                        "header declares shape (4611686018427387905, 4) of <f8" + BITS),
                row(
                        "bytes wrap to 0",
                        v1(header("'<f8'", "(2305843009213693952,)")),
                        "header declares shape (2305843009213693952,) of <f8" + BITS),
                row(
                        "huge claim",
                        v1(header("'<f8'", "(1000000000000,)")),
                        "header declares shape (1000000000000,) of <f8, 8000000000000 bytes from offset 128, but the file ends after 160"
                                + CUT),
                row(
                        "one element more",
                        v1(header("'<f8'", "(5,)")),
                        "header declares shape (5,) of <f8, 40 bytes from offset 128, but the file ends after 160"
                                + CUT),
                row(
                        "one byte less",
                        head(good, good.length - 1),
                        "header declares shape (4,) of <f8, 32 bytes from offset 128, but the file ends after 159"
                                + CUT),
                row(
                        "65 dimensions",
                        v1(header("'<f8'", "(" + "1, ".repeat(65) + ")")),
                        "its header has a shape of 65 dimensions, expected at most 64"),
                row(
                        "underscore",
                        v1(header("'<f8'", "(4_0,)")),
                        "found '4_0' in the header at byte 61, expected a plain decimal integer"),
                row(
                        "hexadecimal, NumPy reads",
                        v1(header("'<f8'", "(0x4,)")),
                        "found '0x4' in the header at byte 61, expected a plain decimal integer"),
                row(
                        "a digit of another script",
                        v3(header("'<f8'", "(٤,)")),
                        "found U+0664 in the header at byte 63" + LITERAL),
                row("fortran_order 1", v1(goodText.replace("False", "1")), "its header has fortran_order 1" + BOOL),
                row(
                        "fortran_order a string",
                        v1(goodText.replace("False", "\"False\"")),
                        "its header has fortran_order 'False'" + BOOL),
                row(
                        "fortran_order None",
                        v1(goodText.replace("False", "None")),
                        "its header has fortran_order None" + BOOL),
                row("unknown descr", v1(header("'<q9'", "(4,)")), "its header has dtype '<q9'" + UNKNOWN),
                row("empty descr", v1(header("''", "(4,)")), "its header has dtype ''" + UNKNOWN),
                row("descr None", v1(header("None", "(4,)")), "its header has descr None" + DESCR),
                row("descr 5", v1(header("5", "(4,)")), "its header has descr 5" + DESCR),
                row(
                        "descr a dict",
                        v1(header("{'names': ['a'], 'formats': ['<f8'], 'offsets': [0]}", "(4,)")),
                        "its header has descr {'names': ['a'], 'formats': ['<f8'], 'offsets': [0]}" + DESCR),
                row(
                        "descr with a dict inside",
                        v1(header("[('a', {'names': ['x'], 'formats': ['<f8']})]", "(4,)")),
                        "its header has descr [('a', {'names': ['x'], 'formats': ['<f8']})]" + DESCR),
                row("objects", v1(header("'|O'", "(4,)")), "its header has dtype '|O'" + OBJECT),
                row(
                        "one field of objects",
                        v1(header("[('a', '<f8'), ('b', '|O')]", "(2,)")),
                        "its header has dtype '|O' of field 'b'" + OBJECT),
                row("V0, NumPy reads", v1(header("'|V0'", "(4,)")), "its header has dtype '|V0'" + ZERO),
                row("S0, NumPy reads", v1(header("'|S0'", "(4,)")), "its header has dtype '|S0'" + ZERO),
                row("U of 4 GB", v1(header("'<U1000000000'", "(4,)")), "its header has dtype '<U1000000000'" + HUGE),
                row("S of 2 GiB", v1(header("'|S2147483648'", "(4,)")), "its header has dtype '|S2147483648'" + HUGE),
                row(
                        "longdouble, NumPy reads",
                        v1(header("'<f16'", "(2,)")),
                        "its header has dtype '<f16': Java has no number as wide as a longdouble, expected float64 or complex128 at most; convert the array with astype('f8') and save it again"),
                row("comma string, NumPy reads", v1(header("'f8,f8'", "(2,)")), "its header has dtype 'f8,f8'" + COMMA),
                row(
                        "sub-array string, NumPy maps",
                        v1(header("'(2,)f8'", "(2,)")),
                        "its header has dtype '(2,)f8'" + COMMA),
                row(
                        "sub-array tuple",
                        v1(header("('<f8', (2,))", "(2,)")),
                        "its header has descr ('<f8', (2,))" + DESCR),
                row(
                        "sub-array alone in a list",
                        v1(header("[('', '<f8', (2,))]", "(2,)")),
                        "its header has dtype [('', '<f8', (2,))]: no field with a name, expected at least one"),
                row(
                        "datetime without a unit, NumPy reads",
                        v1(header("'<M8'", "(4,)")),
                        "its header has dtype '<M8': it has no unit and so no meaning, expected one, as in M8[ns] or m8[s]"),
                row(
                        "datetime with a bogus unit",
                        v1(header("'<M8[zz]'", "(4,)")),
                        "its header has dtype '<M8[zz]': unknown unit 'zz', expected Y, M, W, D, h, m, s, ms, us, ns, ps, fs or as, or so many of one, as in 25s"),
                row(
                        "the same name twice",
                        v1(header("[('a', '<f4'), ('a', '<f4')]", "(4,)")),
                        "its header has dtype [('a', '<f4'), ('a', '<f4')]: the field name or title 'a' again, expected each once"),
                row("no field, NumPy reads", v1(header("[]", "(4,)")), "its header has descr []" + DESCR),
                row(
                        "field shape negative",
                        v1(header("[('a', '<f8', (-1,))]", "(4,)")),
                        "its header has dtype <f8 of field 'a': found the shape (-1,), expected lengths of 1 or more"),
                row(
                        "field shape huge",
                        v1(header("[('a', '<f8', (1000000000,))]", "(4,)")),
                        "its header has dtype <f8 of field 'a': the shape (1000000000,) takes more than 2^31-1 bytes, expected less"),
                row(
                        "60 records deep",
                        v1(header("[('a', ".repeat(60) + "'<f8'" + ")]".repeat(60), "(4,)")),
                        "found bracket 33 inside others in the header at byte 126, expected at most 32"),
                row(
                        "comment, NumPy reads",
                        v1(goodText + "# hello"),
                        "found '#' in the header at byte 67, expected the end of the text"),
                row(
                        "bytes as keys",
                        v1(goodText.replace("'descr'", "b\"descr\"")),
                        "found 'b' in the header at byte 11, expected a string as key"),
                row(
                        "adjacent strings, NumPy reads",
                        v1(goodText.replace("'descr'", "\"de\" \"scr\"")),
                        "found '\"' in the header at byte 16, expected ':'"),
                row(
                        "escape, NumPy reads",
                        v1(goodText.replace("'descr'", "'\\144escr'")),
                        "found '\\\\' in the header at byte 12, expected only the escapes that repr writes: \\\\, \\', \\\","
                                + " \\n, \\r, \\t, \\x, \\u and \\U"),
                row(
                        "a name that is None",
                        v1(header("[(None, '<f8')]", "(4,)")),
                        "its header has dtype [(None, '<f8')]: found the name None, expected a string"),
                row(
                        "a title and no name",
                        v1(header("[(('t', ''), '<f8')]", "(4,)")),
                        "its header has dtype [(('t', ''), '<f8')]: found a title of a field without a name, expected one"),
                row(
                        "a second name to make up, which NumPy refuses",
                        v1(header("[('', '<i4'), ('', '|V4'), ('', '<f8')]", "(4,)")),
                        "its header has dtype [('', '<i4'), ('', '|V4'), ('', '<f8')]: found a second field without a name,"
                                + " expected a name; NumPy takes one at most"),
                row("M without 8", v1(header("'M[ns]'", "(4,)")), "its header has dtype 'M[ns]'" + UNKNOWN),
                row(
                        "Python 2 in version 3.0",
                        v3(header("'<f8'", "(4L,)")),
                        "found '4L' in the header at byte 63, expected a plain decimal integer"),
                row(
                        "triple quotes, NumPy reads",
                        v1(goodText.replace("'descr'", "'''descr'''")),
                        "found \"'\" in the header at byte 13, expected ':'"),
                row(
                        "JSON's false",
                        v1(goodText.replace("False", "false")),
                        "found 'false' in the header at byte 44" + LITERAL),
                row("byte order mark", v3("\uFEFF" + goodText), "found U+FEFF in the header at byte 12" + LITERAL),
                row(
                        "text behind the dict",
                        v1(goodText + "x"),
                        "found 'x' in the header at byte 67, expected the end of the text"),
                row(
                        "position behind wide characters",
                        v3(header("[('日本', '<f8'), ('é', x)]", "(4,)")),
                        "found 'x' in the header at byte 49" + LITERAL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, byte[] file, String problem) {
        assertThatThrownBy(() -> NpyBytes.read(file))
                .as(name)
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read /d/x.npy: " + problem);
    }

    private static Arguments row(String name, byte[] file, String problem) {
        return Arguments.of(name, file, problem);
    }
}
