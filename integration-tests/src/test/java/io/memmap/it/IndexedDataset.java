package io.memmap.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A dataset of tokens as Megatron writes it: {@code .bin} and {@code .idx} beside it. */
final class IndexedDataset {
    private IndexedDataset() {}

    /** The tokens 0, 1, 2, … of 4 bytes in sequences of these sizes, as Megatron writes them. */
    static Path write(Path prefix, int[] sizes, long... documents) throws IOException {
        int total = Arrays.stream(sizes).sum();
        Files.write(Path.of(prefix + ".bin"), Npy.i4(IntStream.range(0, total).toArray()));
        return writeIndex(prefix, sizes, pointers(sizes), documents);
    }

    static long[] pointers(int... sizes) {
        long[] pointers = new long[sizes.length];
        for (int i = 1; i < sizes.length; i++) {
            pointers[i] = pointers[i - 1] + 4L * sizes[i - 1];
        }
        return pointers;
    }

    static Path writeIndex(Path prefix, int[] sizes, long[] pointers, long... documents) throws IOException {
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        index.write("MMIDIDX\0\0".getBytes(StandardCharsets.ISO_8859_1));
        index.write(Npy.i8(1));
        index.write(4);
        index.write(Npy.i8(sizes.length, documents.length));
        index.write(Npy.i4(sizes));
        index.write(Npy.i8(pointers));
        index.write(Npy.i8(documents));
        return Files.write(Path.of(prefix + ".idx"), index.toByteArray());
    }
}
