package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that were recorded, as readers and writers find them before and after the first byte. */
class UntouchedTargetTest {
    private static final byte[] OLD = {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7};
    private static final byte[] NEW = {9, 8, 7, 6, 5, 4, 3, 2};
    private static final byte[] CHANGED = {0, 1, 2, 3, 4, 5, 6, 7, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final int ROUNDS = 40;

    @TempDir
    Path directory;

    private final LocalStorage storage = new LocalStorage();

    private Path target() throws IOException {
        return Files.write(directory.resolve("x.dat"), OLD);
    }

    private void read(Path target) throws IOException {
        Layout layout = new Layout(DType.parse("<i8"), Shape.of(2), Order.C, 0);
        Recovery.checkReadable(List.of(
                new ArrayFile("file:" + target, storage.stat(target.toString()).fingerprint(), layout)));
        Recovery.checkUnpatched(target);
    }

    private void assertUnreadable(Path target) {
        assertThatThrownBy(() -> read(target))
                .isInstanceOf(PendingChangeException.class)
                .hasMessageContaining("Cannot read " + target + ": a change of it is not finished");
        assertThatThrownBy(() -> Recovery.checkUnpatched(target)).isInstanceOf(PendingChangeException.class);
    }

    private void assertEnded(Path target, byte[] expected) throws IOException {
        TargetLock.takeInPlace(storage, target.toString(), "a test", false).release();
        assertThat(target).hasBinaryContent(expected);
        try (var names = Files.list(directory)) {
            assertThat(names).containsExactly(target);
        }
    }

    @Test
    void anUpdateThatHasNotBegunIsNotTheReadersBusinessAndNeverHappens() throws IOException {
        Path target = target();
        LeftChange.of(target).patch(8, NEW).beginUpdate();
        read(target);
        assertThat(Recovery.isPending(storage, target.toString())).isTrue();
        assertThat(Recovery.isHalfMade(storage, target.toString())).isFalse();
        assertEnded(target, OLD);
    }

    @Test
    void anUpdateThatHasBegunIsAnErrorToReadersAndIsFinished() throws IOException {
        Path target = target();
        LeftChange.of(target).patch(8, NEW).beginUpdate();
        LeftChange.write(target, 8, NEW);
        assertUnreadable(target);
        assertThat(Recovery.isHalfMade(storage, target.toString())).isTrue();
        assertEnded(target, CHANGED);
    }

    /** A change within one tick of the file system's clock after the change before would not show in the time. */
    @Test
    void theFirstByteShowsHoweverSoonItComes() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            Path target = target();
            LeftChange.of(target).patch(8, NEW).beginUpdate();
            read(target);
            LeftChange.write(target, 8, NEW);
            assertUnreadable(target);
            assertEnded(target, CHANGED);
        }
    }

    /** Others may have set its time back, or forward to when the change was made. */
    @Test
    void whatTheTimeCannotTellIsAnError() throws IOException {
        Path target = target();
        Files.setLastModifiedTime(target, FileTime.from(Instant.now().plusSeconds(7000)));
        LeftChange.of(target).patch(8, NEW).beginUpdate();
        assertUnreadable(target);
        assertEnded(target, OLD);
        LeftChange.of(target).patch(8, NEW).begin();
        assertUnreadable(target);
        assertEnded(target, OLD);
    }
}
