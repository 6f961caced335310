package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records and staged files that are not as a writer made them: the file that they are about stays as it is. */
class ForgedRecordTest {
    @TempDir
    Path directory;

    private final byte[] old = new byte[5000];
    private Path target;

    @BeforeEach
    void writeTarget() throws IOException {
        target = Files.write(directory.resolve("x.dat"), old);
    }

    private boolean end(Ending ending) throws IOException {
        return Recovery.end(ending, target.toString(), new HadoopSettings(new Configuration(), Map.of()), "a test");
    }

    private LeftChange twoPatches() throws IOException {
        return LeftChange.of(target).patch(500, filled(1000)).patch(4000, filled(8));
    }

    private static byte[] filled(int nbytes) {
        return "x".repeat(nbytes).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\": 2|\"version\": 1|its version is 1, expected version 2",
                "\\.patch-0-0|../x.dat|its patches is",
                "\\.patch-0-0|/etc/passwd|its patches is",
                "\"staging\": \"|\"staging\": \"../|its staging is ../.x.dat",
                "\"staging\": \"\\.x|\"staging\": \".y|its staging is .y.dat",
                ", 1012\\]|, -1]|its patches is",
                ", 1012\\]|, 9223372036854775807]|its patches is",
                ", 1012\\]|, 1011]|has 1012 bytes, expected 1011",
                "\"kind\": \"UPDATE\"|\"kind\": \"EVIL\"|EVIL",
                "\"head\": \"\"|\"head\": \"abc\"|its head is abc, expected as many bytes as before",
                "\"pid\": 4711|\"pid\": \"me\"|its pid is me",
                "\"after\": \\[\"|\"after\": [7, \"|its after is",
                "(\"after\": \\[\"[^\"]*\", )5000|$15001|expected a length of 5000 bytes before and 0 of pieces"
            })
    void aRecordSaysNothingElse(String from, String to, String message) throws IOException {
        twoPatches().begin();
        Files.writeString(LeftChange.record(target), LeftChange.tampered(target, text -> text.replaceFirst(from, to)));
        for (Ending ending : Ending.values()) {
            assertThatThrownBy(() -> end(ending)).hasMessageContaining(message);
            assertThat(target).hasBinaryContent(old);
        }
    }

    @Test
    void aRecordThatWasChangedOrCutIsRefused() throws IOException {
        twoPatches().begin();
        Path record = LeftChange.record(target);
        String text = Files.readString(record);
        for (String other : new String[] {text.replace("app-1", "app-2"), text.substring(0, 100), "", "[]", "7"}) {
            Files.writeString(record, other);
            assertThatThrownBy(() -> end(Ending.FINISH)).hasMessageStartingWith("Cannot recover " + target);
            assertThat(target).hasBinaryContent(old);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -9223372036854775808L, 4999, 9223372036854775807L})
    void aPatchOutsideTheFileIsRefused(long at) throws IOException {
        LeftChange left = twoPatches().begin();
        Path patch = left.staging().resolve(".patch-0-1");
        byte[] bytes = Files.readAllBytes(patch);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, at);
        Files.write(patch, bytes);
        for (Ending ending : Ending.values()) {
            assertThatThrownBy(() -> end(ending)).hasMessageContaining("changes 8 bytes from byte " + at);
            assertThat(target).hasBinaryContent(old);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "hard", "fifo", "directory"})
    void aStagedFileIsAFileOfItsOwn(String kind) throws Exception {
        LeftChange left = twoPatches().begin();
        Path patch = left.staging().resolve(".patch-0-0");
        Path elsewhere = Files.move(patch, directory.resolve("elsewhere"));
        switch (kind) {
            case "link" -> Files.createSymbolicLink(patch, elsewhere);
            case "hard" -> Files.createLink(patch, elsewhere);
            case "fifo" ->
                assertThat(new ProcessBuilder("mkfifo", patch.toString())
                                .start()
                                .waitFor())
                        .isZero();
            default -> Files.createDirectory(patch);
        }
        for (Ending ending : Ending.values()) {
            assertThatThrownBy(() -> end(ending))
                    .hasMessageContaining(kind.equals("hard") ? "has 2 names, expected one" : "is no regular file");
            assertThat(target).hasBinaryContent(old);
        }
    }

    @Test
    void aStagingDirectoryIsNoLink() throws IOException {
        LeftChange left = twoPatches().begin();
        Path moved = Files.move(left.staging(), directory.resolve("moved"));
        Files.createSymbolicLink(left.staging(), moved);
        assertThatThrownBy(() -> end(Ending.FINISH)).hasMessageContaining("is no directory");
        assertThat(target).hasBinaryContent(old);
    }
}
