package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.memory.Faults;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * An open array file, either mapped or read. Belongs to one task thread, which closes it.
 *
 * <p>Everything that touches the bytes runs inside {@link #read}, which lets nothing pass that was decoded from a file
 * that faulted or changed meanwhile.
 */
public abstract class ArrayInput implements AutoCloseable {
    /** Work on the bytes of {@link ArrayInput#bytes}. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    private final ArrayFile file;
    private final boolean concurrentWrites;
    private final Closeable opened;
    private boolean checkOutstanding;

    /**
     * @param opened what this closes in the end
     */
    ArrayInput(ArrayFile file, boolean concurrentWrites, Closeable opened) {
        this.file = file;
        this.concurrentWrites = concurrentWrites;
        this.opened = opened;
    }

    /**
     * Bytes of the file from {@code offset} on, at index 0 of the returned buffer. Valid until the next call and inside
     * the current {@link #read} only.
     */
    public abstract ByteBuffer bytes(long offset, int nbytes) throws IOException;

    /** The file as it is now. */
    abstract Fingerprint fingerprint() throws IOException;

    /** Returns true if the file is checked after the work that just ended; storages with costly stats may wait. */
    boolean dueForCheck() {
        return true;
    }

    /** Bytes that were mapped or read so far. */
    public abstract long inputNbytes();

    /** Makes a pending fault of mapped bytes arrive. */
    void deliverFaults() {
        Faults.deliver();
    }

    /** Frees what was made of the open file, before that is closed. */
    void release() {}

    /**
     * Runs {@code work} on the file's bytes. When this returns, the bytes were those of the planned file; where looking
     * at it is costly, that is certain after {@link #finish} only.
     *
     * @throws IOException naming the file, when it was truncated, replaced or modified since it was planned, or when the
     *     work itself failed on an unchanged file
     */
    public final void read(Work work) throws IOException {
        Exception failure = null;
        try {
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                // A fault may be what made the work fail. It is still to come, and has to come in here.
                failure = e;
            }
            deliverFaults();
        } catch (InternalError e) {
            throw translated(e, failure);
        }
        checkOutstanding = failure == null && !dueForCheck();
        if (!checkOutstanding) {
            checkUnchanged(failure);
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /**
     * Looks at the file once more where the last {@link #read} did not, and for a change that has begun. Call when all is
     * read, before the task reports that it succeeded.
     */
    public final void finish() throws IOException {
        if (file.isSequential()) {
            read(this::readRest);
        }
        if (checkOutstanding) {
            checkUnchanged(null);
            checkOutstanding = false;
        }
        checkUnpatched();
    }

    /** Reads what is left of an array that was read to its last row, where its end tells whether the bytes were right. */
    void readRest() throws IOException {}

    /** Throws when a writer has begun to change rows in place. Called when the file is opened, and in the end. */
    final void checkUnpatched() throws IOException {
        if (!concurrentWrites) {
            checkNoPatches();
        }
    }

    /** The same, where files can be changed in place. */
    void checkNoPatches() throws IOException {}

    private IOException translated(InternalError error, Exception failure) throws IOException {
        if (!Faults.isFault(error)) {
            throw error;
        }
        IOException fault = new IOException("Cannot read " + file.path()
                + ": its pages went away while they were read, "
                + "expected " + file.fingerprint().nbytes() + " bytes as planned but the file now has " + lengthNow()
                + "; it was truncated by another process, or its disk failed");
        fault.addSuppressed(error);
        if (failure != null) {
            fault.addSuppressed(failure);
        }
        return fault;
    }

    private String lengthNow() {
        try {
            return fingerprint().nbytes() + " bytes";
        } catch (IOException e) {
            return "no length (" + e.getMessage() + ")";
        }
    }

    /** Throws when the file is no longer the planned one; {@code failure}, if any, goes along as suppressed. */
    final void checkUnchanged(Exception failure) throws IOException {
        Fingerprint now;
        try {
            now = fingerprint();
        } catch (IOException e) {
            if (failure != null) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        checkPlanned(now, failure);
    }

    /** The same for a file that was looked at before. */
    final void checkPlanned(Fingerprint now, Exception failure) throws IOException {
        String change = file.changeTo(now);
        boolean tooShort = now.nbytes() < file.end();
        if (change == null || (concurrentWrites && !tooShort)) {
            return;
        }
        IOException changed = new IOException("Cannot read " + file.path() + ": " + change
                + " since the query was planned, expected the planned file; run the query again"
                + (tooShort ? "" : ", or set concurrentWrites=allow to read whatever is there"));
        if (failure != null) {
            changed.addSuppressed(failure);
        }
        throw changed;
    }

    /** Throws when the bytes before the data are not the planned ones. Called once, when the file is opened. */
    final void checkHeader(byte[] now) throws IOException {
        if (!concurrentWrites && !ByteString.of(now).equals(file.header())) {
            throw new IOException("Cannot read " + file.path()
                    + ": its header changed since the query was planned, expected the planned one; run the query"
                    + " again, or set concurrentWrites=allow to read whatever is there");
        }
    }

    final ArrayFile file() {
        return file;
    }

    /** Frees the file at once; does nothing the second time. A pending fault ends here, not in the caller. */
    @Override
    public final void close() {
        try {
            deliverFaults();
        } catch (InternalError e) {
            if (!Faults.isFault(e)) {
                throw e;
            }
        } finally {
            try {
                release();
            } finally {
                closeOpened();
            }
        }
    }

    private void closeOpened() {
        try {
            opened.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file.path(), e);
        }
    }
}
