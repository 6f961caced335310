package io.memmap.storage;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.MultipartUploader;
import org.apache.hadoop.fs.PartHandle;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UploadHandle;
import org.apache.hadoop.util.functional.FutureIO;

/** The requests that make up an {@link Upload}, by Hadoop's {@code MultipartUploader}. Not thread-safe. */
final class PartUploader implements AutoCloseable {
    /** Its signature is another from Hadoop 3.4.2 on: it also asks whether the part is the last. */
    private static final MethodHandle PUT_PART = putPart();

    private static final HexFormat HEX = HexFormat.of();

    private final MultipartUploader uploader;
    private final Path target;

    PartUploader(FileSystem fileSystem, Path target) throws IOException {
        this.uploader = fileSystem.createMultipartUploader(target.getParent()).build();
        this.target = target;
    }

    private static MethodHandle putPart() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodType before = MethodType.methodType(
                CompletableFuture.class, UploadHandle.class, int.class, Path.class, InputStream.class, long.class);
        try {
            try {
                return lookup.findVirtual(MultipartUploader.class, "putPart", before);
            } catch (NoSuchMethodException e) {
                MethodType now = before.insertParameterTypes(2, boolean.class);
                MethodHandle put = lookup.findVirtual(MultipartUploader.class, "putPart", now);
                return MethodHandles.insertArguments(put, 3, false);
            }
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    String start() throws IOException {
        UploadHandle handle = uninterruptibly("begin", () -> uploader.startUpload(target));
        return HEX.formatHex(handle.toByteArray());
    }

    /** Begins to put a part; the bytes are closed when it is there. */
    @SuppressWarnings("unchecked") // what both signatures return
    CompletableFuture<UploadedPart> put(String upload, int number, InputStream bytes, long nbytes) throws IOException {
        if (nbytes > Integer.MAX_VALUE) {
            throw new IOException(
                    "Cannot put part " + number + " of " + target + ": it has " + nbytes + " bytes, expected at most "
                            + Integer.MAX_VALUE + "; write fewer partitions, or set taskUploads=false");
        }
        UploadHandle handle = () -> bytes(upload);
        try {
            CompletableFuture<?> put =
                    (CompletableFuture<?>) PUT_PART.invoke(uploader, handle, number, target, bytes, nbytes);
            return ((CompletableFuture<PartHandle>) put)
                    .thenApply(part -> new UploadedPart(number, nbytes, HEX.formatHex(part.toByteArray())));
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("Cannot put part " + number + " of " + target + ": " + e.getMessage(), e);
        }
    }

    /** Makes the file of these parts, in the order of their numbers. */
    void complete(String upload, List<UploadedPart> parts) throws IOException {
        Map<Integer, PartHandle> handles = new LinkedHashMap<>();
        for (UploadedPart part : parts) {
            handles.put(part.number(), () -> bytes(part.handle()));
        }
        uninterruptibly("complete", () -> uploader.complete(() -> bytes(upload), target, handles));
    }

    void abort(String upload) throws IOException {
        uninterruptibly("end", () -> uploader.abort(() -> bytes(upload), target));
    }

    /** An interrupted wait leaves the outcome unknown, and would leak an upload. */
    private <T> T uninterruptibly(String verb, Callable<CompletableFuture<T>> request) throws IOException {
        return SideBySide.uninterruptibly(
                verb + " the upload of " + target, () -> FutureIO.awaitFuture(request.call()));
    }

    private static ByteBuffer bytes(String handle) {
        return ByteBuffer.wrap(HEX.parseHex(handle));
    }

    @Override
    public void close() throws IOException {
        uploader.close();
    }
}
