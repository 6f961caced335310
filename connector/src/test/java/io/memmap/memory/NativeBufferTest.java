package io.memmap.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeBufferTest {
    /** A JVM with 1 MiB outside the heap. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            try (NativeBuffer buffer = new NativeBuffer()) {
                for (int nbytes : new int[] {1 << 19, 1 << 21, 1 << 10}) {
                    ByteBuffer room = buffer.room(nbytes);
                    room.put(nbytes - 1, (byte) 7);
                    System.out.print(room.isDirect() + " " + room.remaining() + ", ");
                }
            }
            long collections = collections();
            try (NativeBuffer buffer = new NativeBuffer()) {
                System.out.print(buffer.room(1 << 18).isDirect());
            }
            System.out.print(", " + (collections() - collections));
        }

        private static long collections() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }
    }

    @Test
    void keepsTheLargestRoomUntilItIsClosed() {
        NativeBuffer buffer = new NativeBuffer();
        ByteBuffer first = buffer.room(100);
        assertThat(first.isDirect()).isTrue();
        first.putInt(60, 5);
        ByteBuffer second = buffer.room(64);
        assertThat(second.remaining()).isEqualTo(64);
        assertThat(second.getInt(60)).as("the same memory").isEqualTo(5);
        assertThat(buffer.room(101).getInt(60)).as("other memory").isZero();
        assertThat(NativeBuffer.liveCount()).isEqualTo(1);
        buffer.close();
        buffer.close();
        assertThat(NativeBuffer.liveCount()).isZero();
        assertThat(buffer.room(1).remaining()).isEqualTo(1);
        buffer.close();
    }

    @Test
    void isOnTheHeapWhereTheJvmAllowedNoMoreOutsideAMomentAgo() throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxDirectMemorySize=1m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("true 524288, false 2097152, false 1024, false, 0");
    }
}
