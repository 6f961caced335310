package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The runs of changed bytes in a patch file, from front to back, as {@link PatchOutput} wrote them, in blocks that end at
 * multiples of 256 KiB of the target. Belongs to one thread; its owner closes the channel.
 */
final class PatchRuns {
    private final String name;
    private final ForwardInput input;
    private final long targetNbytes;
    private long at;
    private long runNbytes;

    /**
     * @param name of the patch file, for messages
     * @param targetNbytes how long the file is that the runs are of
     */
    PatchRuns(String name, FileChannel patch, long targetNbytes) throws IOException {
        this.name = name;
        this.input = new ForwardInput(name, patch);
        this.targetNbytes = targetNbytes;
    }

    /** Takes blocks of changed bytes. */
    @FunctionalInterface
    interface Work {
        /** {@code bytes} go to byte {@code at} of the target; they are valid until this returns. */
        void run(long at, ByteBuffer bytes) throws IOException;
    }

    /**
     * Hands out all blocks.
     *
     * @throws IOException when a run lies outside the target, or the file ends inside one
     */
    void forEach(Work work) throws IOException {
        while (nextRun()) {
            while (runNbytes > 0) {
                int block = BlockWrites.BLOCK_NBYTES - (int) (at % BlockWrites.BLOCK_NBYTES);
                ByteBuffer bytes = input.next((int) Math.min(block, runNbytes));
                int nbytes = bytes.remaining();
                work.run(at, bytes);
                at += nbytes;
                runNbytes -= nbytes;
            }
        }
    }

    private boolean nextRun() throws IOException {
        if (input.isAtEnd()) {
            return false;
        }
        ByteBuffer prefix = input.next(PatchOutput.PREFIX_NBYTES).order(ByteOrder.LITTLE_ENDIAN);
        at = prefix.getLong();
        runNbytes = prefix.getInt();
        if (at < 0 || runNbytes <= 0 || at > targetNbytes - runNbytes) {
            throw new IOException(name + " changes " + runNbytes + " bytes from byte " + at
                    + " on, expected bytes of a file of " + targetNbytes);
        }
        return true;
    }
}
