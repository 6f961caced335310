package io.memmap.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Without the look-up in {@link Faults#deliver} the loops return garbage on Java 17, and this test is red. */
class FaultsTest {
    private static final int NBYTES = 8 << 20;
    private static final int WARM_UP_ROUNDS = 200;

    @TempDir
    Path directory;

    @BeforeAll
    static void needsAnotherProcessThatCuts() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/truncate")), "no truncate(1) to cut a file with");
    }

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    static Stream<ToDoubleFunction<ByteBuffer>> hotLoops() {
        double[] out = new double[NBYTES / 8];
        ToDoubleFunction<ByteBuffer> sum = FaultsTest::sum;
        ToDoubleFunction<ByteBuffer> copy = bytes -> copy(bytes, out);
        ToDoubleFunction<ByteBuffer> bulk = bytes -> {
            DoubleBuffer doubles = bytes.asDoubleBuffer();
            doubles.get(0, out);
            return out[0];
        };
        return Stream.of(sum, copy, bulk, sum, copy, bulk);
    }

    private static double sum(ByteBuffer bytes) {
        double sum = 0;
        for (int i = 0; i < NBYTES; i += 8) {
            sum += bytes.getDouble(i);
        }
        return sum;
    }

    private static double copy(ByteBuffer bytes, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes.getDouble(i * 8);
        }
        return out[0];
    }

    @ParameterizedTest
    @MethodSource("hotLoops")
    void deliversAFaultOfAHotLoopWhereTheLoopIs(ToDoubleFunction<ByteBuffer> loop) throws Exception {
        Path path = directory.resolve("ones.bin");
        byte[] ones = new byte[NBYTES];
        Arrays.fill(ones, (byte) 1);
        Files.write(path, ones);
        try (FileChannel channel = FileChannel.open(path);
                Mapping mapping = Mapping.map(channel, MapMode.READ_ONLY, 0, NBYTES)) {
            ByteBuffer bytes = mapping.buffer().duplicate().order(ByteOrder.nativeOrder());
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                loop.applyAsDouble(bytes);
                Faults.deliver();
            }
            cut(path);

            InternalError caught = null;
            double result = -1;
            try {
                result = loop.applyAsDouble(bytes);
                Faults.deliver();
            } catch (InternalError e) {
                caught = e;
            }

            assertThat(caught).as("result %s", result).isNotNull();
            assertThat(Faults.isFault(caught)).isTrue();
        }
    }

    /** In the JDK's cleaner the fault would end this JVM. */
    @Test
    void survivesAFaultThatIsStillPendingWhenItUnmaps() throws Exception {
        Path path = Files.write(directory.resolve("zeros.bin"), new byte[NBYTES]);
        // The first rounds link every call, which would deliver the fault too early.
        for (int i = 0; i < 3; i++) {
            assertThat(faultsByTheEndOfItsMapping(path, false)).isFalse();
        }
        assertThat(faultsByTheEndOfItsMapping(path, true)).isTrue();
    }

    private static boolean faultsByTheEndOfItsMapping(Path path, boolean cut) throws Exception {
        double[] out = new double[NBYTES / 8];
        boolean thrown = false;
        try (FileChannel channel = FileChannel.open(path)) {
            Mapping mapping = Mapping.map(channel, MapMode.READ_ONLY, 0, NBYTES);
            ByteBuffer bytes = mapping.buffer().duplicate().order(ByteOrder.nativeOrder());
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                copy(bytes, out);
            }
            if (cut) {
                cut(path);
            }
            try {
                copy(bytes, out);
                mapping.close();
            } catch (InternalError e) {
                // Some other transition on the way, a deoptimisation say, has delivered it.
                thrown = true;
            } catch (UncheckedIOException e) {
                thrown = true;
                assertThat(e)
                        .hasRootCauseMessage("Cannot trust what was read from or written to bytes 0 to " + NBYTES
                                + ": a fault arrived when they were unmapped, expected none; the file was truncated, or"
                                + " its disk is full or failed");
            } finally {
                mapping.close();
            }
        }
        return thrown;
    }

    private static void cut(Path path) throws Exception {
        new ProcessBuilder("truncate", "-s", Integer.toString(NBYTES - 4096), path.toString())
                .start()
                .waitFor();
    }

    @Test
    void deliversNothingWhereNothingHappened() {
        assertThatCode(Faults::deliver).doesNotThrowAnyException();
    }

    @Test
    void tellsAFaultFromOtherErrorsOfTheJvm() {
        assertThat(Faults.isFault(new InternalError("a fault occurred in an unsafe memory access operation")))
                .isTrue();
        assertThat(Faults.isFault(new InternalError(
                        "a fault occurred in a recent unsafe memory access operation in" + " compiled Java code")))
                .isTrue();
        assertThat(Faults.isFault(new InternalError("other"))).isFalse();
        assertThat(Faults.isFault(new InternalError())).isFalse();
        assertThat(Faults.isFault(new Exception("unsafe memory access operation")))
                .isFalse();
    }
}
