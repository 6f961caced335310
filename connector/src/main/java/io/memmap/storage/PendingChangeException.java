package io.memmap.storage;

import java.io.IOException;

/** An array whose rows cannot be told, as a change of it was begun and is not finished. The message says what to do. */
public final class PendingChangeException extends IOException {
    private static final long serialVersionUID = 1L;

    PendingChangeException(String message, Throwable cause) {
        super(message, cause);
    }

    static PendingChangeException of(String path, ChangeRecord record) {
        return new PendingChangeException(
                "Cannot read " + path + ": a change of it is not finished, by " + record.writer()
                        + "; its rows may be old, new or both, expected a whole array. Wait for the writer; if it is"
                        + " gone, make the change with"
                        + " MemmapRecovery.finish(\"" + path + "\") or undo it with MemmapRecovery.discard, in SQL with"
                        + " ALTER TABLE memmap.`" + path + "` SET TBLPROPERTIES ('recover'='finish') or 'discard'",
                null);
    }
}
