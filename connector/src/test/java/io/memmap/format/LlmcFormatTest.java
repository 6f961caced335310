package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlmcFormatTest {

    private static byte[] file(int magic, int version, int count, int dataNbytes) {
        return Arrays.copyOf(Folder.bytes(magic, version, count), 1024 + dataNbytes);
    }

    private static String shown(byte[] bytes) throws IOException {
        return new Folder().with("fineweb_train_000001.bin", bytes).shown("fineweb_train_000001.bin");
    }

    @Test
    void isKnownByItsMagicAndVersion() throws IOException {
        String start = "/d/fineweb_train_000001.bin llmc: ";
        assertThat(shown(file(20240520, 1, 20, 40))).isEqualTo(start + "<u2 (20,) at 1024");
        assertThat(shown(file(20240801, 7, 20, 80))).isEqualTo(start + "<u4 (20,) at 1024");
        assertThat(shown(file(20240520, 1, 0, 0))).isEqualTo(start + "<u2 (0,) at 1024");
    }

    @Test
    void mustHaveItsLength() {
        assertThatThrownBy(() -> shown(file(20240520, 1, 20, 38)))
                .isInstanceOf(NpyFormatException.class)
                .hasMessageEndingWith(
                        "its llmc header declares shape (20,) of <u2, 40 bytes from offset 1024, but the file"
                                + " ends after 1062, expected 1064; it is truncated or still being written");
        assertThatThrownBy(() -> shown(file(20240520, 1, 20, 41))).hasMessageContaining("but 1 bytes follow");
        assertThatThrownBy(() -> shown(file(20240520, 1, -20, 40)))
                .hasMessageEndingWith("its llmc header declares -20 tokens, expected 0 or more");
        assertThatThrownBy(() -> shown(Arrays.copyOf(file(20240520, 1, 20, 0), 1000)))
                .hasMessageEndingWith("the file ends after 1000 bytes, expected the llmc header of 1024; it is"
                        + " truncated or still being written");
    }

    @Test
    void otherVersionsAreNone() {
        assertThatThrownBy(() -> shown(file(20240520, 2, 20, 40))).isInstanceOf(UndescribedFileException.class);
        assertThatThrownBy(() -> new Folder()
                        .with("x.bin", file(20240520, 2, 20, 40))
                        .describe("x.bin", Folder.container("llmc")))
                .hasMessage(
                        "Cannot read /d/x.bin: it starts with the magic 20240520 and version 2, expected 20240520 and 1,"
                                + " or 20240801 and 7 as in every token file of llm.c");
    }

    @ParameterizedTest
    @ValueSource(ints = {20240522, 20240326, 20240327, 20240328, 20240527, 20240803})
    void otherFilesOfLlmcAreRefusedByName(int magic) {
        assertThatThrownBy(() -> shown(file(magic, 3, 20, 40)))
                .isInstanceOf(NpyFormatException.class)
                .hasMessageContaining(
                        "it is an evaluation set or a checkpoint of llm.c, not an .npy file; read it in Python");
    }
}
