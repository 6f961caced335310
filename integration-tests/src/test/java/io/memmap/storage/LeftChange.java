package io.memmap.storage;

import io.memmap.format.ByteString;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/**
 * Changes of local files as writers leave them that are killed: with their record, and as much of the change as wanted.
 * Needs neither Spark nor a process to kill.
 */
public final class LeftChange {
    private static final Map<String, Object> WRITER =
            Map.of("owner", "app-1 query-1", "host", "elsewhere", "pid", 4711L, "since", Instant.EPOCH.toString());

    private final Path target;
    private final LocalStorage storage = new LocalStorage();
    private final String staging;
    private final List<Part> pieces = new ArrayList<>();
    private final List<Part> patches = new ArrayList<>();
    private byte[] head = {};
    private Optional<String> sidecar = Optional.empty();

    private LeftChange(Path target) throws IOException {
        this.target = target;
        this.staging = HiddenNames.staging(target.toString(), UUID.randomUUID().toString());
        storage.makeStaging(staging);
    }

    public static LeftChange of(Path target) throws IOException {
        return new LeftChange(target);
    }

    /** Changes bytes that are there. */
    public LeftChange patch(long at, byte[] bytes) throws IOException {
        String path = staging + "/.patch-0-" + patches.size();
        try (PatchOutput output = new PatchOutput(storage.create(path, 0))) {
            output.put(at, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0, bytes.length);
            output.finish();
        }
        patches.add(new Part(path, Files.size(Path.of(path))));
        return this;
    }

    /** Appends bytes, and changes the first of the file. */
    public LeftChange append(byte[] bytes, byte[] newHead) throws IOException {
        String path = staging + "/.part-0-" + pieces.size() + "-0";
        Files.write(Path.of(path), bytes);
        pieces.add(new Part(path, bytes.length));
        head = newHead;
        return this;
    }

    /** Changes what describes the file too. */
    public LeftChange sidecar(String text) {
        sidecar = Optional.of(text);
        return this;
    }

    private TargetChange change() throws IOException {
        byte[] before = storage.read(target.toString(), 0, head.length);
        return new TargetChange(
                staging,
                storage.stat(target.toString()).fingerprint(),
                pieces,
                patches,
                ByteString.of(before),
                ByteString.of(head),
                sidecar,
                WRITER);
    }

    private ChangeRecord recorded() throws IOException {
        String path = Sidecar.pathOf(target.toString());
        return change().record(storage.exists(path) ? Optional.of(storage.readText(path)) : Optional.empty());
    }

    /** Leaves the record, as it is before rows are appended, and before patches if there are no rows to append. */
    public LeftChange begin() throws IOException {
        ChangeRecord record = recorded();
        try (LocalDirectory home = LocalDirectory.open(target.getParent());
                LocalChange change = LocalChange.open(storage, target, home, record)) {
            change.prepare();
        }
        leave(record);
        return this;
    }

    /** Leaves the record of an update whose first byte is about to be written. */
    public LeftChange beginUpdate() throws IOException {
        ChangeRecord record = recorded();
        try (LocalDirectory home = LocalDirectory.open(target.getParent());
                LocalChange change = LocalChange.open(storage, target, home, record)) {
            change.prepare();
            change.beginUpdate(record(target).toString());
        }
        return this;
    }

    /** Leaves all rows behind the old ones too. */
    public LeftChange append() throws IOException {
        ChangeRecord record = recorded();
        begin();
        try (LocalDirectory home = LocalDirectory.open(target.getParent());
                LocalChange change = LocalChange.open(storage, target, home, record)) {
            change.append();
        }
        if (!patches.isEmpty()) {
            leave(record.asUpdate(0));
        }
        return this;
    }

    private void leave(ChangeRecord record) throws IOException {
        String path = record(target).toString();
        storage.move(LocalRecord.stage(storage, target.toString(), record, path), path);
    }

    /** Writes to the file, as the change would, or somebody else. */
    public static void write(Path file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    /**
     * Leaves a new file that is about to take the place of another one.
     *
     * @param sidecar its description
     * @return the staged file, whose rename to the target commits the write
     */
    public static Path replacement(Path target, byte[] bytes, Optional<String> sidecar) throws IOException {
        LeftChange left = new LeftChange(target);
        Path file = Files.write(left.staging().resolve(".assembled"), bytes);
        Optional<Sidecar> described =
                sidecar.isPresent() ? Optional.of(Sidecar.parse(sidecar.get(), "the test")) : Optional.empty();
        new Replacement(file.toString(), described).begin(left.storage, target.toString());
        return file;
    }

    public static Path record(Path target) {
        return Path.of(Storage.record(target.toString()));
    }

    /** Returns the text of a target's record after a change to it, with a checksum that fits: a record may say anything. */
    public static String tampered(Path target, UnaryOperator<String> change) throws IOException {
        String text = change.apply(Files.readString(record(target))).replaceFirst(", \"checksum\": \\d+}", "}");
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return text.substring(0, text.length() - 1) + ", \"checksum\": " + checksum.getValue() + "}";
    }

    public Path staging() {
        return Path.of(staging);
    }
}
