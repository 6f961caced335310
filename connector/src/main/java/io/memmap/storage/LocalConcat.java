package io.memmap.storage;

import io.memmap.memory.BlockWrites;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Local files made into one, sources copied side by side, past the heap. The first source becomes the target itself where
 * its writer has left room for the head. The others shrink while they are copied, from the back to the front, so that all
 * of it needs little more room, on the disk and in memory, than the target.
 */
final class LocalConcat {
    /** The bytes that are copied before the source is cut. */
    private static final long CUT_NBYTES = 4L << 20;

    /** A file to copy, the length that it must have, and how much of that is room for a head. */
    record Source(Path path, long nbytes, int reservedNbytes) {}

    private LocalConcat() {}

    static List<Source> sources(List<Part> parts) {
        return parts.stream()
                .map(part -> new Source(LocalStorage.local(part.path()), part.nbytes(), part.reservedNbytes()))
                .toList();
    }

    static void concat(Path target, byte[] head, List<Source> sources) throws IOException {
        List<Source> copied = sources;
        long start = head.length;
        if (!sources.isEmpty() && sources.get(0).reservedNbytes == head.length) {
            Source first = sources.get(0);
            Files.move(first.path, target, StandardCopyOption.ATOMIC_MOVE);
            checkNbytes(target, Files.size(target), first);
            copied = sources.subList(1, sources.size());
            start = first.nbytes;
        } else {
            Files.createFile(target);
        }
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            List<Copy> copies = copies(start, copied);
            EarlyFlush flush = new EarlyFlush(target, channel);
            try {
                SideBySide.toTheEnd("assemble the array", copies, copy -> copy.run(channel, flush));
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw new IOException("Cannot assemble file:" + target + ": " + e.getMessage(), e);
            }
            // The header comes last: a half copied file is no array.
            BlockWrites.write(channel, ByteBuffer.wrap(head), 0);
            long expected =
                    copies.isEmpty() ? start : copies.get(copies.size() - 1).end();
            if (channel.size() != expected) {
                throw new IOException("Cannot assemble file:" + target + ": it has " + channel.size()
                        + " bytes, expected " + expected);
            }
            flush.finish();
        }
    }

    private static void checkNbytes(Path path, long nbytes, Source source) throws IOException {
        if (nbytes != source.nbytes) {
            throw new IOException("Cannot read file:" + path + ": it has " + nbytes + " bytes, expected the "
                    + source.nbytes + " that its task wrote");
        }
    }

    /** One source and its place in the target. The source is truncated as it is copied. */
    private record Copy(Source source, long at) {
        long end() {
            return at + source.nbytes - source.reservedNbytes;
        }

        void run(FileChannel target, EarlyFlush flush) throws IOException {
            long moved = at - source.reservedNbytes;
            try (FileChannel from = FileChannel.open(source.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                checkNbytes(source.path, from.size(), source);
                ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(source.nbytes, BlockWrites.BLOCK_NBYTES));
                for (long end = end(); end > at; ) {
                    // From the start of one of the target's blocks.
                    long start = Math.max(at, (end - 1) / BlockWrites.BLOCK_NBYTES * BlockWrites.BLOCK_NBYTES);
                    block.clear().limit((int) (end - start));
                    PositionedInput.fill(from, block, start - moved);
                    if (block.hasRemaining()) {
                        throw new IOException("Cannot read file:" + source.path + ": it ends after "
                                + (start - moved + block.position()) + " bytes, expected " + source.nbytes);
                    }
                    BlockWrites.write(target, block.flip(), start);
                    flush.written(block.limit());
                    if (start % CUT_NBYTES == 0) {
                        from.truncate(start - moved);
                    }
                    end = start;
                }
            }
        }
    }

    private static List<Copy> copies(long start, List<Source> sources) {
        List<Copy> copies = new ArrayList<>();
        long at = start;
        for (Source source : sources) {
            Copy copy = new Copy(source, at);
            copies.add(copy);
            at = copy.end();
        }
        return copies;
    }
}
