package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import io.memmap.memory.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LittleDirectMemoryTest {
    private static final int PIECE = 1 << 20;

    @TempDir
    Path directory;

    /** A JVM with 256 KiB outside the heap, which reads a file of two pieces both ways. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            StoredFile stored = new LocalStorage().stat(args[0]);
            ArrayFile file = new ArrayFile(
                    stored.path(),
                    stored.fingerprint(),
                    new Layout(DType.parse("u1"), Shape.of(2 * PIECE), Order.C, 0));
            List<List<ByteRange>> all = List.of(List.of(new ByteRange(0, 2 * PIECE)));
            try (ArrayInput read = new LocalStorage().openRead(file, all, false);
                    ArrayInput auto = new LocalStorage().open(file, all, false, new AccessTrial(false))) {
                for (ArrayInput input : List.of(read, auto)) {
                    input.read(() -> {
                        ByteBuffer bytes = input.bytes(PIECE, PIECE);
                        System.out.print(bytes.get(0) + " to " + bytes.get(PIECE - 1) + ", ");
                    });
                    input.finish();
                }
                System.out.print(Mapping.liveCount() + " mapping, " + NativeBuffer.liveCount() + " buffers");
            }
        }
    }

    @Test
    void readsToTheHeapOrMapsWhereTheJvmAllowsNoMoreMemoryOutsideIt() throws IOException {
        byte[] content = new byte[2 * PIECE];
        Arrays.fill(content, PIECE, 2 * PIECE, (byte) 5);
        content[2 * PIECE - 1] = 9;
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxDirectMemorySize=256k",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        Files.write(directory.resolve("a.dat"), content).toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("5 to 9, 5 to 9, 1 mapping, 0 buffers");
    }
}
