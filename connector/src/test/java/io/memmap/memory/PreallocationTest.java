package io.memmap.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreallocationTest {
    @TempDir
    Path directory;

    @Test
    void writesHeadAndZerosWithRealBlocks() throws Exception {
        Path path = directory.resolve("a.bin");
        Preallocation.create(path, new byte[] {1, 2}, (3 << 20) + 5);
        byte[] content = Files.readAllBytes(path);
        assertThat(content).hasSize((3 << 20) + 5).startsWith((byte) 1, (byte) 2);
        content[0] = 0;
        content[1] = 0;
        assertThat(content).containsOnly(0);
        if (Files.getFileStore(path).supportsFileAttributeView("unix")) {
            Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
            long blocks =
                    Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
            assertThat(blocks * 512).isGreaterThanOrEqualTo(3 << 20);
        }
    }

    @Test
    void emptiesAnExistingFileFirst() throws IOException {
        Path path = Files.write(directory.resolve("a.bin"), new byte[] {1, 2, 3, 4, 5});
        Preallocation.create(path, new byte[0], 3);
        assertThat(path).hasBinaryContent(new byte[3]);
    }

    @Test
    void leavesAnExistingFileAloneWhenTheDiskIsKnownToBeTooSmall() throws IOException {
        Path path = Files.write(directory.resolve("a.bin"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> Preallocation.create(path, new byte[0], 1L << 53))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("Cannot create .*a.bin: the disk has \\d+ bytes left, expected room for"
                        + " 9007199254740992 bytes");
        assertThat(path).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void reportsAFullDiskBeforeAnythingIsMapped() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "no /dev/full here");
        assertThatThrownBy(() -> Preallocation.create(full, new byte[0], 10))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot create /dev/full: No space left on device")
                .hasMessageEndingWith("expected room for 10 bytes");
        assertThat(full).exists();
    }
}
