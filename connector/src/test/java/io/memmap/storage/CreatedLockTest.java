package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that tell only when a file is closed that another one is there, and do not say so of themselves. */
class CreatedLockTest {
    private static final String WINNER =
            "{\"owner\": \"another query\", \"host\": \"ada\", \"pid\": 7, \"since\": \"2026-01-01T00:00:00Z\"}";

    @TempDir
    Path directory;

    /** Another writer is first, or the connection ends, just when a lock is closed. */
    public static final class LateFileSystem extends RawLocalFileSystem {
        private static String winner;
        private static int written;

        @Override
        public URI getUri() {
            return URI.create("late:///");
        }

        @Override
        public FSDataOutputStream createNonRecursive(
                org.apache.hadoop.fs.Path file,
                FsPermission permission,
                EnumSet<CreateFlag> flags,
                int bufferNbytes,
                short replication,
                long blockNbytes,
                Progressable progress) {
            return new FSDataOutputStream(
                    new ByteArrayOutputStream() {
                        private boolean closed;

                        @Override
                        public void close() throws IOException {
                            if (!closed) {
                                closed = true;
                                String text = winner == null ? toString().substring(0, written) : winner;
                                Files.writeString(Path.of(file.toUri().getPath()), text);
                                throw new IOException("planted: 412 Precondition Failed");
                            }
                        }
                    },
                    null);
        }
    }

    private void take(String winner, int written) throws IOException {
        LateFileSystem.winner = winner;
        LateFileSystem.written = written;
        Configuration settings = new Configuration(false);
        settings.set("fs.late.impl", LateFileSystem.class.getName());
        TargetLock.take(new HadoopStorage(settings), "late:" + directory.resolve("x.npy"), "a test", false);
    }

    @Test
    void theLoserNamesTheWinnerAndLeavesItTheLock() {
        assertThatThrownBy(() -> take(WINNER, 0))
                .hasMessageMatching(
                        "Cannot write late:.*/x.npy: another writer holds late:.*/.x.npy.lock \\{owner=another"
                                + " query, host=ada, .*\\}, expected none; wait for it, or set breakLock=true if it is gone");
        assertThat(directory.resolve(".x.npy.lock")).hasContent(WINNER);
    }

    @Test
    void aLockOfItsOwnThatWasNotWrittenIsDeleted() {
        for (int written : new int[] {0, 20}) {
            assertThatThrownBy(() -> take(null, written))
                    .hasMessageMatching("Cannot write late:.*/x.npy: its lock late:.*/.x.npy.lock cannot be taken"
                            + " \\(planted: 412 Precondition Failed\\), expected to be the only writer");
            assertThat(directory.resolve(".x.npy.lock")).doesNotExist();
        }
    }
}
