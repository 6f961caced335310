package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyFlushTest {
    private static final long STEP = 32L << 20;

    @TempDir
    Path directory;

    private FileChannel open() throws IOException {
        return FileChannel.open(directory.resolve("a"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Test
    void aFlushThatFailedBehindTheWriterFailsAllThatComesAfter() throws IOException {
        FileChannel channel = open();
        EarlyFlush flush = new EarlyFlush(directory.resolve("a"), channel);
        flush.written(STEP - 1);
        channel.close();
        flush.written(1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(flush::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot flush file:" + directory.resolve("a")
                            + ": ClosedChannelException; what was written is not known to be on the disk")
                    .hasCauseInstanceOf(ClosedChannelException.class);
        }
        assertThatThrownBy(() -> flush.written(STEP)).hasMessageStartingWith("Cannot flush file:");
    }

    @Test
    @SuppressWarnings("try") // closed before its end: what a late flush then trips over
    void aSmallFileIsFlushedOnceInTheEnd() throws IOException {
        FileChannel channel = open();
        EarlyFlush flush = new EarlyFlush(directory.resolve("a"), channel);
        flush.written(STEP - 1);
        channel.close();
        assertThatThrownBy(flush::finish).hasStackTraceContaining("FileChannelImpl.force");
    }
}
