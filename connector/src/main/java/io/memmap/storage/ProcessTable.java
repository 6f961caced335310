package io.memmap.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The processes that this one can see in {@code /proc}: for locks whose holder can only be told by its process. */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    /** The fields of {@code stat} after the name of the program, which may hold anything: the first is the state. */
    private static final int STARTED = 19;

    private static final String DEAD_STATES = "ZXx";
    private static final Optional<String> HERE = find();

    private ProcessTable() {}

    /**
     * The kernel since its start, the namespace of process ids, and the user. A process of the same is seen here until it has
     * ended, by the same id, even where {@code /proc} hides those of other users. Empty if that is not known.
     */
    static Optional<String> here() {
        return HERE;
    }

    private static Optional<String> find() {
        try {
            Path self = PROC.resolve("self");
            boolean ownIds = Files.readSymbolicLink(self)
                    .toString()
                    .equals(Long.toString(ProcessHandle.current().pid()));
            return ownIds
                    ? Optional.of(Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                                    .strip() + "/" + Files.readSymbolicLink(self.resolve("ns/pid")) + "/"
                            + Files.getAttribute(self.toRealPath(), "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** When a process started, in ticks of the kernel's clock since its own start; empty if the process has ended. */
    static Optional<Long> started(long pid) throws IOException {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            String stat = new String(Files.readAllBytes(process.resolve("stat")), StandardCharsets.ISO_8859_1);
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
            // The first thread of a process may have ended before the others.
            return DEAD_STATES.contains(fields.get(0))
                            && LocalListing.children(process.resolve("task")).size() < 2
                    ? Optional.empty()
                    : Optional.of(Long.valueOf(fields.get(STARTED)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
