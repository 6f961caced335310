package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

    @Test
    void manyFilesShareFewThreads() throws IOException, InterruptedException {
        CountDownLatch disk = new CountDownLatch(1);
        List<SlowChannel> channels = new ArrayList<>();
        List<EarlyFlush> flushes = new ArrayList<>();
        for (int i = 0; i < 3 * EarlyFlush.MAX_THREADS; i++) {
            SlowChannel channel = new SlowChannel(disk);
            EarlyFlush flush = new EarlyFlush(directory.resolve("a" + i), channel);
            channels.add(channel);
            flushes.add(flush);
            flush.written(STEP);
        }
        try {
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("memmap-flush")))
                    .hasSizeLessThanOrEqualTo(EarlyFlush.MAX_THREADS);
        } finally {
            disk.countDown();
        }
        for (EarlyFlush flush : flushes) {
            flush.await();
        }
        // A file that found all threads busy is flushed early as soon as one is free.
        SlowChannel late = channels.get(channels.size() - 1);
        EarlyFlush flush = flushes.get(flushes.size() - 1);
        assertThat(late.flushes).hasValue(0);
        flush.written(1);
        flush.await();
        assertThat(late.flushes).hasValue(1);
        flush.finish();
        assertThat(late.flushes).hasValue(2);
    }
}
