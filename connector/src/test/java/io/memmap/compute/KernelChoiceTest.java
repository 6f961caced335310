package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JVMs started in all ways choose their kernels, and all of them get the same totals. */
class KernelChoiceTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    /** Prints which kernels this JVM uses, before and after long work, whether it tried others, then totals. */
    static final class Child {
        private static final int MAX_SECONDS = 120;

        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(KernelChoice.description());
            Numbers numbers = Numbers.of(new int[1], false);
            KernelChoice choice = KernelChoice.of(numbers.choices(), true, new Totals(true, false));
            choice.next(KernelChoice.MIN_NBYTES - 1);
            System.out.println(isTrying());
            choice.next(1);
            // A trial takes five rounds at least, with a pause after each.
            System.out.println(isTrying());
            for (int i = 0; isTrying() && i < MAX_SECONDS * 10; i++) {
                Thread.sleep(100);
            }
            if (KernelChoice.description().startsWith("scalar kernels, and by vectors")) {
                ByteBuffer block = ByteBuffer.allocateDirect(Kernels.BLOCK_SIZE * Integer.BYTES)
                        .order(ByteOrder.nativeOrder());
                for (int i = 0; i < MemoryTrial.BLOCKS; i++) {
                    numbers.addBytes(block, 0, Integer.BYTES, Kernels.BLOCK_SIZE, new Totals(true, false));
                }
            }
            System.out.println(choice.next(0) != KernelChoice.SCALAR);
            System.out.println(KernelChoice.description());
            System.out.println(totals());
        }

        private static boolean isTrying() {
            return Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("memmap-kernels"));
        }
    }

    /** Totals of all kinds of numbers, from direct bytes and from the heap, with and without special values. */
    private static String totals() {
        byte[] bytes = new byte[Kernels.BLOCK_SIZE * Long.BYTES - 24];
        new Random(3).nextBytes(bytes);
        ByteBuffer source = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
        source.put(bytes).flip();
        StringBuilder text = new StringBuilder();
        Object[] arrays = {new byte[1], new short[1], new int[1], new long[1], new float[1], new double[1]};
        for (Object array : arrays) {
            for (boolean unsigned : new boolean[] {false, true}) {
                Numbers numbers = Numbers.of(array, unsigned);
                int count = bytes.length / Long.BYTES;
                Totals totals = new Totals(true, true);
                numbers.addBytes(source, 0, numbers.itemsize(), count, totals);
                Totals copied = new Totals(true, true);
                numbers.loaded(source, 0, count).addTo(copied, count);
                byte[] mask = new byte[count];
                for (int i = 0; i < count; i++) {
                    mask[i] = (byte) (bytes[i] & 1);
                }
                Totals masked = new Totals(true, false);
                numbers.loaded(source, 0, count).addTo(masked, mask, count, count / 2, () -> null);
                text.append(text(totals)).append(text(copied)).append(text(masked));
            }
        }
        Totals halves = new Totals(true, true);
        Numbers.ofHalves(new float[0]).addBytes(source, 0, Short.BYTES, bytes.length / Long.BYTES, halves);
        return text.append(text(halves)).toString();
    }

    private static String text(Totals totals) {
        return totals.count() + " " + totals.integerSum() + " " + totals.floatSum() + " " + totals.least() + " "
                + totals.greatest() + " " + totals.leastFloat() + " " + totals.greatestFloat() + "; ";
    }

    private static List<String> child(String... jvmOptions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    /** Rounds until vectors win that take these times, where scalar code takes 100 each time. */
    private static int roundsUntilFaster(int gain, int... nanos) throws InterruptedException {
        Kernels vectors = new ScalarKernels();
        AtomicInteger rounds = new AtomicInteger();
        assertThat(KernelChoice.isFaster(
                        vectors, gain, kernels -> kernels == vectors ? nanos[rounds.getAndIncrement()] : 100))
                .isTrue();
        return rounds.get();
    }

    @Test
    void vectorsMustBeFasterFiveTimesInARow() throws InterruptedException {
        assertThat(roundsUntilFaster(2, 49, 49, 49, 49, 49, 1)).isEqualTo(5);
        assertThat(roundsUntilFaster(2, 50, 50, 50, 50, 50, 1, 1, 1, 1, 1)).isEqualTo(10);
        assertThat(roundsUntilFaster(2, 1, 1, 1, 1, 50, 1, 1, 1, 1, 1)).isEqualTo(10);
        assertThat(roundsUntilFaster(1, 99, 99, 99, 99, 99, 1)).isEqualTo(5);
        assertThat(roundsUntilFaster(1, 100, 100, 100, 100, 100, 1, 1, 1, 1, 1)).isEqualTo(10);
    }

    @Test
    void usesVectorsOnceALoopHasBeenLong() throws Exception {
        List<String> lines = child(MODULE);
        assertThat(lines.get(0))
                .isEqualTo("scalar kernels, and by vectors where they are faster, once a loop has been over 4 GiB");
        assertThat(lines.get(1)).isEqualTo("false");
        assertThat(lines.get(2)).as("tries vectors").isEqualTo("true");
        if (Boolean.parseBoolean(lines.get(3))) {
            assertThat(lines.get(4))
                    .matches("scalar kernels, and by vectors of [0-9]+ bits for sum of mapped IntNumbers");
        } else {
            assertThat(lines.get(4)).isEqualTo(lines.get(0));
        }
        assertThat(lines.get(5)).isEqualTo(totals());
    }

    /** Tests of pushed queries are run this way, where the JIT makes no vectors. */
    @Test
    void usesVectorsFromTheStartIfForced() throws Exception {
        List<String> lines = child(MODULE, "-Dmemmap.vectors=always", "-XX:TieredStopAtLevel=1");
        assertThat(lines)
                .containsExactly(
                        "vector kernels: memmap.vectors=always",
                        "false",
                        "false",
                        "true",
                        "vector kernels: memmap.vectors=always",
                        totals());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -Dmemmap.test=none    | this JVM was started without --add-modules=jdk.incubator.vector
            -Dmemmap.vectors=always | this JVM was started without --add-modules=jdk.incubator.vector
            --add-modules=jdk.incubator.vector -Dmemmap.vectors=false | memmap.vectors=false
            --add-modules=jdk.incubator.vector -Xint                  | the JIT of this JVM makes no vectors: interpreted
            --add-modules=jdk.incubator.vector -XX:TieredStopAtLevel=1 | the JIT of this JVM makes no vectors: mixed mode, emulated
            """)
    void usesScalarKernelsElsewhere(String options, String reason) throws Exception {
        List<String> lines = child(options.split(" "));
        assertThat(lines.get(0)).startsWith("scalar kernels: " + reason);
        assertThat(lines.subList(1, 4)).containsOnly("false");
        assertThat(lines.get(4)).isEqualTo(lines.get(0));
        assertThat(lines.get(5)).isEqualTo(totals());
    }
}
