package io.memmap.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockWritesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 262144", "128, 262144", "128, 262016", "128, 262017", "262143, 1", "5, 600000"})
    void writesAllBytesWhereTheyBelong(int position, int nbytes) throws IOException {
        byte[] bytes = new byte[nbytes];
        new Random(nbytes).nextBytes(bytes);
        Path file = directory.resolve("a");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.position(7);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            BlockWrites.write(channel, buffer, position);
            assertThat(buffer.position()).isEqualTo(nbytes);
            assertThat(buffer.limit()).isEqualTo(nbytes);
            assertThat(channel.position()).isEqualTo(7);
        }
        byte[] found = Files.readAllBytes(file);
        assertThat(found).hasSize(nbytes == 0 ? 0 : position + nbytes);
        assertThat(Arrays.copyOfRange(found, Math.min(position, found.length), found.length))
                .isEqualTo(bytes);
    }
}
