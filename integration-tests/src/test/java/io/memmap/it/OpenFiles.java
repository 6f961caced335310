package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.memory.Mapping;
import io.memmap.memory.NativeBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this process has mapped and opened, as Linux lists it; elsewhere nothing is known. */
final class OpenFiles {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path RESIDENT = Path.of("/proc/self/smaps");
    private static final Pattern RANGE = Pattern.compile("^[0-9a-f]+-[0-9a-f]+ ");
    private static final Path HANDLES = Path.of("/proc/self/fd");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private OpenFiles() {}

    static boolean known() {
        return Files.isReadable(MAPS) && Files.isReadable(HANDLES);
    }

    /** Mapped ranges of files below a directory. */
    static List<String> mappingsBelow(Path directory) throws IOException {
        return known()
                ? Files.readAllLines(MAPS).stream()
                        .filter(line -> line.contains(directory.toString()))
                        .toList()
                : List.of();
    }

    /** Bytes of a file that this process has in its memory through mappings; only where {@link #known}. */
    static long residentNbytes(String file) throws IOException {
        long kibibytes = 0;
        boolean within = false;
        for (String line : Files.readAllLines(RESIDENT)) {
            if (RANGE.matcher(line).find()) {
                within = line.endsWith(file);
            } else if (within && line.startsWith("Rss:")) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes << 10;
    }

    /** Handles of files below a directory. */
    static List<String> handlesBelow(Path directory) throws IOException {
        return handles().stream()
                .filter(target -> target.contains(directory.toString()))
                .toList();
    }

    static int mappingCount() throws IOException {
        return known() ? Files.readAllLines(MAPS).size() : 0;
    }

    static int handleCount() throws IOException {
        return handles().size();
    }

    private static List<String> handles() throws IOException {
        if (!known()) {
            return List.of();
        }
        try (Stream<Path> handles = Files.list(HANDLES)) {
            return handles.map(OpenFiles::target).toList();
        }
    }

    private static String target(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** Fails unless all is unmapped and closed; a task that was cancelled may need a moment. */
    static void assertNoneBelow(Path directory) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (somethingIsOpen(directory) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(Mapping.liveCount()).as("live mappings").isZero();
        assertThat(NativeBuffer.liveCount()).as("live buffers outside the heap").isZero();
        assertThat(mappingsBelow(directory)).as("mapped").isEmpty();
        assertThat(handlesBelow(directory)).as("open").isEmpty();
    }

    private static boolean somethingIsOpen(Path directory) throws IOException {
        return Mapping.liveCount() > 0
                || NativeBuffer.liveCount() > 0
                || !mappingsBelow(directory).isEmpty()
                || !handlesBelow(directory).isEmpty();
    }
}
