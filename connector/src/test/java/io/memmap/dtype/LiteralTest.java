package io.memmap.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {
    private static final String ESCAPES =
            "only the escapes that repr writes: \\\\, \\', \\\", \\n, \\r, \\t, \\x, \\u and \\U";
    private static final String HEADER =
            "{'descr': [('a', '<i4'), (('t', \"b'c\"), '>f4', (3L,))], 'fortran_order': False, 'shape': (3, -4,), }   \n";

    @Test
    void readsPythonLiterals() {
        assertThat(Literal.parsePython(HEADER))
                .isEqualTo(Map.of(
                        "descr",
                        List.of(tuple("a", "<i4"), tuple(tuple("t", "b'c"), ">f4", tuple(3L))),
                        "fortran_order",
                        false,
                        "shape",
                        tuple(3L, -4L)));
        assertThat(Literal.parsePython("()")).isEqualTo(tuple());
        assertThat(Literal.parsePython("(4)")).isEqualTo(4L);
        assertThat(Literal.parsePython("((4,))")).isEqualTo(tuple(4L));
        assertThat(Literal.parsePython("([1, (2,)])")).isEqualTo(List.of(1L, tuple(2L)));
        assertThat(Literal.parsePython(" [ None , True,False , ] ")).isEqualTo(Arrays.asList(null, true, false));
        assertThat(Literal.parsePython("'a\\\\b\\'c\\\"d'")).isEqualTo("a\\b'c\"d");
        assertThat(Literal.parsePython("'\\t\\n\\r\\x00\\u200b\\U0001F600'")).isEqualTo("\t\n\r\0\u200b😀");
        assertThat(Literal.parsePython("9223372036854775807L")).isEqualTo(Long.MAX_VALUE);
        assertThat(Literal.parsePython3("(3,)")).isEqualTo(tuple(3L));
        assertThatThrownBy(() -> Literal.parsePython3("(3L,)"))
                .hasMessage("Cannot parse a literal: found '3L' at character 1, expected a plain decimal integer");
        assertThat(Literal.parsePython("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void readsJson() {
        assertThat(Literal.parseJson("{\"a\": [1, -2.5e3, true, null, \"\\u65e5\\n\\/\\\"\"], \"b\": {}}"))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2500.0, true, null, "日\n/\""), "b", Map.of()));
        assertThat(Literal.parseJson("\"\\ud83d\\ude00\"")).isEqualTo("😀");
        assertThat(Literal.parseJson("0.1")).isEqualTo(0.1);
    }

    @Test
    void keepsTheOrderOfKeys() {
        Map<?, ?> map = (Map<?, ?>) Literal.parseJson("{\"z\": 1, \"a\": 2, \"m\": 3}");
        assertThat(map.keySet().toArray()).containsExactly("z", "a", "m");
    }

    @Test
    void returnsImmutableValues() {
        List<?> list = (List<?>) Literal.parseJson("[[], {}]");
        assertThatThrownBy(() -> list.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) list.get(0)).clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) list.get(1)).clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> tuple(1L).items().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``| 0 | the end | a string, an integer, True, False, None, a tuple, a list or a dict",
                "`  `| 2 | the end | a string, an integer, True, False, None, a tuple, a list or a dict",
                "[1, 2| 5 | the end | ',' or ']'",
                "[1 2]| 3 | '2' | ',' or ']'",
                "(,)| 1 | ',' | a string, an integer, True, False, None, a tuple, a list or a dict",
                "[1]]| 3 | ']' | the end of the text",
                "(1]| 2 | ']' | ',' or ')'",
                "{'a' 1}| 5 | '1' | ':'",
                "{1: 2}| 1 | '1' | a string as key",
                "{'a': 1, 'a': 2}| 9 | the key 'a' again | each key once",
                "2**62| 1 | '*' | the end of the text",
                "(2+2,)| 2 | '+' | ',' or ')'",
                "0x4| 0 | '0x4' | a plain decimal integer",
                "4_0| 0 | '4_0' | a plain decimal integer",
                "04| 0 | '04' | a plain decimal integer",
                "4.0| 0 | '4.0' | a plain decimal integer",
                "1e3| 0 | '1e3' | a plain decimal integer",
                "-| 0 | '-' | a plain decimal integer",
                "9223372036854775808| 0 | '9223372036854775808' | an integer from -2^63 to 2^63-1",
                "(٤,)| 1 | U+0664 | a string, an integer, True, False, None, a tuple, a list or a dict",
                "[false]| 1 | 'false' | a string, an integer, True, False, None, a tuple, a list or a dict",
                "__import__('os')| 0 | '__import__' | a string, an integer, True, False, None, a tuple, a list or a dict",
                "b'a'| 0 | 'b' | a string, an integer, True, False, None, a tuple, a list or a dict",
                "'a' 'b'| 4 | `\"'\"` | the end of the text",
                "'''a'''| 2 | `\"'\"` | the end of the text",
                "'a\\a'| 2 | '\\\\' | `" + ESCAPES + "`",
                "'a\\101'| 2 | '\\\\' | `" + ESCAPES + "`",
                "'a\\x4'| 2 | '\\\\' | \\x and 2 hexadecimal digits",
                "'a\\u200'| 2 | '\\\\' | \\u and 4 hexadecimal digits",
                "'a\\ud83d\\ude00'| 2 | '\\\\' | a code point, and no half of a surrogate pair",
                "'a\\U00110000'| 2 | '\\\\' | a code point, and no half of a surrogate pair",
                "'a| 2 | the end | a closing '",
                "'a\\| 2 | '\\\\' | `" + ESCAPES + "`",
                "[1] # x| 4 | '#' | the end of the text",
                "<class 'int'>| 0 | '<' | a string, an integer, True, False, None, a tuple, a list or a dict",
            })
    void saysWhereAndWhatItExpected(String text, int position, String found, String expected) {
        assertThatThrownBy(() -> Literal.parsePython(text))
                .isInstanceOfSatisfying(LiteralException.class, e -> {
                    assertThat(e.position()).isEqualTo(position);
                    assertThat(e.problem("here")).isEqualTo("found " + found + " here, expected " + expected);
                })
                .hasMessage("Cannot parse a literal: found " + found + " at character " + position + ", expected "
                        + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,]| 3 | ']' | a value after ','",
                "{\"a\": 1,}| 8 | '}' | a value after ','",
                "'a'| 0 | \"'\" | a string, a number, true, false, null, an array or an object",
                "(1,)| 0 | '(' | a string, a number, true, false, null, an array or an object",
                "True| 0 | 'True' | a string, a number, true, false, null, an array or an object",
                "NaN| 0 | 'NaN' | a string, a number, true, false, null, an array or an object",
                "01| 0 | '01' | a JSON number",
                "1.| 0 | '1.' | a JSON number",
                "4L| 0 | '4L' | a JSON number",
                "1e999| 0 | '1e999' | a number within the range of a double",
                "\"\\u12\"| 1 | '\\\\' | \\u and 4 hexadecimal digits",
                "\"\\q\"| 1 | '\\\\' | one of JSON's escapes",
                "\"\\ud83d\"| 0 | a string with half a surrogate pair | both or none",
            })
    void refusesWhatIsNotJson(String text, int position, String found, String expected) {
        assertThatThrownBy(() -> Literal.parseJson(text))
                .isInstanceOf(LiteralException.class)
                .hasMessage("Cannot parse a literal: found " + found + " at character " + position + ", expected "
                        + expected);
    }

    @Test
    void refusesControlCharactersWherePythonDoes() {
        assertThat(Literal.parsePython("'a\t\7\33\177\u0085b'")).isEqualTo("a\t\7\33\177\u0085b");
        for (char c : "\0\n\r".toCharArray()) {
            assertThatThrownBy(() -> Literal.parsePython("'a" + c + "b'"))
                    .hasMessageContaining("at character 2, expected a closing ' before any line end or NUL");
        }
        assertThatThrownBy(() -> Literal.parseJson("\"a\tb\""))
                .hasMessage("Cannot parse a literal: found U+0009 at character 2, expected a closing \" before any"
                        + " control character");
        assertThatThrownBy(() -> Literal.parsePython("[\0]"))
                .hasMessage("Cannot parse a literal: found U+0000 at character 1, expected a string, an integer, True,"
                        + " False, None, a tuple, a list or a dict");
        assertThatThrownBy(() -> Literal.parsePython("\uFEFF1")).hasMessageContaining("found U+FEFF at character 0");
    }

    @Test
    void nestsThirtyTwoBracketsAndNoMore() {
        assertThat(Literal.parsePython("[".repeat(32) + "]".repeat(32))).isInstanceOf(List.class);
        assertThatThrownBy(() -> Literal.parsePython("(".repeat(5000)))
                .hasMessage(
                        "Cannot parse a literal: found bracket 33 inside others at character 32, expected at most 32");
        assertThatThrownBy(() -> Literal.parseJson("{\"a\":".repeat(5000)))
                .hasMessageContaining("found bracket 33 inside others at character 160");
    }

    @Test
    void quotesAsPythonDoes() {
        assertThat(Literal.quote("a")).isEqualTo("'a'");
        assertThat(Literal.quote("a'b")).isEqualTo("\"a'b\"");
        assertThat(Literal.quote("a'b\"c")).isEqualTo("'a\\'b\"c'");
        assertThat(Literal.quote("a\\b")).isEqualTo("'a\\\\b'");
        assertThat(Literal.quote("\t\n\r\0\7\33\177\u0085\u00a0\u00ad"))
                .isEqualTo("'\\t\\n\\r\\x00\\x07\\x1b\\x7f\\x85\\xa0\\xad'");
        assertThat(Literal.quote("\u200b\u2028\u3000\ufeff\ue000\uffff\ud800"))
                .isEqualTo("'\\u200b\\u2028\\u3000\\ufeff\\ue000\\uffff\\ud800'");
        assertThat(Literal.quote("é日😀 \udbc0\udc00")).isEqualTo("'é日😀 \\U00100000'");
    }

    @Test
    void writesPythonThatItReads() {
        Object value = Literal.parsePython(HEADER);
        assertThat(Literal.toPython(value))
                .isEqualTo("{'descr': [('a', '<i4'), (('t', \"b'c\"), '>f4', (3,))], 'fortran_order': False,"
                        + " 'shape': (3, -4)}");
        assertThat(Literal.parsePython(Literal.toPython(value))).isEqualTo(value);
        assertThat(Literal.toPython(Arrays.asList(null, tuple()))).isEqualTo("[None, ()]");
    }

    @Test
    void writesJsonThatItReads() {
        String json = "{\"z\": [1, -2.5, true, null], \"a\\\"\\\\\": \"日\\u000a\", \"m\": {\"x\": []}}";
        assertThat(Literal.toJson(Literal.parseJson(json))).isEqualTo(json);
        assertThat(Literal.toJson(tuple("<f4", tuple(3L)))).isEqualTo("[\"<f4\", [3]]");
        assertThat(Literal.toJson("😀")).isEqualTo("\"\\ud83d\\ude00\"");
        assertThat(Literal.toJson(7)).isEqualTo("7");
    }

    @Test
    void refusesToWriteWhatJsonHasNoFormFor() {
        assertThatThrownBy(() -> Literal.toJson(Double.NaN))
                .hasMessage("Cannot write JSON: value NaN of java.lang.Double, expected a map, list, string, finite"
                        + " number, boolean or null");
        assertThatThrownBy(() -> Literal.toJson(Map.of(1, 2)))
                .hasMessage("Cannot write JSON: key 1, expected a string");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void returnsOrThrowsItsOneException(long seed) {
        Random random = new Random(seed);
        String alphabet = "[](){}<>'\",:\\.-+0123456789 \t\n\r#*_xLTrueFalsNonu=\0\u00e9\u0664\ud83d\ude00";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(HEADER);
            for (int edit = random.nextInt(4); edit >= 0; edit--) {
                int from = random.nextInt(text.length() + 1);
                int to = Math.min(text.length(), from + random.nextInt(3));
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                text.replace(from, to, random.nextInt(5) == 0 ? "" : String.valueOf(c));
            }
            parseAll(text.toString(), seed);
        }
    }

    private static void parseAll(String text, long seed) {
        List<Runnable> parsers =
                List.of(() -> Literal.parsePython(text), () -> Literal.parseJson(text), () -> DType.parse(text));
        for (Runnable parser : parsers) {
            try {
                parser.run();
            } catch (LiteralException | DTypeException e) {
                if (!e.getMessage().startsWith("Cannot parse ")) {
                    throw new AssertionError("seed " + seed + ": " + text, e);
                }
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    @Test
    void takesLittleHeap() {
        List<String> texts = new ArrayList<>();
        for (String part : List.of("[],", "1,", "'',", "{},", "(1,),", "None,", "((((((1)))))),", "[['a','b']],")) {
            texts.add("[" + part.repeat(10_000 / part.length() - 1) + "]");
        }
        texts.add("'" + "a".repeat(9998) + "'");
        texts.add("1".repeat(10_000));
        texts.add(" ".repeat(10_000));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String text : texts) {
            long allocated = Long.MAX_VALUE;
            for (int run = 0; run < 50; run++) {
                long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
                parsePython(text);
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
            }
            assertThat(allocated).as(text.substring(0, 9)).isLessThan(1 << 20);
        }
    }

    private static void parsePython(String text) {
        try {
            assertThat(Literal.parsePython(text)).isNotNull();
        } catch (LiteralException e) {
            assertThat(e.position()).isNotNegative();
        }
    }

    private static Literal.Tuple tuple(Object... items) {
        return new Literal.Tuple(Arrays.asList(items));
    }
}
