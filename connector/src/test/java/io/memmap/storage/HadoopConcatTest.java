package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopConcatTest {
    private static final HadoopSettings APPEARING = StoreFileSystem.settings(CommonPathCapabilities.ABORTABLE_STREAM);

    @TempDir
    Path directory;

    @BeforeEach
    void forgetOthers() {
        StoreFileSystem.takeLog();
    }

    private Part piece(String name) throws IOException {
        Files.write(directory.resolve(name), new byte[] {3, 4});
        return new Part("store:" + directory.resolve(name), 2);
    }

    private void concat(HadoopSettings settings, Part... pieces) throws IOException {
        concat("x.npy", settings, pieces);
    }

    private void concat(String name, HadoopSettings settings, Part... pieces) throws IOException {
        String target = "store:" + directory.resolve(name);
        Storage.of(target, settings).concat(target, new byte[] {1, 2}, List.of(pieces));
    }

    @Test
    void aCopyThatFailsIsAborted() throws IOException {
        Part whole = piece("piece");
        Part broken = piece(StoreFileSystem.BROKEN);
        assertThatThrownBy(() -> concat(APPEARING, whole, broken)).hasMessage("no bytes of broken");
        assertThat(StoreFileSystem.takeLog()).containsExactly("aborted x.npy");
        assertThat(directory.resolve("x.npy")).doesNotExist();
    }

    @Test
    void aFailedAbortDoesNotHideWhyTheCopyFailed() throws IOException {
        Part broken = piece(StoreFileSystem.BROKEN);
        assertThatThrownBy(() -> concat(StoreFileSystem.STUBBORN, APPEARING, broken))
                .hasMessage("no bytes of broken")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("no end of stubborn.npy"));
    }

    @Test
    void aFailedCloseDoesNotHideWhyTheCopyFailed() throws IOException {
        Part broken = piece(StoreFileSystem.BROKEN);
        assertThatThrownBy(() -> concat("gone/x.npy", StoreFileSystem.settings(), broken))
                .hasMessage("no bytes of broken")
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(NoSuchFileException.class));
    }

    @Test
    void aCopyThatIsWholeAppears() throws IOException {
        concat(APPEARING, piece("piece"), piece("other"));
        assertThat(StoreFileSystem.takeLog()).containsExactly("closed x.npy");
        assertThat(directory.resolve("x.npy")).hasBinaryContent(new byte[] {1, 2, 3, 4, 3, 4});
    }
}
