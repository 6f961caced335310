package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.Redo.Copy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that was written down, and not made because a staged file was not to be found. */
class RedoTest {
    @TempDir
    Path directory;

    private final Storage storage = new LocalStorage();

    private Path home;
    private Path target;

    @BeforeEach
    void writeDownAChange() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        target = Files.writeString(home.resolve("x.npy"), "head1old");
        String staging = Files.createDirectory(home.resolve(".x.npy.staging")).toString();
        Files.writeString(home.resolve(".x.npy.staging/piece"), "new");
        Redo redo = new Redo(
                "",
                List.of(new Copy(staging + "/piece", 3, 8)),
                List.of(staging + "/patch"),
                "head2",
                "head1",
                8,
                Map.of(home + "/x.npy.memmap.json", "{}"),
                staging);
        assertThatThrownBy(() -> redo.commit(storage, target.toString())).isInstanceOf(IOException.class);
        // What is behind the end that the header tells of is nobody's.
        assertThat(target).hasContent("head1oldnew");
        assertThat(record(home)).exists();
    }

    /** Changes the byte behind the header. */
    private static void patch(Path home) throws IOException {
        ByteBuffer patch = ByteBuffer.allocate(PatchOutput.PREFIX_NBYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                home.resolve(".x.npy.staging/patch"),
                patch.putLong(5).putInt(1).put((byte) 'O').array());
    }

    private static Path record(Path home) {
        return home.resolve(".x.npy.redo.json");
    }

    private void finish(Path file) throws IOException {
        Redo.finish(storage, file.toString());
    }

    @Test
    void isMadeWhenThePatchIsThere() throws IOException {
        patch(home);
        finish(target);
        assertThat(target).hasContent("head2Oldnew");
        assertThat(home.resolve("x.npy.memmap.json")).hasContent("{}");
        assertThat(record(home)).doesNotExist();
        assertThat(home.resolve(".x.npy.staging")).doesNotExist();
    }

    @Test
    void goesWithItsDirectory() throws IOException {
        Path moved = Files.move(home, directory.resolve("moved"));
        Files.createDirectory(home);
        Files.writeString(home.resolve("x.npy"), "somebody else's");
        patch(moved);
        finish(moved.resolve("x.npy"));
        assertThat(moved.resolve("x.npy")).hasContent("head2Oldnew");
        assertThat(moved.resolve("x.npy.memmap.json")).exists();
        assertThat(home.resolve("x.npy")).hasContent("somebody else's");
        assertThat(home.resolve("x.npy.memmap.json")).doesNotExist();
    }

    @Test
    void leavesAFileAloneThatTookThePlaceOfItsOwn() throws IOException {
        patch(home);
        // The last one is the file as it was before its new rows were put behind it: a backup that was restored.
        for (String other : new String[] {"head3other...", "head1", "head1old"}) {
            Files.writeString(target, other);
            assertThatThrownBy(() -> finish(target))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot finish the change of " + target)
                    .hasMessageContaining("it is another file than the one to change");
            assertThat(target).hasContent(other);
        }
    }

    @Test
    void endsWithItsFile() throws IOException {
        Files.delete(target);
        finish(target);
        assertThat(record(home)).doesNotExist();
        assertThat(home.resolve(".x.npy.staging")).doesNotExist();
        assertThat(target).doesNotExist();
    }

    @Test
    void anInterruptedThreadMakesAChangeToItsEnd() throws IOException {
        String staging = home.resolve(".x.npy.staging").toString();
        Thread.currentThread().interrupt();
        new Redo("", List.of(new Copy(staging + "/piece", 3, 8)), List.of(), "head2", "head1", 8, Map.of(), staging)
                .commit(storage, target.toString());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(target).hasContent("head2oldnew");
        assertThat(record(home)).doesNotExist();
    }

    /** Long enough for a source that is only copied once to be cut. */
    @Test
    void copiesOnceMoreWhatWasCopiedBeforeItFailed() throws IOException {
        Path raw = Files.writeString(home.resolve("y.dat"), "old");
        Path staging = Files.createDirectory(home.resolve(".y.dat.staging"));
        byte[] piece = new byte[9 << 20];
        new Random(1).nextBytes(piece);
        Files.write(staging.resolve("piece"), piece);
        Path missing = home.resolve("missing");
        Redo redo = new Redo(
                "",
                List.of(new Copy(staging + "/piece", piece.length, 3)),
                List.of(),
                "",
                "",
                3,
                Map.of(missing + "/y.json", "{}"),
                staging.toString());
        assertThatThrownBy(() -> redo.commit(storage, raw.toString())).isInstanceOf(NoSuchFileException.class);
        assertThat(staging.resolve("piece")).hasBinaryContent(piece);
        // As a crash may leave it that the file system forgot nearly all of.
        Files.writeString(raw, "old");
        Files.createDirectory(missing);
        finish(raw);
        byte[] found = Files.readAllBytes(raw);
        assertThat(found).startsWith('o', 'l', 'd');
        assertThat(Arrays.copyOfRange(found, 3, found.length)).isEqualTo(piece);
        assertThat(missing.resolve("y.json")).hasContent("{}");
        assertThat(staging).doesNotExist();
    }
}
