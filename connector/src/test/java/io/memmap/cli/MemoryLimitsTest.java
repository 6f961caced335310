package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that need more memory than there is end in one line. */
class MemoryLimitsTest {
    @TempDir
    private Path directory;

    private static Path sparse(Path file, long nbytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(nbytes);
        }
        return file;
    }

    /** Runs a command in a JVM of little memory; returns what it prints to stderr. */
    private static List<String> failure(String... arguments) throws Exception {
        List<String> java = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        Process process = new ProcessBuilder(
                        Stream.concat(java.stream(), Stream.of(arguments)).toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = process.errorReader().lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isEqualTo(1);
        return lines;
    }

    @Test
    void aValueThatIsLargerThanTheHeapIsRefusedInOneLine() throws Exception {
        String file = sparse(directory.resolve("x.dat"), 1L << 30).toString();
        assertThat(failure("head", file, "--dtype", "|V1073741824"))
                .singleElement()
                .asString()
                .startsWith("Cannot run head " + file + " --dtype |V1073741824: out of memory (")
                .contains("), expected values and headers that fit in a heap of ")
                .endsWith(" bytes; start Java with a larger -Xmx, or read fewer rows or smaller values");
    }

    @Test
    void aFileThatNoProcessCanMapIsRefusedByName() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "no file system here takes files of 2^62 bytes");
        Path file = Files.createTempFile(memory, "memmap-", ".dat");
        try {
            sparse(file, 1L << 62);
            assertThat(failure("head", file.toString(), "--dtype", "u1"))
                    .containsExactly("Cannot open " + file + ": Cannot map 4611686018427387904 bytes: too many for"
                            + " one process, expected at most 35184372088832; choose a smaller shape");
        } finally {
            Files.delete(file);
        }
    }
}
