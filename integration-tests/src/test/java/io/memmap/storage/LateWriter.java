package io.memmap.storage;

import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A JVM that holds the lock of a .npy file of ten int64, has staged a write of it, and commits it when it is told to. */
public final class LateWriter implements AutoCloseable {
    private static final String READY = "ready";
    private static final int HEAD_NBYTES = 128;
    private static final Duration ASLEEP = Duration.ofSeconds(70);

    /** How far the writer has come. */
    public enum Kind {
        /** All of a change in place is staged, and the file is open. */
        PATCH,
        APPEND,
        REPLACE
    }

    private final Process process;
    private final BufferedReader output;
    private final Path target;

    private LateWriter(Process process, Path target) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.target = target;
    }

    /** Starts it and waits until it is about to commit. */
    public static LateWriter of(Kind kind, Path target) throws IOException {
        LateWriter writer = new LateWriter(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LateWriter.class.getName(),
                                kind.name(),
                                target.toString())
                        .redirectError(Redirect.INHERIT)
                        .start(),
                target);
        for (String line = writer.output.readLine(); !READY.equals(line); line = writer.output.readLine()) {
            if (line == null) {
                throw new IOException("Cannot write " + target + ": the other JVM ended");
            }
        }
        return writer;
    }

    /** Stops the process, and has its lease end. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
        Files.setLastModifiedTime(
                target.resolveSibling("." + target.getFileName() + ".lock"),
                FileTime.from(Instant.now().minus(ASLEEP)));
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Has the process go on. Returns what became of its write. */
    public String goOn() throws IOException, InterruptedException {
        signal("-CONT");
        try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
            input.write("\n");
        }
        String answer = output.readLine();
        process.waitFor();
        return answer;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] args) throws IOException {
        LocalStorage storage = new LocalStorage();
        String target = args[1];
        boolean inPlace = Kind.valueOf(args[0]) != Kind.REPLACE;
        TargetLock lock = inPlace
                ? TargetLock.takeInPlace(storage, target, "a late test", false)
                : TargetLock.take(storage, target, "a late test", false);
        String staging = HiddenNames.staging(target, UUID.randomUUID().toString());
        storage.makeStaging(staging);
        lock.checkHeld(target);
        try {
            switch (Kind.valueOf(args[0])) {
                case PATCH -> change(storage, Path.of(target), patch(storage, target, staging, lock));
                case APPEND -> change(storage, Path.of(target), append(storage, target, staging, lock));
                default -> {
                    Path file = Path.of(staging, ".assembled");
                    Files.write(file, Files.readAllBytes(Path.of(target)));
                    awaitGo();
                    new Replacement(file.toString(), Optional.empty()).publish(storage, target);
                }
            }
            System.out.println("made");
        } catch (IOException e) {
            System.out.println("refused: " + e);
        }
        lock.release();
    }

    private static TargetChange patch(LocalStorage storage, String target, String staging, TargetLock lock)
            throws IOException {
        String path = staging + "/.patch-0-0";
        byte[] bytes = new byte[2 * Long.BYTES];
        bytes[0] = 77;
        try (PatchOutput output = new PatchOutput(storage.create(path, 0))) {
            output.put(HEAD_NBYTES, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0, bytes.length);
            output.finish();
        }
        Part patch = new Part(path, Files.size(Path.of(path)));
        return change(storage, target, staging, lock, List.of(), List.of(patch));
    }

    private static TargetChange append(LocalStorage storage, String target, String staging, TargetLock lock)
            throws IOException {
        Path path = Path.of(staging, ".part-0-0-0");
        Files.write(path, new byte[2 * Long.BYTES]);
        return change(storage, target, staging, lock, List.of(new Part(path.toString(), Files.size(path))), List.of());
    }

    private static TargetChange change(
            LocalStorage storage, String target, String staging, TargetLock lock, List<Part> pieces, List<Part> patches)
            throws IOException {
        Fingerprint before = storage.stat(target).fingerprint();
        int nbytes = pieces.isEmpty() ? 0 : HEAD_NBYTES;
        ByteString head = ByteString.of(storage.read(target, 0, nbytes));
        ByteString grown = ByteString.ofLatin1(head.latin1().replace("(10,)", "(12,)"));
        return new TargetChange(staging, before, pieces, patches, head, grown, Optional.empty(), lock.writer());
    }

    private static void change(LocalStorage storage, Path target, TargetChange change) throws IOException {
        ChangeRecord record = change.record(Optional.empty());
        try (LocalDirectory home = LocalDirectory.open(target.getParent());
                LocalChange opened = LocalChange.open(storage, target, home, record)) {
            opened.prepare();
            awaitGo();
            new LocalCommit(storage, target, opened, record).run();
        }
    }

    private static void awaitGo() throws IOException {
        System.out.println(READY);
        if (System.in.read() < 0) {
            throw new IOException("no one has told it to go on");
        }
    }
}
