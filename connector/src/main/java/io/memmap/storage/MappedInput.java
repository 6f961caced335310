package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.memory.Faults;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Bytes of a local file through windows of less than 1 GiB, one per planned range at a time, at most
 * {@link #MAX_WINDOWS} in all.
 */
final class MappedInput extends ArrayInput {
    static final int MAX_WINDOWS = 64;
    /** Well under the 2 GiB of a buffer, so that a window can start at any row. */
    static final long WINDOW_NBYTES = 1L << 30;

    private final LocalFile local;
    private final NavigableMap<Long, ByteRange> ranges = new TreeMap<>();
    /** By the start of its range, the least recently used first. */
    private final Map<Long, Mapping> windows = new LinkedHashMap<>(16, 0.75f, true);

    private long mappedNbytes;

    MappedInput(ArrayFile file, LocalFile local, List<ByteRange> ranges, boolean concurrentWrites) {
        super(file, concurrentWrites, local);
        this.local = local;
        for (ByteRange range : merge(ranges)) {
            this.ranges.put(range.start(), range);
        }
    }

    /** Joins ranges that touch; where too many are left, also those that one window can hold with the gaps between them. */
    static List<ByteRange> merge(List<ByteRange> ranges) {
        List<ByteRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(ByteRange::start));
        List<ByteRange> touching = merge(sorted, 0);
        return touching.size() <= MAX_WINDOWS ? touching : merge(touching, WINDOW_NBYTES);
    }

    private static List<ByteRange> merge(List<ByteRange> sorted, long span) {
        List<ByteRange> merged = new ArrayList<>();
        for (ByteRange range : sorted) {
            ByteRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && (range.start() <= last.end() || range.end() - last.start() <= span)) {
                merged.set(merged.size() - 1, new ByteRange(last.start(), Math.max(last.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    @Override
    public ByteBuffer bytes(long offset, int nbytes) throws IOException {
        ByteRange range = ranges.floorEntry(offset).getValue();
        Mapping window = windows.get(range.start());
        if (window == null || offset < window.offset() || offset + nbytes > window.end()) {
            window = map(range, offset, nbytes);
        }
        return window.buffer().slice(Math.toIntExact(offset - window.offset()), nbytes);
    }

    /** Returns true if a window has these bytes now. */
    boolean holds(long offset, int nbytes) {
        // Not get, which makes a window the most recently used.
        return windows.values().stream()
                .anyMatch(window -> offset >= window.offset() && offset + nbytes <= window.end());
    }

    private Mapping map(ByteRange range, long offset, int nbytes) throws IOException {
        // Inside the JDK's map or unmap a pending fault would leak a mapping.
        Faults.deliver();
        Mapping before = windows.remove(range.start());
        if (before != null) {
            before.close();
        } else if (windows.size() >= MAX_WINDOWS) {
            Long eldest = windows.keySet().iterator().next();
            windows.remove(eldest).close();
        }
        long end = Math.min(range.end(), offset + Math.max(nbytes, WINDOW_NBYTES));
        try {
            Mapping window = Mapping.map(local.channel(), MapMode.READ_ONLY, offset, end - offset);
            windows.put(range.start(), window);
            mappedNbytes += end - offset;
            return window;
        } catch (IOException e) {
            throw new IOException("Cannot read " + file().path() + ": " + e.getMessage(), e);
        }
    }

    @Override
    Fingerprint fingerprint() throws IOException {
        return local.fingerprint();
    }

    @Override
    void checkNoPatches() throws IOException {
        Recovery.checkUnpatched(local.real());
    }

    @Override
    public long inputNbytes() {
        return mappedNbytes;
    }

    @Override
    void release() {
        windows.values().forEach(Mapping::close);
        windows.clear();
    }
}
