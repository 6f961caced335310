package io.memmap.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeParserTest {

    /** Written by real Python and NumPy, see make_dtypes.py beside it. */
    static Stream<Arguments> spellings() throws IOException {
        try (InputStream tsv = DTypeParserTest.class.getResourceAsStream("dtypes.tsv")) {
            return new String(tsv.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Arguments.of((Object[]) line.split("\t")));
        }
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void readsWhatPythonWrites(String spelling, String tree, String descr) {
        if (tree.equals("refused")) {
            assertThatThrownBy(() -> DType.parse(spelling)).isInstanceOf(DTypeException.class);
            return;
        }
        DType dtype = DType.parse(spelling);
        assertThat(DTypeTree.of(dtype)).isEqualTo(tree);
        if (!descr.equals("-")) {
            assertThat(dtype.descr()).isEqualTo(descr);
            assertThat(DType.parse(dtype.descr())).isEqualTo(dtype);
            assertThat(DType.parse(Literal.toJson(Literal.parsePython(dtype.descr()))))
                    .isEqualTo(dtype);
        }
    }

    @Test
    void takesSpaceAround() {
        assertThat(DType.parse(" <f8 \n")).isEqualTo(ScalarDType.of(Kind.FLOAT, 8));
        assertThat(DType.parse(" [ ( 'a' , '<i4' ) , ] ").itemsize()).isEqualTo(4);
    }

    /** {@code dtype.descr} of a scalar is a list of one unnamed field. */
    @Test
    void readsAListOfOneUnnamedFieldAsThatField() {
        assertThat(DType.parse("[('', '<f8')]")).isEqualTo(ScalarDType.of(Kind.FLOAT, 8));
        assertThat(DType.parse("[[\"\", \"|V16\"]]")).isEqualTo(ScalarDType.of(Kind.VOID, 16));
    }

    @Test
    void readsLiteralsOfHeadersAndSidecars() {
        Object literal = Literal.parsePython("[('a', '<i4'), ('v', '>f4', (3,))]");
        assertThat(DType.ofLiteral(literal)).isEqualTo(DType.parse("[('a', '<i4'), ('v', '>f4', (3,))]"));
        assertThat(DType.ofLiteral(Literal.parseJson("[\"<f4\", [3]]"))).isEqualTo(DType.parse("('<f4', (3,))"));
        assertThat(DType.ofLiteral("float32")).isEqualTo(ScalarDType.of(Kind.FLOAT, 4));
    }

    /** Another user may have written the sidecar that has such a text. */
    @Test
    void longTextsAreRefusedAtOnce() {
        for (String text : new String[] {"a:".repeat(100_000) + "f4", "a" + " ".repeat(200_000) + "b c"}) {
            assertThatThrownBy(() -> DType.parse(text))
                    .isInstanceOf(DTypeException.class)
                    .hasMessageContaining("unknown type, expected one of NumPy's");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<q9 | '<q9': unknown type, " + KNOWN,
                "``| '': unknown type, " + KNOWN,
                "float65 | 'float65': unknown type, " + KNOWN + "; did you mean 'float64'?",
                "unit16 | 'unit16': unknown type, " + KNOWN + "; did you mean 'uint16'?",
                "np.flaot32 | 'np.flaot32': unknown type, " + KNOWN + "; did you mean 'float32'?",
                "Int32 | 'Int32': unknown type, " + KNOWN + "; did you mean 'int32'?",
                "F4 | 'F4': unknown type, " + KNOWN + "; did you mean 'f4'?",
                "ts M8[ns] | 'ts M8[ns]': found names and types of fields, expected a list of them; write"
                        + " [('ts', 'M8[ns]')]",
                "ts: M8[ns], v f4 | 'ts: M8[ns], v f4': found names and types of fields, expected a list of them; write"
                        + " [('ts', 'M8[ns]'), ('v', 'f4')]",
                "f4 i8 | 'f4 i8': unknown type, " + KNOWN,
                "a f4, a i8 | 'a f4, a i8': " + COMMA,
                "a:a:f4 | 'a:a:f4': unknown type, " + KNOWN,
                "{'a': 'f4', 'b': 'S3'} | {'a': 'f4', 'b': 'S3'}: found the keys [a, b], expected names and formats, and of"
                        + " [aligned, formats, itemsize, names, offsets, titles] what is needed; write"
                        + " [('a', 'f4'), ('b', 'S3')]",
                "i3 | 'i3': unknown type, " + KNOWN,
                "<float64 | '<float64': unknown type, " + KNOWN,
                ">bfloat16 | '>bfloat16': unknown type, " + KNOWN,
                "b8 | 'b8': unknown type, " + KNOWN,
                "float8_e5m2 | 'float8_e5m2': unknown type, " + KNOWN,
                "<class 'decimal.Decimal'> | 'decimal.Decimal': unknown type, " + KNOWN,
                "f8,f8 | 'f8,f8': " + COMMA,
                "(2,)f8 | '(2,)f8': " + COMMA,
                "3f4 | '3f4': " + COMMA,
                "object | 'object': " + OBJECT,
                "<class 'object'> | 'object': " + OBJECT,
                "f16 | 'f16': " + LONG_DOUBLE,
                ">g | '>g': " + LONG_DOUBLE,
                "longdouble | 'longdouble': " + LONG_DOUBLE,
                "<c32 | '<c32': " + LONG_DOUBLE,
                "<class 'numpy.clongdouble'> | 'numpy.clongdouble': " + LONG_DOUBLE,
                "S0 | 'S0': " + ZERO,
                "<V0 | '<V0': " + ZERO,
                "U | 'U': " + ZERO,
                "<class 'str'> | 'str': " + ZERO,
                "bytes | 'bytes': " + ZERO,
                "S2147483648 | 'S2147483648': " + HUGE,
                "<U536870912 | '<U536870912': " + HUGE,
                "V99999999999999999999 | 'V99999999999999999999': " + HUGE,
                "<M8 | '<M8': " + UNITLESS,
                "timedelta64 | 'timedelta64': " + UNITLESS,
                "m | 'm': " + UNITLESS,
                "M8[generic] | 'M8[generic]': " + UNITLESS,
                "M8[zz] | 'M8[zz]': unknown unit 'zz', " + UNITS,
                "M8[ns/25] | 'M8[ns/25]': unknown unit 'ns/25', " + UNITS,
                "M8[] | 'M8[]': unknown unit '', " + UNITS,
                "M8[0s] | 'M8[0s]': found 0 units a tick, expected 1 to 2^31-1",
                "m8[2147483648s] | 'm8[2147483648s]': found 2147483648 units a tick, expected 1 to 2^31-1",
            })
    void refusesAScalarWithItsReason(String text, String problem) {
        assertThatThrownBy(() -> DType.parse(text))
                .isInstanceOf(DTypeException.class)
                .hasMessage("Cannot parse dtype " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[('a', '<f8'), ('b', 'O')]| 'O' of field 'b': " + OBJECT,
                "[('a', [('b', [('c', 'f16')])])]| 'f16' of field 'a.b.c': " + LONG_DOUBLE,
                "[]| []: no field with a name, expected at least one",
                "[('', 'V4'), ('', 'V4')]| [('', 'V4'), ('', 'V4')]: no field with a name, expected at least one",
                "[('a', '<f4'), ('a', '<f4')]| [('a', '<f4'), ('a', '<f4')]: the field name or title 'a' again,"
                        + " expected each once",
                "[('a', '<f4'), (('a', 'b'), '<f4')]| [('a', '<f4'), (('a', 'b'), '<f4')]: the field name or title"
                        + " 'a' again, expected each once",
                "[('a', 'f4'), (('t', 'a'), 'f4')]| [('a', 'f4'), (('t', 'a'), 'f4')]: the field name or title 'a' again,"
                        + " expected each once",
                "[('a',)]| ('a',): found no field, expected (name, dtype) or (name, dtype, shape)",
                "[1, 2]| 1: found no field, expected (name, dtype) or (name, dtype, shape)",
                "[(1, 'f4'), ('b', 'f4')]| [(1, 'f4'), ('b', 'f4')]: found the name 1, expected a string",
                "[(a, 'f4'), ('b', 'f4')]| [(a, 'f4'), ('b', 'f4')]: found the name a, expected a string",
                "[(('t', 'a', 'b'), 'f4')]| ('t', 'a', 'b'): found no name of a field, expected 'name' or ('title', 'name')",
                "[('a', None)]| None of field 'a': " + NO_DTYPE,
                "[('a', 5)]| 5 of field 'a': " + NO_DTYPE,
                "[('a', '<f4', (-1,))]| <f4 of field 'a': found the shape (-1,), expected lengths of 1 or more",
                "[('a', '<f4', (0,))]| <f4 of field 'a': found the shape (0,), expected lengths of 1 or more",
                "[('a', '<f4', (True,))]| <f4 of field 'a': found the shape (True,), expected lengths of 1 or more",
                "[('a', '<f4', 'x')]| <f4 of field 'a': found the shape 'x', expected an integer or a tuple of them",
                "[('a', '<f4', (2000000000,))]| <f4 of field 'a': the shape (2000000000,) takes more than 2^31-1 bytes,"
                        + " expected less",
                "[('a', '<f4', (4294967296, 4294967296))]| <f4 of field 'a': the shape (4294967296, 4294967296) takes"
                        + " more than 2^31-1 bytes, expected less",
                "[('a', 'S2000000000'), ('b', 'S2000000000')]| [('a', 'S2000000000'), ('b', 'S2000000000')]: more than"
                        + " 2^31-1 bytes, expected at most so many",
                "('<f4', (3,), 1)| ('<f4', (3,), 1): found a tuple of 3, expected (dtype, shape)",
                "('a', '<i4')| 'a': " + ZERO,
                "('<f4', 'f8')| <f4: found the shape 'f8', expected an integer or a tuple of them",
                "{'a': ('<i4', 0)}| {'a': ('<i4', 0)}: found the keys [a], expected names and formats, and of"
                        + " [aligned, formats, itemsize, names, offsets, titles] what is needed",
                "{'names': ['a']}| {'names': ['a']}: found the keys [names], expected names and formats, and of"
                        + " [aligned, formats, itemsize, names, offsets, titles] what is needed",
            })
    void refusesARecordWithItsReason(String text, String problem) {
        assertThatThrownBy(() -> DType.parse(text))
                .isInstanceOf(DTypeException.class)
                .hasMessage("Cannot parse dtype " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'itemsize': 7| found itemsize 7, expected at least 8, where its last field ends",
                "'itemsize': -1| found the itemsize -1, expected an integer from 0 to 2^31-1",
                "'itemsize': 4294967296| found the itemsize 4294967296, expected an integer from 0 to 2^31-1",
                "'offsets': [0]| found offsets [0], expected a list of 2, one for each name",
                "'offsets': [0, -4]| found the offset of field 'b' -4, expected an integer from 0 to 2^31-1",
                "'offsets': [0, 'x']| found the offset of field 'b' 'x', expected an integer from 0 to 2^31-1",
                "'offsets': [0, 2147483647]| more than 2^31-1 bytes, expected at most so many",
                "'titles': ['a', 'x']| the field name or title 'a' again, expected each once",
                "'aligned': 1| found aligned 1, expected True or False",
                "'aligned': True, 'offsets': [0, 2]| field 'b' at byte 2, expected a multiple of 4 in an aligned record",
                "'aligned': True, 'itemsize': 9| found itemsize 9, expected at least 8, where its last field ends, and"
                        + " a multiple of 4",
            })
    void refusesADictWithItsReason(String entries, String problem) {
        String dict = "{'names': ['a', 'b'], 'formats': ['<i4', '<i4'], " + entries + "}";
        String shown = dict.length() > 100 ? dict.substring(0, 100) + "..." : dict;
        assertThatThrownBy(() -> DType.parse(dict))
                .isInstanceOf(DTypeException.class)
                .hasMessage("Cannot parse dtype " + shown + ": " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[('a', '<i4'), ('v' '>f4')]| found \"'\" at character 20, expected ',' or ')'",
                "[[\"a\", \"<i4\"], [\"b\", true}]| found '}' at character 25, expected ',' or ']'",
                "dtype('f4'| found the end at character 10, expected ',' or ')'",
                "dtype('f4', copy=True)| found 'copy' at character 12, expected 'align'",
                "dtype('f4', align=1)| found '1' at character 18, expected True or False",
                "<class numpy.float32>| found 'numpy.float32' at character 7, expected the quoted name of a class",
            })
    void saysWhereALiteralIsWrong(String text, String problem) {
        assertThatThrownBy(() -> DType.parse(text))
                .isInstanceOf(DTypeException.class)
                .hasCauseInstanceOf(LiteralException.class)
                .hasMessage("Cannot parse dtype " + text + ": " + problem);
    }

    @Test
    void takesAnyCharacterInNames() {
        DType dtype = DType.parse("[[\"a\\n\", \"<i4\"], [\"\\u0000\", \"<i4\"]]");
        assertThat(dtype.descr()).isEqualTo("[('a\\n', '<i4'), ('\\x00', '<i4')]");
        assertThat(DType.parse(dtype.descr())).isEqualTo(dtype);
    }

    @Test
    void refusesNamesThatAreNone() {
        String problem = "found the name None, expected a string";
        assertThatThrownBy(() -> DType.parse("[(None, '<i4')]")).hasMessageContaining(problem);
        assertThatThrownBy(() -> DType.parse("[[null, \"<i4\"]]")).hasMessageContaining(problem);
        assertThatThrownBy(() -> DType.parse("{'names': [None], 'formats': ['<i4']}"))
                .hasMessageContaining(problem);
        assertThat(DType.parse("[((None, 'a'), '<i4')]")).isEqualTo(DType.parse("[('a', '<i4')]"));
    }

    @Test
    void readsADescrAsNumPyReadsHeaders() {
        Object padded = Literal.parsePython("[('', '<i4', (2,)), ('b', '<i4')]");
        assertThat(DType.ofNpyDescr(padded)).isEqualTo(DType.parse("[('', '|V8'), ('b', '<i4')]"));
        assertThat(DType.ofLiteral(padded)).isEqualTo(DType.parse("[('f0', '<i4', (2,)), ('b', '<i4')]"));
        for (String alone : List.of("[('', '<i4', (2,))]", "[('', '|V4')]")) {
            assertThatThrownBy(() -> DType.ofNpyDescr(Literal.parsePython(alone)))
                    .hasMessageContaining("no field with a name, expected at least one");
        }
        for (String no : List.of("np.float64", "bfloat16", "ml_dtypes.bfloat16", "M[ns]")) {
            assertThatThrownBy(() -> DType.ofNpyDescr(no)).hasMessageContaining("unknown type");
        }
    }

    @Test
    void refusesNestingBeyondItsDepth() {
        Object dtype = "<f4";
        for (int i = 0; i < 40; i++) {
            dtype = List.of(List.of("a", dtype), List.of("b", "<f4"));
        }
        Object deep = dtype;
        assertThatThrownBy(() -> DType.ofLiteral(deep))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("nested deeper than 32, expected less");
        String text = "[('a', ".repeat(60) + "'<f4'" + ")]".repeat(60);
        assertThatThrownBy(() -> DType.parse(text))
                .isInstanceOf(DTypeException.class)
                .hasMessageContaining("found bracket 33 inside others at character 112, expected at most 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void takesAsManyDimensionsAsNumPy(int ndim) {
        DType dtype = DType.parse("('<f4', (" + "1, ".repeat(ndim) + "))");
        assertThat(((SubArrayDType) dtype).shape()).hasSize(ndim);
        assertThatThrownBy(() -> DType.parse("('<f4', (" + "1, ".repeat(65) + "))"))
                .hasMessage("Cannot parse dtype <f4: a shape of 65 dimensions, expected at most 64");
    }

    private static final String KNOWN =
            "expected one of NumPy's, as in '<f8', 'float64', 'S10', 'M8[ns]' or [('a', '<i4')]";
    private static final String COMMA =
            "comma-separated fields and shapes before a type are not read, expected a list of"
                    + " fields, as in [('f0', '<f8'), ('f1', '<f4', (3,))]";
    private static final String OBJECT =
            "it holds Python objects, which have no bytes to map, expected values of a fixed"
                    + " size; convert the array with astype and save it again";
    private static final String LONG_DOUBLE =
            "Java has no number as wide as a longdouble, expected float64 or complex128"
                    + " at most; convert the array with astype('f8') and save it again";
    private static final String ZERO = "its elements have zero bytes, expected a size, as in S10, U5 or V16";
    private static final String HUGE = "its elements have more than 2^31-1 bytes, expected at most so many";
    private static final String UNITLESS = "it has no unit and so no meaning, expected one, as in M8[ns] or m8[s]";
    private static final String UNITS =
            "expected Y, M, W, D, h, m, s, ms, us, ns, ps, fs or as, or so many of one, as in 25s";
    private static final String NO_DTYPE = "found no dtype, expected a string such as '<f8' or a list of fields";
}
