package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that are read, and the messages that refuse others. {@code ContainerTest} reads values. */
class SafetensorsFormatTest {
    private static final String PATH = "/d/x.safetensors";
    private static final String START = "Cannot read " + PATH + ": ";

    private static byte[] file(String header, int bufferNbytes) {
        return file(header.getBytes(StandardCharsets.UTF_8).length, header, bufferNbytes);
    }

    private static byte[] file(long headerNbytes, String header, int bufferNbytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return Zip.integers(8 + text.length + bufferNbytes)
                .putLong(headerNbytes)
                .put(text)
                .array();
    }

    private static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    private static ArrayFile describe(byte[] file, String member) throws IOException {
        return ArrayDescriber.describe(
                new InMemory(PATH, file), Optional.empty(), Optional.empty(), Reading.of(member));
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> describe(file, null))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(START + message);
    }

    @Test
    void findsTensorsInTheBuffer() throws IOException {
        String header = "{\"__metadata__\":{\"format\":\"pt\"}," + tensor("b", "BF16", "[2,2]", 4, 12) + ","
                + tensor("empty", "I64", "[0,3]", 4, 4) + "," + tensor("größe", "F32", "[]", 0, 4) + "}   ";
        byte[] file = file(header, 12);
        long buffer = file.length - 12;
        assertThat(describe(file, "b").layout())
                .isEqualTo(new Layout(DType.parse("bfloat16"), Shape.of(2, 2), Order.C, buffer + 4));
        assertThat(describe(file, "empty").layout().shape()).isEqualTo(Shape.of(0, 3));
        ArrayFile scalar = describe(file, "größe");
        assertThat(scalar.layout()).isEqualTo(new Layout(DType.parse("<f4"), Shape.of(), Order.C, buffer));
        assertThat(scalar.header()).isEqualTo(ByteString.of(Arrays.copyOf(file, (int) buffer)));
    }

    @Test
    void isKnownByItsFirstBytes() throws IOException {
        byte[] file = file("{" + tensor("w", "F32", "[2]", 0, 8) + "}", 8);
        assertThat(ArrayDescriber.describe(
                                new InMemory("/d/model.bin", file),
                                Optional.empty(),
                                Optional.empty(),
                                Reading.of(null))
                        .origin()
                        .format())
                .isEqualTo("safetensors");
    }

    @ParameterizedTest
    @CsvSource({"F8_E4M3,3", "F8_E5M2,3", "F8_E5M2FNUZ,3", "F8_E8M0,3", "F6_E2M3,3", "F4,2"})
    void refusesADtypeOfATensorOnly(String dtype, int nbytes) throws IOException {
        String header = "{" + tensor("w", "F32", "[2]", 0, 8) + "," + tensor("q", dtype, "[3]", 8, 8 + nbytes) + "}";
        byte[] file = file(header, 8 + nbytes);
        assertThat(describe(file, null).origin().member()).isEqualTo("w");
        assertThatThrownBy(() -> describe(file, "q"))
                .isInstanceOf(UnreadableMemberException.class)
                .hasMessageStartingWith(
                        "Cannot read " + PATH + "#q: its dtype " + dtype + " is none of NumPy's, expected"
                                + " one of BF16, BOOL, C64, F16, F32, F64, I16, I32, I64, I8, U16, U32, U64, U8;")
                .hasMessageEndingWith("set container=raw, dtype=u1, offset=" + (file.length - nbytes) + ", shape="
                        + nbytes + " and trailingBytes=ignore to read its bytes");
    }

    @Test
    void refusesAHeaderThatIsNone() {
        assertRefused(file(0, "", 20), "its first 8 bytes say that its header has 0 bytes, expected 2 to 20;");
        assertRefused(file(21, "{}", 18), "its first 8 bytes say that its header has 21 bytes, expected 2 to 20;");
        assertRefused(file(-1, "{}", 18), "its first 8 bytes say that its header has 18446744073709551615 bytes");
        String least =
                ", expected at least 10 bytes, the length of a header and the header; it is truncated or still being"
                        + " written";
        assertRefused(new byte[0], "it is empty" + least);
        assertRefused(new byte[5], "it ends after 5 bytes" + least);
        assertRefused(file("[]", 0), "its header does not begin with {, expected a JSON object");
        assertRefused(file("{]", 4), "its header is no JSON (");
        assertRefused(file("{}", 0), "its header names no tensor, expected at least one");
        byte[] latin1 = file("{\"ab\": {}}", 0);
        latin1[11] = (byte) 0xE4;
        assertRefused(latin1, "its header is no UTF-8, expected JSON in UTF-8");
        assertRefused(file("{\"__metadata__\": {\"a\": 1}}", 0), "its __metadata__ is no object of strings");
        String twice = tensor("w", "U8", "[2]", 0, 2);
        assertRefused(file("{" + twice + "," + twice + "}", 2), "its header is no JSON (");
    }

    @Test
    void refusesTensorsThatAreNotDescribed() {
        for (String tensor : List.of(
                "1",
                "{}",
                "{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,1]}",
                "{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}",
                "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}",
                "{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}")) {
            assertRefused(file("{\"w\":" + tensor + "}", 1), "its header does not describe tensor w, expected dtype,");
        }
    }

    @Test
    void refusesABufferWithHolesOrOverlapsOrARest() {
        String one = tensor("a", "U8", "[4]", 0, 4);
        assertRefused(
                file("{" + one + "," + tensor("b", "U8", "[2]", 5, 7) + "}", 7),
                "its tensor b has the bytes 5 to 7 of the buffer, expected them to begin at byte 4");
        assertRefused(
                file("{" + one + "," + tensor("b", "U8", "[2]", 3, 5) + "}", 5),
                "its tensor b has the bytes 3 to 5 of the buffer, expected them to begin at byte 4");
        assertRefused(
                file("{" + tensor("a", "U8", "[4]", 4, 0) + "}", 4), "its tensor a has the bytes 4 to 0 of the buffer");
        assertRefused(
                file("{" + one + "}", 5),
                "its tensors end at byte 4 of a buffer of 5 bytes, expected its end; the file is longer");
        assertRefused(
                file("{" + one + "}", 3),
                "its tensors end at byte 4 of a buffer of 3 bytes, expected its end; the file is truncated");
    }

    @Test
    void refusesADamagedTensorOnly() throws IOException {
        String whole = tensor("w", "F32", "[2]", 0, 8);
        Map<String, String> tensors = Map.of(
                tensor("q", "F32", "[2]", 8, 12), "it has 4 bytes, expected 8 for shape (2,) of F32",
                tensor("q", "Q64", "[2]", 8, 12),
                        "its dtype Q64 is in no version of the format up to 0.8, expected one of BF16, BOOL, C64, F16, F32, F64, I16,"
                                + " I32, I64, I8, U16, U32, U64, U8",
                tensor("q", "F32", "[4611686018427387904,4]", 8, 12),
                        "its shape is [4611686018427387904, 4], expected at most 2^63-1 bytes",
                tensor("q", "F32", "[1" + ",1".repeat(5000) + "]", 8, 12),
                        "its shape has 5001 axes, expected at most 64",
                tensor("q", "F32", "[1" + ",1".repeat(62) + ",3]", 8, 12),
                        "it has 4 bytes, expected 12 for shape (" + "1, ".repeat(33) + "... of F32");
        for (Map.Entry<String, String> tensor : tensors.entrySet()) {
            byte[] file = file("{" + whole + "," + tensor.getKey() + "}", 12);
            String bytes = tensor.getValue().contains("Q64")
                    ? ", or set container=raw, dtype=u1, offset=" + (file.length - 4)
                            + ", shape=4 and trailingBytes=ignore to read its bytes"
                    : "";
            String message = "Cannot read " + PATH + "#q: " + tensor.getValue() + "; write the file again" + bytes;
            assertThat(describe(file, "w").layout().shape()).isEqualTo(Shape.of(2));
            assertThatThrownBy(() -> describe(file, "q"))
                    .isInstanceOf(UnreadableMemberException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> describe(file, null))
                    .hasMessage(message + ", or choose another member by the option member");
        }
    }

    @Test
    void refusesNumbersBeyond64Bits() {
        String tensor = "{\"w\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,%s]}}";
        for (String number : List.of("18446744073709551615", "9".repeat(500))) {
            String shown = number.length() > 100 ? number.substring(0, 100) + "..." : number;
            assertRefused(
                    file(tensor.formatted(1, number), 1),
                    "its header has the length or offset " + shown + " at character 49, expected at most"
                            + " 9223372036854775807; write the file again");
            assertRefused(
                    file(tensor.formatted(number, 1), 1),
                    "its header has the length or offset " + shown + " at character 28, expected at most");
        }
    }

    /** Large models are cut into several files. */
    @Test
    void theIndexOfSeveralFilesIsNone() {
        String message =
                "Cannot read /d/x.safetensors.index.json: it is the index of several .safetensors files, expected"
                        + " one of these files; load them, or their directory, and choose a tensor by the option member";
        Folder folder = new Folder()
                .with("x.safetensors.index.json", NpyBytes.bytes("{\"weight_map\":{\"w\":\"x-1.safetensors\"}}"));
        assertThatThrownBy(() -> folder.describe("x.safetensors.index.json")).hasMessage(message);
        assertThatThrownBy(() -> folder.describe("x.safetensors.index.json", Folder.container("safetensors")))
                .hasMessage(message);
    }
}
