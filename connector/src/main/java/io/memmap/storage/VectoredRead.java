package io.memmap.storage;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.util.functional.FutureIO;

/** Several ranges of a file in one request, by Hadoop's {@code readVectored}, which Hadoop has since 3.3.5. */
final class VectoredRead {
    private static final IntFunction<ByteBuffer> ALLOCATE = ByteBuffer::allocate;

    private final MethodHandle createRange;
    private final MethodHandle read;
    private final MethodHandle data;

    /** Null where Hadoop has none. */
    static final VectoredRead INSTANCE = find();

    private VectoredRead(Class<?> range) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        createRange = lookup.findStatic(range, "createFileRange", MethodType.methodType(range, long.class, int.class));
        data = lookup.findVirtual(range, "getData", MethodType.methodType(CompletableFuture.class));
        read = lookup.findVirtual(
                FSDataInputStream.class,
                "readVectored",
                MethodType.methodType(void.class, List.class, IntFunction.class));
    }

    private static VectoredRead find() {
        try {
            return new VectoredRead(Class.forName("org.apache.hadoop.fs.FileRange"));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /**
     * Reads ranges that do not overlap.
     *
     * @throws java.io.EOFException when the file ends before one of them does
     */
    List<ByteBuffer> read(FSDataInputStream stream, List<ByteRange> ranges) throws IOException {
        try {
            List<Object> wanted = new ArrayList<>();
            for (ByteRange range : ranges) {
                wanted.add(createRange.invoke(range.start(), Math.toIntExact(range.end() - range.start())));
            }
            read.invoke(stream, wanted, ALLOCATE);
            List<ByteBuffer> buffers = new ArrayList<>();
            for (Object range : wanted) {
                CompletableFuture<?> bytes = (CompletableFuture<?>) data.invoke(range);
                buffers.add(((ByteBuffer) FutureIO.awaitFuture(bytes)).slice());
            }
            return buffers;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("Cannot read " + ranges.size() + " ranges: " + e.getMessage(), e);
        }
    }
}
