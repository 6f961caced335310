package io.memmap.storage;

import io.memmap.format.ByteString;
import io.memmap.format.Sidecar;
import io.memmap.memory.BlockWrites;
import io.memmap.storage.ChangeRecord.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One change of a local file in place, from its {@link ChangeRecord}: made, made to its end by whoever comes after a writer
 * that died, or undone. What others wrote since is never overwritten: each sector of the file that the change touches must
 * be as it was before the change or as it is after it. Driver side, under the target's lock; its owner closes it.
 */
final class LocalChange implements AutoCloseable {
    /** That of FAT. A file from further in the future has a time that no change gives it. */
    private static final Duration LONGEST_TICK = Duration.ofSeconds(2);

    private static final int TICK_MILLIS = 10;

    private final LocalStorage storage;
    private final Path path;
    private final LocalDirectory home;
    private final LocalDirectory staging;
    private final ChangeRecord record;
    private final FileChannel target;

    private LocalChange(
            LocalStorage storage, Path path, LocalDirectory home, LocalDirectory staging, ChangeRecord record)
            throws IOException {
        this.storage = storage;
        this.path = path;
        this.home = home;
        this.staging = staging;
        this.record = record;
        this.target = home.file(path.getFileName().toString(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Opens the file and the staging directory that a record names. */
    static LocalChange open(LocalStorage storage, Path path, LocalDirectory home, ChangeRecord record)
            throws IOException {
        LocalDirectory staging = home.directory(record.staging());
        try {
            return new LocalChange(storage, path, home, staging, record);
        } catch (IOException | RuntimeException e) {
            staging.close();
            throw e;
        }
    }

    /** All but the appended rows. */
    void finish() throws IOException {
        if (!record.patches().isEmpty()) {
            beginUpdate(Storage.record(path.toString()));
        }
        apply();
    }

    /**
     * Writes the record of an update. It is newer than the file by the clock of the file system. Any later change of the file
     * shows in its time of modification: until then readers know that none has begun.
     *
     * @param stage the path beside which the record is made
     */
    void beginUpdate(String stage) throws IOException {
        String target = path.toString();
        while (true) {
            FileTime modified = home.attributes(path.getFileName().toString()).lastModifiedTime();
            String staged =
                    LocalRecord.stage(storage, target, record.asUpdate(modified.to(TimeUnit.NANOSECONDS)), stage);
            Duration ahead = Duration.between(
                    Files.getLastModifiedTime(LocalStorage.local(staged)).toInstant(), modified.toInstant());
            if (ahead.isNegative() || ahead.compareTo(LONGEST_TICK) > 0) {
                storage.move(staged, Storage.record(target));
                return;
            }
            storage.delete(staged);
            awaitNextTick();
        }
    }

    /** Applies patches to a file without readers, and flushes it. */
    static void patch(Path target, Iterable<Path> patches, byte[] head) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            for (Path patch : patches) {
                try (FileChannel from = FileChannel.open(patch, StandardOpenOption.READ)) {
                    new PatchRuns("file:" + patch, from, Long.MAX_VALUE)
                            .forEach((at, bytes) -> BlockWrites.write(channel, bytes, at));
                }
            }
            BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
            channel.force(true);
        }
    }

    /**
     * Writes down beside the patches what they overwrite, and checksums of what is appended. Then the staging directory and
     * its name are durable, and with them all that finishing or undoing the change needs.
     */
    void prepare() throws IOException {
        if (!record.patches().isEmpty()) {
            try (LocalOutput output = LocalOutput.create(staging.path().resolve(HiddenNames.BEFORE), 0)) {
                ByteBuffer old = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
                ByteBuffer all = ByteBuffer.allocateDirect(BlockWrites.BLOCK_NBYTES);
                forEachBlock((at, bytes) -> {
                    read(at, old.clear().limit(bytes.remaining()));
                    if (all.remaining() < old.remaining()) {
                        output.write(all.flip());
                        all.clear();
                    }
                    all.put(old);
                });
                output.write(all.flip());
                output.seal(new byte[0]);
            }
        }
        if (!record.pieces().isEmpty()) {
            tail().writeChecksums();
        }
        DirectorySync.sync(staging.path());
        DirectorySync.sync(path.getParent());
    }

    private void forEachBlock(PatchRuns.Work work) throws IOException {
        for (Staged patch : record.patches()) {
            try (FileChannel channel = staging.onlyName(patch.name())) {
                String name = "file:" + staging.path().resolve(patch.name());
                if (channel.size() != patch.nbytes()) {
                    throw new IOException(name + " has " + channel.size() + " bytes, expected " + patch.nbytes());
                }
                new PatchRuns(name, channel, record.nbytesBefore()).forEach(work);
            }
        }
    }

    private void read(long at, ByteBuffer bytes) throws IOException {
        read(target, at, bytes);
    }

    /** Fills a buffer with the bytes of a file that has them. */
    static void read(FileChannel target, long at, ByteBuffer bytes) throws IOException {
        PositionedInput.fill(target, bytes, at);
        if (bytes.hasRemaining()) {
            throw new IOException("it ends before byte " + (at + bytes.limit()) + ", expected all of its rows");
        }
        bytes.flip();
    }

    private AppendedTail tail() {
        return new AppendedTail(staging, record);
    }

    /** The same as {@link #append}, from pieces that may have been lost since. */
    void appendAgain() throws IOException {
        tail().checkPieces();
        append();
    }

    /** Copies the appended rows to the end of the file, and flushes them. */
    void append() throws IOException {
        EarlyFlush flush = new EarlyFlush(path, target);
        tail().copy(target, flush);
        flush.finish();
    }

    /** Writes the new bytes, the head and the sidecar last, when the bytes that they speak of are on the disk. */
    void apply() throws IOException {
        if (!record.patches().isEmpty()) {
            forEachBlock((at, bytes) -> BlockWrites.write(target, bytes, at));
            target.force(true);
        }
        writeHead(record.head());
        writeSidecar(record.sidecarAfter());
    }

    private void writeHead(ByteString head) throws IOException {
        if (!head.isEmpty()) {
            BlockWrites.write(target, head.buffer(), 0);
            target.force(true);
        }
    }

    private void writeSidecar(Optional<String> text) throws IOException {
        String sidecar = Sidecar.pathOf(path.toString());
        if (text.equals(sidecarNow())) {
            return;
        }
        if (text.isPresent()) {
            storage.writeText(sidecar, text.get());
        } else {
            storage.delete(sidecar);
        }
    }

    private Optional<String> sidecarNow() throws IOException {
        return home.smallText(Sidecar.pathOf(path.getFileName().toString()));
    }

    /** Puts the old bytes back; what speaks of the new ones goes first. */
    void undo() throws IOException {
        writeSidecar(record.sidecarBefore());
        writeHead(record.headBefore());
        if (!record.patches().isEmpty()) {
            try (FileChannel before = staging.onlyName(HiddenNames.BEFORE)) {
                ForwardInput old = new ForwardInput(HiddenNames.BEFORE, before);
                forEachBlock((at, bytes) -> BlockWrites.write(target, old.next(bytes.remaining()), at));
            }
        }
        if (!record.pieces().isEmpty()) {
            target.truncate(record.nbytesBefore());
        }
        target.force(true);
    }

    /**
     * The progress of a change.
     *
     * @param isLonger whether the file has its new length
     * @param isAppended whether all appended rows are there
     * @param isBegun whether something else is as it is after the change
     * @param isMade whether all is as it is after the change
     */
    record Progress(boolean isLonger, boolean isAppended, boolean isBegun, boolean isMade) {}

    /**
     * Holds the file against the record.
     *
     * @throws IOException when another writer has changed it since
     */
    Progress progress() throws IOException {
        checkSameFile();
        return compare();
    }

    /** The same for a file that may be a copy of the one that was changed. */
    Progress compare() throws IOException {
        boolean longer = checkLength();
        boolean appended = longer && tail().isWhole(target);
        SectorComparison sectors = new SectorComparison();
        if (!record.patches().isEmpty()) {
            ByteBuffer now = ByteBuffer.allocate(BlockWrites.BLOCK_NBYTES);
            try (FileChannel before = staging.onlyName(HiddenNames.BEFORE)) {
                ForwardInput old = new ForwardInput(HiddenNames.BEFORE, before);
                forEachBlock((at, bytes) -> {
                    read(at, now.clear().limit(bytes.remaining()));
                    sectors.add(at, now, old.next(bytes.remaining()), bytes);
                });
            }
        }
        if (!record.head().isEmpty()) {
            ByteBuffer now = ByteBuffer.allocate(record.head().length());
            read(0, now);
            sectors.add(0, now, record.headBefore().buffer(), record.head().buffer());
        }
        Optional<String> sidecar = sidecarNow();
        boolean oldSidecar = sidecar.equals(record.sidecarBefore());
        boolean newSidecar = sidecar.equals(record.sidecarAfter());
        if (!oldSidecar && !newSidecar) {
            throw new IOException(
                    "its sidecar was changed by another writer, expected the text before or after the change");
        }
        boolean allAppended = appended || record.pieces().isEmpty();
        return new Progress(
                longer, allAppended, !oldSidecar || sectors.hasNew(), allAppended && newSidecar && !sectors.hasOld());
    }

    /** Returns true if nothing of the change is in the file, which is not the one that it was made to. */
    boolean isAbsent() {
        try {
            Progress progress = compare();
            return !progress.isLonger() && !progress.isBegun();
        } catch (IOException e) {
            // Neither the old nor the new bytes: all of it is foreign.
            return true;
        }
    }

    void checkSameFile() throws IOException {
        String key = LocalStorage.inode(home.attributes(path.getFileName().toString()));
        String expected = record.before().key();
        if (!key.equals(expected)) {
            throw new OtherFileException(
                    "it is another file (" + key + ") than the one that was changed (" + expected + ")");
        }
    }

    /** Returns true if the file is as long as it is with the appended rows. */
    private boolean checkLength() throws IOException {
        long nbytes = target.size();
        long before = record.nbytesBefore();
        long after = record.after().nbytes();
        if (record.pieces().isEmpty() ? nbytes >= before : nbytes == before) {
            return false;
        }
        if (record.pieces().isEmpty() || nbytes != after) {
            throw new IOException("it has " + nbytes + " bytes, expected " + before
                    + (record.pieces().isEmpty() ? "" : " or " + after) + "; another writer changed it");
        }
        return true;
    }

    /** The file that a change was made to has been replaced. */
    static final class OtherFileException extends IOException {
        private static final long serialVersionUID = 1L;

        OtherFileException(String message) {
            super(message);
        }
    }

    private static void awaitNextTick() throws IOException {
        try {
            Thread.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Cannot change the file: interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (staging) {
            target.close();
        }
    }
}
