package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it interrupts the one lease that it finds")
class LeaseTest {
    @TempDir
    private Path directory;

    private static Thread thread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("memmap-lease"))
                .findAny()
                .orElseThrow();
    }

    @Test
    void aLeaseEndsWithItsFile() throws Exception {
        byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("lock");
        FileChannel channel = LockFile.create(file, text);
        Lease lease = Lease.begin(file, channel, text);
        Thread thread = thread();
        channel.close();
        thread.interrupt();
        thread.join(Lease.LENGTH.toMillis());
        assertThat(thread.isAlive()).isFalse();
        lease.end();
    }

    /** An interrupt in the middle of a beat closes the file. */
    @Test
    void aLockWhoseFileWasClosedIsHeldNoMore() throws Exception {
        String target = directory.resolve("x.npy").toString();
        TargetLock own = TargetLock.take(new LocalStorage(), target, "a test", false);
        Thread thread = thread();
        while (thread.isAlive()) {
            thread.interrupt();
        }
        assertThatThrownBy(() -> own.checkHeld(target))
                .hasMessage("Cannot write " + target + ": the file of its lock " + directory.resolve(".x.npy.lock")
                        + " was closed, and with it the system's lock, expected it open; write again");
        own.release();
    }
}
