package io.memmap.spark;

import io.memmap.storage.Recovery;
import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Ends changes of arrays whose writer died while it made them. Until then a read of such an array fails, as its rows may be
 * old, new or both, and the next write of the same user ends the change by itself.
 *
 * <p>Both methods take a file, or a directory for all of its files, and leave everything else alone. They refuse when the
 * writer's lock is still held, and when somebody has changed the file since. Driver side; they need an active Spark session.
 */
public final class MemmapRecovery {
    private MemmapRecovery() {}

    /**
     * Makes the change of a dead writer to its end.
     *
     * @return false when no change is pending
     * @throws UncheckedIOException naming the file, when the change cannot be finished; the file is then as it was
     */
    public static boolean finish(String path) {
        return end(Ending.FINISH, path);
    }

    /**
     * Undoes the change of a dead writer: the file is as it was before.
     *
     * @return false when no change is pending
     * @throws UncheckedIOException naming the file, when the change cannot be undone; the file is then as it was
     */
    public static boolean discard(String path) {
        return end(Ending.DISCARD, path);
    }

    static boolean end(Ending ending, String path) {
        SessionSettings session = SessionSettings.active();
        try {
            return Recovery.end(
                    ending,
                    path,
                    session.hadoop(Map.of()),
                    session.session().sparkContext().applicationId() + " recovery");
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
