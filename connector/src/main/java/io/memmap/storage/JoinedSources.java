package io.memmap.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Local files read as if they were one, end to end. One is open at a time. Not thread-safe. */
final class JoinedSources implements Closeable {
    private final List<LocalConcat.Source> sources;
    private final long[] starts;
    private int opened = -1;
    private FileChannel channel;

    JoinedSources(List<LocalConcat.Source> sources) {
        this.sources = sources;
        this.starts = new long[sources.size() + 1];
        for (int i = 0; i < sources.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], sources.get(i).nbytes());
        }
    }

    /** Bytes of all sources. */
    long nbytes() {
        return starts[sources.size()];
    }

    /**
     * Reads from {@code position} on until {@code target} is full.
     *
     * @throws IOException when a source is shorter than was said
     */
    void fill(ByteBuffer target, long position) throws IOException {
        long at = position;
        int limit = target.limit();
        while (target.position() < limit) {
            open(at);
            int start = target.position();
            target.limit((int) Math.min(limit, start + starts[opened + 1] - at));
            PositionedInput.fill(channel, target, at - starts[opened]);
            if (target.hasRemaining()) {
                LocalConcat.Source source = sources.get(opened);
                throw new IOException("Cannot read file:" + source.path() + ": it ends after " + channel.size()
                        + " bytes, expected the " + source.nbytes() + " that its task wrote");
            }
            at += target.position() - start;
            target.limit(limit);
        }
    }

    /** Opens the source that holds a byte. */
    private void open(long position) throws IOException {
        if (opened >= 0 && starts[opened] <= position && position < starts[opened + 1]) {
            return;
        }
        int source = opened >= 0 && position >= starts[opened + 1] ? opened + 1 : 0;
        while (position >= starts[source + 1]) {
            source++;
        }
        close();
        channel = FileChannel.open(sources.get(source).path(), StandardOpenOption.READ);
        opened = source;
    }

    @Override
    public void close() throws IOException {
        opened = -1;
        if (channel != null) {
            channel.close();
        }
    }
}
