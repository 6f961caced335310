package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changes of local files that were begun and not ended, and what others did to the files since. In one class, as all start
 * from the same file and end with the same two checks.
 */
class RecoveryTest {
    private static final int NBYTES = 5000;
    private static final int HISTORIES = Integer.getInteger("memmap.histories", 100);

    @TempDir
    Path directory;

    private final LocalStorage storage = new LocalStorage();
    private final HadoopSettings settings = new HadoopSettings(new Configuration(), Map.of());
    private final byte[] old = bytes(1, NBYTES);
    private Path target;

    @BeforeEach
    void writeTarget() throws IOException {
        target = Files.write(directory.resolve("x.dat"), old);
    }

    private static byte[] bytes(long seed, int nbytes) {
        byte[] bytes = new byte[nbytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private boolean end(Ending ending) throws IOException {
        return Recovery.end(ending, target.toString(), settings, "a test");
    }

    private static byte[] with(byte[] file, int at, byte[] patch) {
        byte[] changed = Arrays.copyOf(file, Math.max(file.length, at + patch.length));
        System.arraycopy(patch, 0, changed, at, patch.length);
        return changed;
    }

    /** All that is left of a change is the file. */
    private void assertEnded(byte[] expected) throws IOException {
        assertThat(target).hasBinaryContent(expected);
        try (var names = Files.list(directory)) {
            assertThat(names.map(path -> path.getFileName().toString())).containsExactly("x.dat");
        }
    }

    private LeftChange twoPatches() throws IOException {
        return LeftChange.of(target).patch(500, bytes(2, 1000)).patch(4000, bytes(3, 8));
    }

    private byte[] patched() {
        return with(with(old, 500, bytes(2, 1000)), 4000, bytes(3, 8));
    }

    @ParameterizedTest
    @CsvSource({"FINISH,0", "FINISH,524", "FINISH,1000", "DISCARD,0", "DISCARD,524", "DISCARD,1000"})
    void anUpdateEndsWholeWhereverItStopped(Ending ending, int written) throws IOException {
        twoPatches().begin();
        LeftChange.write(target, 500, Arrays.copyOf(bytes(2, 1000), written));
        assertThat(end(ending)).isTrue();
        assertEnded(ending == Ending.FINISH ? patched() : old);
        assertThat(end(ending)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"FINISH,0", "FINISH,300", "FINISH,9000", "DISCARD,0", "DISCARD,300", "DISCARD,9000"})
    void appendedRowsEndWholeWhereverTheyStopped(Ending ending, int written) throws IOException {
        byte[] rows = bytes(4, 9000);
        LeftChange.of(target).append(rows, new byte[0]).begin();
        if (written > 0) {
            LeftChange.write(target, NBYTES + 8999, new byte[1]);
            LeftChange.write(target, NBYTES, Arrays.copyOf(rows, written / 512 * 512 + 120));
        }
        end(ending);
        assertEnded(ending == Ending.FINISH ? with(old, NBYTES, rows) : old);
    }

    @Test
    void theChangesInAPartitionAreEndedWithTheDirectory() throws IOException {
        target = Files.createDirectories(directory.resolve("a=1/_b=2")).resolve("x.dat");
        Files.write(target, old);
        Path other = Files.createDirectory(directory.resolve("other")).resolve("y.dat");
        Files.write(other, old);
        twoPatches().begin();
        LeftChange.of(other).patch(500, bytes(2, 1000)).begin();
        assertThat(Recovery.end(Ending.FINISH, directory.toString(), settings, "a test"))
                .isTrue();
        assertThat(target).hasBinaryContent(patched());
        assertThat(other).hasBinaryContent(old);
        assertThat(Recovery.end(Ending.FINISH, directory.toString(), settings, "a test"))
                .isFalse();
    }

    /** As a power failure leaves it that cost the staged rows. */
    @Test
    void appendedRowsThatAreLostCanBeGivenUp() throws IOException {
        LeftChange left =
                LeftChange.of(target).append(bytes(4, 9000), new byte[0]).begin();
        LeftChange.write(target, NBYTES + 8999, new byte[1]);
        LeftChange.write(target, NBYTES, Arrays.copyOf(bytes(4, 9000), 120));
        Files.write(left.staging().resolve(".part-0-0-0"), new byte[9000]);
        byte[] before = Files.readAllBytes(target);
        assertThatThrownBy(() -> end(Ending.FINISH)).hasMessageContaining("are not those that were written");
        assertThat(target).hasBinaryContent(before);
        end(Ending.DISCARD);
        assertEnded(old);
    }

    /** Its checksums are made, and its rows copied, by more than one thread at once. */
    @ParameterizedTest
    @CsvSource({"FINISH,0", "FINISH,33600000", "DISCARD,33600000", "DISCARD,66999999"})
    void aTailOfManyMegabytesIsToldFromThatOfOthers(Ending ending, int foreign) throws IOException {
        byte[] first = bytes(4, 50_000_001);
        byte[] second = bytes(5, 17_000_000);
        LeftChange left = LeftChange.of(target).append(first, new byte[0]).append(second, new byte[0]);
        byte[] whole = with(with(old, NBYTES, first), NBYTES + first.length, second);
        if (foreign == 0) {
            left.begin();
        } else {
            left.append();
            assertThat(target).hasBinaryContent(whole);
            LeftChange.write(target, foreign, new byte[] {(byte) (whole[foreign] + 1)});
            assertThatThrownBy(() -> end(ending))
                    .hasMessageContaining(
                            "the 512 bytes from byte " + foreign / 512 * 512 + " on were written by another writer");
            LeftChange.write(target, foreign, new byte[] {whole[foreign]});
        }
        end(ending);
        assertEnded(ending == Ending.FINISH ? whole : old);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void bothPatchesAndAppendedRowsEnd(Ending ending) throws IOException {
        twoPatches().append(bytes(4, 300), bytes(5, 10)).append();
        LeftChange.write(target, 4000, bytes(3, 8));
        end(ending);
        assertEnded(ending == Ending.FINISH ? with(with(patched(), NBYTES, bytes(4, 300)), 0, bytes(5, 10)) : old);
    }

    /** Whatever others did, no byte of theirs is lost. */
    @Test
    void noHistoryCostsAByteThatOthersWrote() throws IOException {
        long seed = Long.getLong("memmap.seed", System.nanoTime());
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < HISTORIES; i++) {
            String what = "seed " + seed + ", history " + i;
            writeTarget();
            boolean appends = random.nextInt(3) == 0;
            byte[] rows = bytes(7, 3000);
            LeftChange left = twoPatches();
            if (appends) {
                left.append(rows, new byte[0]);
            }
            if (appends && random.nextBoolean()) {
                left.append();
            } else {
                left.begin();
            }
            if (!appends) {
                LeftChange.write(target, 500, Arrays.copyOf(bytes(2, 1000), 12 + 512 * random.nextInt(2)));
            }
            int at = random.nextInt(NBYTES);
            byte[] theirs = bytes(random.nextLong(), 1 + random.nextInt(600));
            boolean replaced = random.nextInt(4) == 0;
            byte[] before = foreign(random, at, theirs, replaced);
            Ending ending = Ending.values()[random.nextInt(2)];
            try {
                end(ending);
            } catch (IOException e) {
                refused++;
                assertThat(target).as(what).hasBinaryContent(before);
                assertThat(e).as(what).hasMessageContaining("cannot be ended");
                removeAll();
                continue;
            }
            byte[] after = Files.readAllBytes(target);
            if (replaced) {
                assertThat(after).as(what).isEqualTo(before);
            }
            byte[] made = appends ? with(patched(), NBYTES, rows) : patched();
            byte[] wanted = ending == Ending.FINISH ? made : old;
            for (int j = 0; j < Math.max(before.length, after.length); j++) {
                boolean kept = j < before.length && j < after.length && before[j] == after[j];
                boolean ours = (j >= before.length || isOurs(before[j], j, made))
                        && (j >= after.length ? j >= wanted.length : j < wanted.length && after[j] == wanted[j]);
                assertThat(kept || ours).as(what + ", byte " + j).isTrue();
            }
            removeAll();
        }
        assertThat(refused).isBetween(HISTORIES / 10, HISTORIES - HISTORIES / 10);
    }

    /** Bytes that only we can have written, and those that were there. */
    private boolean isOurs(byte found, int at, byte[] made) {
        boolean appended = at >= NBYTES && found == 0;
        return at < made.length && (appended || found == made[at] || (at < NBYTES && found == old[at]));
    }

    private byte[] foreign(Random random, int at, byte[] theirs, boolean replaced) throws IOException {
        if (replaced) {
            Path other = directory.resolve("other");
            Files.write(other, random.nextBoolean() ? with(Files.readAllBytes(target), at, theirs) : new byte[NBYTES]);
            Files.move(other, target, StandardCopyOption.REPLACE_EXISTING);
        } else {
            switch (random.nextInt(4)) {
                case 0 -> Files.write(target, theirs, StandardOpenOption.APPEND);
                case 1 -> Files.write(target, Arrays.copyOf(Files.readAllBytes(target), at));
                case 2 -> LeftChange.write(target, 2000 + random.nextInt(1000), theirs);
                default -> LeftChange.write(target, at, theirs);
            }
        }
        return Files.readAllBytes(target);
    }

    private void removeAll() throws IOException {
        try (var names = Files.list(directory)) {
            for (Path path : names.toList()) {
                new LocalStorage().delete(path.toString());
            }
        }
    }

    @Test
    void aChangeOfAFileThatWasReplacedCanBeGivenUp() throws IOException {
        twoPatches().begin();
        byte[] theirs = bytes(9, NBYTES);
        Path other = Files.write(directory.resolve("other"), theirs);
        Files.move(other, target, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> end(Ending.FINISH)).hasMessageContaining("it is another file");
        end(Ending.DISCARD);
        assertEnded(theirs);
    }

    /** Its rows are still mixed, and nothing else says so. */
    @Test
    void aHalfChangedCopyIsLeftAlone() throws IOException {
        twoPatches().begin();
        LeftChange.write(target, 4000, bytes(3, 8));
        Path copy = Files.copy(target, directory.resolve("copy"));
        Files.move(copy, target, StandardCopyOption.REPLACE_EXISTING);
        for (Ending ending : Ending.values()) {
            assertThatThrownBy(() -> end(ending)).hasMessageContaining("it is another file");
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void aSidecarInTransitIsEnded(Ending ending) throws IOException {
        Path sidecar = Files.writeString(directory.resolve("x.dat.memmap.json"), "{\"dtype\": \"<i2\"}");
        Path staged = LeftChange.replacement(target, bytes(8, 50), Optional.of("{\"dtype\": \"<i8\"}"));
        assertThat(sidecar).content().contains("inTransit");
        end(ending);
        assertThat(target).hasBinaryContent(old);
        assertThat(sidecar).hasContent("{\"dtype\": \"<i2\"}");
        staged = LeftChange.replacement(target, Files.readAllBytes(staged), Optional.of("{\"dtype\": \"<i8\"}"));
        Files.move(staged, target, StandardCopyOption.REPLACE_EXISTING);
        end(ending);
        assertThat(target).hasBinaryContent(bytes(8, 50));
        assertThat(sidecar).hasContent("{\"dtype\": \"<i8\"}");
    }

    /** Others may have put something into a directory that they can write to: only who says so has it done. */
    @Test
    void whatOthersCanReachIsFinishedOnDemandOnly() throws IOException {
        Files.setPosixFilePermissions(
                twoPatches().begin().staging(), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(() -> TargetLock.take(storage, target.toString(), "a test", false))
                .hasMessageContaining("has mode rwxr-x---, expected rwx------");
        assertThat(target).hasBinaryContent(old);
        end(Ending.FINISH);
        assertEnded(patched());
    }

    @Test
    void aWriterEndsWhatADeadOneLeft() throws IOException {
        twoPatches().begin();
        LeftChange.write(target, 4000, bytes(3, 8));
        TargetLock.take(storage, target.toString(), "a test", false).release();
        assertEnded(patched());
        LeftChange.of(target).append(bytes(4, 100), new byte[0]).append();
        TargetLock.take(storage, target.toString(), "a test", false).release();
        assertEnded(patched());
        twoPatches().begin();
        Files.delete(target);
        TargetLock.take(storage, target.toString(), "a test", false).release();
        try (var names = Files.list(directory)) {
            assertThat(names).isEmpty();
        }
    }

    @Test
    void aDirectoryThatWasRenamedTakesItsChangesAlong() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        target = Files.write(home.resolve("x.dat"), old);
        twoPatches().begin();
        LeftChange.write(target, 4000, bytes(3, 8));
        Path moved = Files.move(home, directory.resolve("moved"));
        target = moved.resolve("x.dat");
        Recovery.end(Ending.FINISH, moved.toString(), settings, "a test");
        assertThat(target).hasBinaryContent(patched());
    }

    /** Counted in bytes on the heap, as a path, an exception or an attribute object per file and look comes to thousands. */
    @Test
    void aPlanLooksForTheRecordsOfManyFilesAtOnce() throws IOException {
        Layout layout = new Layout(DType.parse("<i8"), Shape.of(1), Order.C, 0);
        List<ArrayFile> files = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Path file = Files.write(directory.resolve("y" + i + ".dat"), new byte[8]);
            files.add(new ArrayFile("file:" + file, new Fingerprint("", 8, 0), layout));
        }
        Recovery.checkReadable(files);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
        Recovery.checkReadable(files);
        long nbytes = thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(nbytes / files.size()).isBetween(1L, 2500L);

        target = directory.resolve("y700.dat");
        LeftChange.of(target).patch(0, bytes(2, 8)).begin();
        assertThatThrownBy(() -> Recovery.checkReadable(files))
                .isInstanceOf(PendingChangeException.class)
                .hasMessageContaining(target.toString());
        Path link = Files.createSymbolicLink(
                Files.createDirectory(directory.resolve("links")).resolve("z.dat"), target);
        assertThatThrownBy(() -> Recovery.checkReadable(
                        List.of(new ArrayFile("file:" + link, new Fingerprint("", 8, 0), layout))))
                .hasMessageContaining(target.toString());
    }
}
