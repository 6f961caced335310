package io.memmap.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedWindowsTest {
    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private FileChannel file(int nbytes) throws IOException {
        byte[] content = new byte[nbytes];
        for (int i = 0; i < nbytes; i++) {
            content[i] = (byte) i;
        }
        Path path = Files.write(directory.resolve("a.bin"), content);
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Test
    void neverSplitsAnItem() throws IOException {
        try (FileChannel channel = file(100);
                MappedWindows windows = MappedWindows.map(channel, MapMode.READ_ONLY, 1, 99, 3, 10)) {
            assertThat(Mapping.liveCount()).isEqualTo(11);
            assertThat(windows.window(8)).isZero();
            assertThat(windows.window(9)).isEqualTo(1);
            assertThat(windows.start(10)).isEqualTo(90);
            assertThat(windows.buffer(10, ByteOrder.LITTLE_ENDIAN).get(0)).isEqualTo((byte) 91);
            assertThat(windows.buffer(0, ByteOrder.BIG_ENDIAN).getShort(0)).isEqualTo((short) 0x0102);
        }
    }

    @Test
    void givesAnItemThatIsLargerThanAWindowItsOwn() throws IOException {
        try (FileChannel channel = file(100);
                MappedWindows windows = MappedWindows.map(channel, MapMode.READ_ONLY, 0, 100, 50, 10)) {
            assertThat(Mapping.liveCount()).isEqualTo(2);
            assertThat(windows.window(49)).isZero();
            assertThat(windows.window(50)).isEqualTo(1);
        }
    }

    @Test
    void mapsNothingOfAnEmptyRange() throws IOException {
        try (FileChannel channel = file(10);
                MappedWindows windows = MappedWindows.map(channel, MapMode.READ_ONLY, 10, 0, 4)) {
            assertThat(Mapping.liveCount()).isZero();
            windows.force(0, 0);
        }
    }

    @Test
    void refusesMoreWindowsThanAProcessHasRoomFor() throws IOException {
        try (FileChannel channel = file(1)) {
            for (long nbytes : new long[] {(1L << 45) + 1, 1L << 62, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> MappedWindows.map(channel, MapMode.READ_ONLY, 0, nbytes, 1))
                        .isInstanceOf(IOException.class)
                        .hasMessage("Cannot map " + nbytes + " bytes: too many for one process, expected at most "
                                + (1L << 45) + "; choose a smaller shape");
            }
        }
    }

    @Test
    void unmapsTheFirstWindowsWhenALaterOneFails() throws IOException {
        try (FileChannel channel = file(15)) {
            assertThatThrownBy(() -> MappedWindows.map(channel, MapMode.READ_WRITE, 0, 20, 1, 10))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot map bytes 10 to 20: the file has 15 bytes");
            assertThat(channel.size()).isEqualTo(15);
        }
    }

    @Test
    void forcesARangeAcrossWindows() throws IOException {
        try (FileChannel channel = file(100);
                MappedWindows windows = MappedWindows.map(channel, MapMode.READ_WRITE, 0, 100, 1, 10)) {
            windows.buffer(2, ByteOrder.LITTLE_ENDIAN).put(5, (byte) -1);
            windows.force(5, 95);
        }
        assertThat(Files.readAllBytes(directory.resolve("a.bin"))[25]).isEqualTo((byte) -1);
    }
}
