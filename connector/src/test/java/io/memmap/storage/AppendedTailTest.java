package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.ChangeRecord.Staged;
import io.memmap.storage.ChangeRecord.Writer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AppendedTailTest {
    private static final String PIECE = ".part-0-0-0";
    private static final int OLD_NBYTES = 1000;
    private static final int NBYTES = 1600;

    @TempDir
    private Path directory;

    private static ChangeRecord record() {
        return new ChangeRecord(
                Kind.APPEND,
                new Writer("app-1", "host", 7, "2026-01-02T03:04:05Z"),
                ".x.dat.01234567-89ab-cdef-0123-456789abcdef.staging",
                new Fingerprint("ino=1", OLD_NBYTES, 9),
                new Fingerprint("ino=1", NBYTES, 0),
                Optional.empty(),
                Optional.empty(),
                List.of(new Staged(PIECE, NBYTES - OLD_NBYTES)),
                List.of(),
                ByteString.EMPTY,
                ByteString.EMPTY);
    }

    /** Another program may cut the file after its length was compared. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFileThatIsCutMeanwhileIsAnError() throws IOException {
        byte[] rows = new byte[NBYTES];
        rows[OLD_NBYTES] = 1;
        Path target = Files.write(directory.resolve("x.dat"), rows);
        Files.write(directory.resolve(PIECE), Arrays.copyOfRange(rows, OLD_NBYTES, NBYTES));
        try (LocalDirectory staging = LocalDirectory.open(directory);
                FileChannel channel = FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            AppendedTail tail = new AppendedTail(staging, record());
            tail.writeChecksums();
            assertThat(tail.isWhole(channel)).isTrue();
            channel.truncate(NBYTES - 1);
            assertThatThrownBy(() -> tail.isWhole(channel))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it ends before byte " + NBYTES + ", expected all of its rows");
        }
    }
}
