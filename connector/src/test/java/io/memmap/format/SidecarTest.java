package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarTest {
    private static final String FILE = "/d/a.dat.memmap.json";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1,4 | 32 | {\"dtype\": \"<f4\", \"shape\": [2, 4]}",
                "2,4 | 32 | {\"dtype\": \"<f4\", \"shape\": [2, 4]}",
                "3,4 | 32 | its dtype and shape, as in {\"dtype\": \"<f4\", \"shape\": [1000, 4]}",
                "-1,4 | 33 | its dtype and shape, as in {\"dtype\": \"<f4\", \"shape\": [1000, 4]}",
                "-1,9223372036854775807 | 32 | its dtype and shape, as in {\"dtype\": \"<f4\", \"shape\": [1000, 4]}"
            })
    void proposesWhatFitsTheFile(String shape, long nbytes, String expected) {
        List<Long> lengths = Stream.of(shape.split(",")).map(Long::valueOf).toList();
        Claims options =
                new Claims(Claims.Source.OPTIONS, DType.parse("<f4"), lengths, null, null, null, List.of(), null);
        assertThat(Sidecar.proposed(options, nbytes)).isEqualTo(expected);
    }

    @Test
    void readsEveryKey() throws IOException {
        Sidecar sidecar = Sidecar.parse(
                "{\"dtype\": \"<f4\", \"shape\": [10, 3], \"order\": \"F\", \"offset\": 16, \"columnNames\": [\"x\","
                        + " \"y\", \"z,1\"], \"layout\": \"columns\", \"fileNbytes\": 136}",
                FILE);
        assertThat(sidecar)
                .isEqualTo(new Sidecar(
                        DType.parse("<f4"),
                        Optional.of(Shape.of(10, 3)),
                        Optional.of(Order.F),
                        OptionalLong.of(16),
                        List.of("x", "y", "z,1"),
                        RowLayout.COLUMNS,
                        OptionalLong.of(136)));
    }

    @Test
    void needsOnlyTheDtype() throws IOException {
        assertThat(Sidecar.parse("{\"dtype\": \"uint16\"}", FILE))
                .isEqualTo(new Sidecar(
                        DType.parse("<u2"),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        List.of(),
                        null,
                        OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<f8",
                ">i2",
                "S10",
                "<M8[25us]",
                "[('a', '<i4'), ('v', '>f4', (3,))]",
                "[('a', 'u1'), ('', 'V3'), (('title', 'b'), [('re', '<f4'), ('im', '<f4')], (2, 2))]",
                "[('it\\'s \"é\"', '<i4')]"
            })
    void givesBackWhatItWrote(String dtype) throws IOException {
        Sidecar written = new Sidecar(
                DType.parse(dtype),
                Optional.of(Shape.of()),
                Optional.of(Order.C),
                OptionalLong.of(1L << 40),
                List.of("naïve \"name\""),
                RowLayout.ARRAY,
                OptionalLong.of(Long.MAX_VALUE));
        assertThat(Sidecar.parse(written.toJson(), FILE)).isEqualTo(written);
        Sidecar least = new Sidecar(
                written.dtype(),
                Optional.empty(),
                Optional.of(Order.F),
                OptionalLong.empty(),
                List.of(),
                null,
                OptionalLong.empty());
        assertThat(Sidecar.parse(least.toJson(), FILE)).isEqualTo(least);
    }

    @Test
    void writesOneLineOfPlainJson() {
        Sidecar sidecar = new Sidecar(
                DType.parse("[('a', '<i4'), ('v', '>f4', (3,))]"),
                Optional.of(Shape.of(5)),
                Optional.of(Order.C),
                OptionalLong.of(0),
                List.of(),
                null,
                OptionalLong.of(80));
        assertThat(sidecar.toJson())
                .isEqualTo("{\"dtype\": [[\"a\", \"<i4\"], [\"v\", \">f4\", [3]]], \"shape\": [5], \"order\": \"C\","
                        + " \"offset\": 0, \"fileNbytes\": 80}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {} | there is no key 'dtype', expected a NumPy dtype
            [1] | the text is [1], expected a JSON object
            {"dtype": 4} | key 'dtype' is 4, expected a NumPy dtype
            {"dtype": null} | key 'dtype' is null, expected a NumPy dtype
            {"dtype": "<f8", "shape": 4} | key 'shape' is 4, expected a list of lengths
            {"dtype": "<f8", "shape": [4.0]} | key 'shape' is [4.0], expected a list of lengths
            {"dtype": "<f8", "shape": null} | key 'shape' is null, expected a list of lengths
            {"dtype": "<f8", "order": "c"} | key 'order' is "c", expected C or F
            {"dtype": "<f8", "order": null} | key 'order' is null, expected C or F
            {"dtype": "<f8", "offset": -1} | key 'offset' is -1, expected an integer of 0 or more
            {"dtype": "<f8", "offset": "0"} | key 'offset' is "0", expected an integer of 0 or more
            {"dtype": "<f8", "columnNames": "a"} | key 'columnNames' is "a", expected a list of names
            {"dtype": "<f8", "columnNames": ["a", "a"]} | key 'columnNames' is ["a", "a"], expected a list of different names
            {"dtype": "<f8", "columnNames": [""]} | key 'columnNames' is [""], expected a list of different names
            {"dtype": "<f8", "columnNames": [1]} | key 'columnNames' is [1], expected a list of different names
            {"dtype": "<f8", "layout": "auto"} | key 'layout' is "auto", expected columns, array or elements
            {"dtype": "<f8", "layout": 1} | key 'layout' is 1, expected columns, array or elements
            {"dtype": "<f8", "fileNbytes": true} | key 'fileNbytes' is true, expected an integer of 0 or more
            {"dtype": "<f8", "shpae": [1]} | unknown key 'shpae', expected one of dtype, shape, order, offset, columnNames, layout, fileNbytes; did you mean 'shape'?
            {"dtype": "<f8", "comment": ""} | unknown key 'comment', expected one of dtype, shape, order, offset, columnNames, layout, fileNbytes
            """)
    void refusesByNameAndValue(String json, String problem) {
        assertThatThrownBy(() -> Sidecar.parse(json, FILE))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": " + problem);
    }

    @Test
    void manyNamesAreReadInOnePass() throws IOException {
        String names =
                IntStream.range(0, 300_000).mapToObj(i -> "\"n" + i + "\"").collect(Collectors.joining(", ", "[", "]"));
        Sidecar parsed = Sidecar.parse("{\"dtype\": \"<f8\", \"columnNames\": " + names + "}", "x.memmap.json");
        assertThat(parsed.columnNames()).hasSize(300_000).endsWith("n299999");
    }

    @Test
    void passesOnTheReasonOfTheValue() {
        assertThatThrownBy(() -> Sidecar.parse("{\"dtype\": \"<q9\"}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Cannot read " + FILE + ": key 'dtype' is \"<q9\", expected a NumPy dtype; dtype '<q9': ");
        assertThatThrownBy(() -> Sidecar.parse("{\"dtype\": \"<f8\", \"shape\": [-1]}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Cannot read " + FILE + ": key 'shape' is [-1], expected a list of lengths; Cannot make");
        assertThatThrownBy(() -> Sidecar.parse("{\"dtype\": \"<f8\"", FILE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot read " + FILE + ": it is no JSON; found ");
        assertThatThrownBy(() -> Sidecar.parse("{\"dtype\": \"<f8\", \"shape\": [4611686018427387904, 4]}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leaves 64 bits");
    }

    @Test
    void cutsLongValuesInMessages() {
        assertThatThrownBy(() -> Sidecar.parse("{\"dtype\": \"<f8\", \"order\": \"" + "C".repeat(1000) + "\"}", FILE))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read " + FILE + ": key 'order' is \"" + "C".repeat(79) + "…, expected C or F");
    }

    @Test
    void standsBesideItsArray() {
        assertThat(Sidecar.pathOf("s3a://b/x/tokens.dat")).isEqualTo("s3a://b/x/tokens.dat.memmap.json");
        assertThat(Sidecar.isSidecar("tokens.dat.memmap.json")).isTrue();
        assertThat(Sidecar.isSidecar("tokens.memmap")).isFalse();
    }
}
