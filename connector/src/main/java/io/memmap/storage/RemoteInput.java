package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Bytes of a file of a Hadoop file system, where each request costs as much as a MiB or more: of the ranges that will be
 * asked for, as much as fits is fetched ahead, and those that belong together in one request.
 */
final class RemoteInput extends ArrayInput {
    /** The bytes that are fetched ahead for the ranges of one group, in all. */
    static final long AHEAD_NBYTES = 8L << 20;
    /** The greatest ratio of bytes fetched to bytes requested. */
    private static final int AHEAD_TIMES = 16;

    private static final int MAX_GROUPS = 2;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** A look at a file is a remote call: one per this many bytes, besides the one when it is opened. */
    private static final long LOOK_EVERY_NBYTES = 64L << 20;

    /** Asks the storage for the file as it is now. */
    @FunctionalInterface
    interface Look {
        Fingerprint fingerprint() throws IOException;
    }

    /** A range, and what was fetched of it. */
    private static final class Window {
        private final ByteRange range;
        private final List<Window> group;
        private long start;
        private ByteBuffer bytes = NOTHING;

        Window(ByteRange range, List<Window> group) {
            this.range = range;
            this.group = group;
            this.start = range.start();
        }

        boolean holds(long offset, int nbytes) {
            return offset >= start && offset + nbytes <= end();
        }

        long end() {
            return start + bytes.limit();
        }

        void forget() {
            bytes = NOTHING;
        }
    }

    private final FSDataInputStream stream;
    private final Look look;
    private final NavigableMap<Long, Window> windows = new TreeMap<>();
    /** Those that were fetched last, the latest at the end: one for a condition and one for the other columns. */
    private final Deque<List<Window>> recent = new ArrayDeque<>();

    private long readNbytes;
    private long lookedAtNbytes;

    /**
     * @param groups ranges that will be asked for from front to back, in each group side by side; of equal length
     */
    RemoteInput(
            ArrayFile file,
            boolean concurrentWrites,
            FSDataInputStream stream,
            Look look,
            List<List<ByteRange>> groups) {
        super(file, concurrentWrites, stream);
        this.stream = stream;
        this.look = look;
        for (List<ByteRange> ranges : groups) {
            List<Window> group = new ArrayList<>();
            for (ByteRange range : ranges) {
                group.add(windows.computeIfAbsent(range.start(), start -> new Window(range, group)));
            }
        }
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        var entry = windows.floorEntry(offset);
        if (entry == null || entry.getValue().range.end() < offset + nbytes) {
            return read(List.of(new ByteRange(offset, offset + nbytes))).get(0);
        }
        Window window = entry.getValue();
        if (!window.holds(offset, nbytes)) {
            fetch(window.group, offset - window.range.start(), nbytes);
            forgetAllBut(window.group);
        }
        return window.bytes.slice((int) (offset - window.start), nbytes);
    }

    /** Fetches the next bytes of all ranges of a group, but those that are there. */
    private void fetch(List<Window> group, long relative, int nbytes) throws IOException {
        long ahead = Math.max(nbytes, Math.min(AHEAD_NBYTES / group.size(), (long) AHEAD_TIMES * nbytes));
        List<Window> later = new ArrayList<>();
        List<ByteRange> missing = new ArrayList<>();
        for (Window window : group) {
            long start = window.range.start() + relative;
            long end = Math.min(window.range.end(), start + ahead);
            long from = start >= window.start && start < window.end() ? Math.min(window.end(), end) : start;
            if (from < end) {
                later.add(window);
                missing.add(new ByteRange(from, end));
            }
        }
        List<ByteBuffer> fetched = read(missing);
        for (int i = 0; i < fetched.size(); i++) {
            Window window = later.get(i);
            long start = window.range.start() + relative;
            window.bytes = joined(window, start, missing.get(i), fetched.get(i));
            window.start = start;
        }
    }

    /** Rows further on are in other groups: earlier windows are not kept. */
    private void forgetAllBut(List<Window> group) {
        recent.remove(group);
        recent.addLast(group);
        if (recent.size() > MAX_GROUPS) {
            recent.removeFirst().forEach(Window::forget);
        }
    }

    /** The rest of the window from {@code start} on, followed by the fetched bytes. */
    private static ByteBuffer joined(Window window, long start, ByteRange range, ByteBuffer fetched) {
        int left = (int) (range.start() - start);
        if (left == 0) {
            return fetched;
        }
        return ByteBuffer.allocate(left + fetched.limit())
                .put(window.bytes.slice((int) (start - window.start), left))
                .put(fetched)
                .flip();
    }

    private List<ByteBuffer> read(List<ByteRange> ranges) throws IOException {
        List<ByteBuffer> read = new ArrayList<>();
        if (ranges.size() > 1 && VectoredRead.INSTANCE != null) {
            read = VectoredRead.INSTANCE.read(stream, ranges);
        } else {
            for (ByteRange range : ranges) {
                byte[] bytes = new byte[Math.toIntExact(range.end() - range.start())];
                stream.readFully(range.start(), bytes);
                read.add(ByteBuffer.wrap(bytes));
            }
        }
        read.forEach(bytes -> readNbytes += bytes.limit());
        return read;
    }

    @Override
    boolean dueForCheck() {
        boolean due = readNbytes - lookedAtNbytes >= LOOK_EVERY_NBYTES;
        if (due) {
            lookedAtNbytes = readNbytes;
        }
        return due;
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return look.fingerprint();
    }

    @Override
    public long inputNbytes() {
        return readNbytes;
    }
}
