package io.memmap.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Local files made into one inside the kernel: no byte passes through the heap, and sources are copied side by side. */
final class LocalConcat {
    /** Disks and page caches gain nothing from more. */
    private static final int THREADS = 4;

    /** A file to copy and the length that it must have. */
    record Source(Path path, long nbytes) {}

    private LocalConcat() {}

    static void concat(Path target, byte[] head, List<Source> sources) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            List<Copy> copies = copies(head.length, sources);
            run(copies, target);
            // The header comes last: a file that was left behind half copied is no array.
            ByteBuffer bytes = ByteBuffer.wrap(head);
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            long expected = copies.isEmpty()
                    ? head.length
                    : copies.get(copies.size() - 1).end();
            if (channel.size() != expected) {
                throw new IOException("Cannot assemble file:" + target + ": it has " + channel.size()
                        + " bytes, expected " + expected);
            }
            channel.force(true);
        }
    }

    /** One source and its place in the target. */
    record Copy(Source source, long at) {
        long end() {
            return at + source.nbytes;
        }

        /** With a channel of its own: the kernel copies to where the channel stands. */
        void run(Path target) throws IOException {
            try (FileChannel from = FileChannel.open(source.path, StandardOpenOption.READ);
                    FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
                if (from.size() != source.nbytes) {
                    throw new IOException("Cannot read file:" + source.path + ": it has " + from.size()
                            + " bytes, expected the " + source.nbytes + " that its task wrote");
                }
                to.position(at);
                long copied = 0;
                while (copied < source.nbytes) {
                    long count = from.transferTo(copied, source.nbytes - copied, to);
                    if (count <= 0) {
                        throw new IOException("Cannot read file:" + source.path + ": it ends after " + copied
                                + " bytes, expected " + source.nbytes);
                    }
                    copied += count;
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

    static void run(List<Copy> copies, Path target) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Copy copy : copies) {
                running.add(threads.submit(() -> {
                    copy.run(target);
                    return null;
                }));
            }
            for (Future<?> copy : running) {
                copy.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cannot assemble the array: interrupted");
        } catch (ExecutionException e) {
            throw new IOException(
                    "Cannot assemble file:" + target + ": " + e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
