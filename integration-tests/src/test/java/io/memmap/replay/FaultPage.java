package io.memmap.replay;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The memory that a JVM shares with the library preloaded into it: which operation is to fail, and how it went. */
final class FaultPage {
    static final int EIO = 5;
    static final int ENOSPC = 28;

    private static final int AT = 0;
    private static final int ERROR = 4;
    private static final int MODE = 8;
    private static final int COUNT = 12;
    private static final int STATE = 16;
    private static final int HIT = 20;
    private static final int INODES = 24;
    private static final int KINDS = 28;
    private static final int WHAT = 40;
    private static final int OPERATION_KINDS = 3;
    private static final int WHAT_NBYTES = 256;
    private static final int TABLE = WHAT + WHAT_NBYTES;
    private static final int MOST_INODES = 256;
    private static final int NBYTES = TABLE + MOST_INODES * 2 * Long.BYTES;
    private static final int REACHED = 1;
    private static final int GO = 2;

    /** The library's modes, in its order. */
    enum Mode {
        /** One operation fails and is not done. */
        ONCE,
        /** One operation is done, and is said to have failed. */
        LATE,
        /** One operation and all later ones that need room fail; a first write is half done. */
        FULL,
        /** One operation and all later ones that change anything fail. */
        DEAD,
        /** One operation waits until it may go on. */
        PAUSE;

        /** The least kind of operation that it is about: one that looks, changes something, or needs room. */
        private int leastKind() {
            return this == FULL ? 2 : this == DEAD ? 1 : 0;
        }
    }

    private final MappedByteBuffer page;

    private FaultPage(MappedByteBuffer page) {
        this.page = page;
    }

    static void create(Path file) throws IOException {
        Files.write(file, new byte[NBYTES]);
    }

    static FaultPage open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer page = channel.map(MapMode.READ_WRITE, 0, NBYTES);
            page.order(ByteOrder.nativeOrder());
            return new FaultPage(page);
        }
    }

    /** From now on operations are counted, and number {@code at}, from 1, is meddled with. */
    void arm(int at, Mode mode, int error) {
        page.putInt(AT, 0);
        page.putInt(ERROR, error);
        page.putInt(MODE, mode.ordinal());
        page.putInt(COUNT, 0);
        page.putInt(STATE, 0);
        page.putInt(HIT, 0);
        for (int kind = 0; kind < OPERATION_KINDS; kind++) {
            page.putInt(KINDS + kind * Integer.BYTES, 0);
        }
        page.putInt(AT, at);
    }

    void disarm() {
        page.putInt(AT, 0);
        page.putInt(STATE, GO);
    }

    /** How many operations there were since {@link #arm} that a mode is about. */
    int count(Mode mode) {
        int count = 0;
        for (int kind = mode.leastKind(); kind < OPERATION_KINDS; kind++) {
            count += page.getInt(KINDS + kind * Integer.BYTES);
        }
        return count;
    }

    boolean isHit() {
        return page.getInt(HIT) != 0;
    }

    boolean isPaused() {
        return page.getInt(STATE) == REACHED;
    }

    void goOn() {
        page.putInt(STATE, GO);
    }

    /** The operation that was meddled with. */
    String what() {
        byte[] text = new byte[WHAT_NBYTES];
        page.get(WHAT, text);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    /** Has files show other inode numbers than their own to this process. */
    void show(Map<Long, Long> inodes) {
        if (inodes.size() > MOST_INODES) {
            throw new IllegalArgumentException(inodes.size() + " inodes, expected at most " + MOST_INODES);
        }
        page.putInt(INODES, 0);
        int at = TABLE;
        for (Map.Entry<Long, Long> inode : inodes.entrySet()) {
            page.putLong(at, inode.getKey());
            page.putLong(at + Long.BYTES, inode.getValue());
            at += 2 * Long.BYTES;
        }
        page.putInt(INODES, inodes.size());
    }
}
