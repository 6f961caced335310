package io.memmap.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Scalar and vector kernels over one block of numbers in the first-level cache. Nanoseconds per number. In the package of
 * the kernels, which are not public.
 *
 * <pre>mvn -q -Pbenchmark -pl integration-tests -am test-compile exec:exec -Dbenchmark=KernelBenchmarks -Dargs=KernelsBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelsBenchmark {
    private static final int COUNT = Numbers.BLOCK_SIZE;

    @Param({"double", "float", "long", "int", "short", "byte"})
    public String type;

    @Param({"ScalarKernels", "VectorKernels"})
    public String kernels;

    private final byte[] mask = new byte[COUNT];
    private final IntervalMask room = new IntervalMask();
    private Kernels chosen;
    private Numbers numbers;
    private Numbers bits;
    private KeyInterval keys;

    @Setup
    public void allocate() throws ReflectiveOperationException {
        chosen = (Kernels) Class.forName("io.memmap.compute." + kernels)
                .getDeclaredConstructor()
                .newInstance();
        ByteBuffer source = ByteBuffer.allocateDirect(COUNT * Double.BYTES).order(ByteOrder.nativeOrder());
        Random random = new Random(1);
        for (int i = 0; i < source.capacity(); i++) {
            source.put(i, (byte) random.nextInt(64));
        }
        Object array =
                switch (type) {
                    case "double" -> new double[0];
                    case "float" -> new float[0];
                    case "long" -> new long[0];
                    case "int" -> new int[0];
                    case "short" -> new short[0];
                    default -> new byte[0];
                };
        numbers = Numbers.of(array, false).loaded(source, 0, COUNT);
        bits = Numbers.of(array, false).loadedBits(source, 0, COUNT);
        keys = bits.keys(0, 32L << (numbers.itemsize() - 1) * Byte.SIZE, false);
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Totals sum() {
        return add(numbers, new Totals(true, false));
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Totals extremes() {
        return add(numbers, new Totals(false, true));
    }

    private Totals add(Numbers added, Totals totals) {
        added.add(chosen, COUNT, totals);
        return totals;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public byte[] comparison() {
        bits.mask(chosen, keys, mask, COUNT, room);
        return mask;
    }

    /** The sum of the numbers that the mask keeps. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public Totals maskedSum() {
        return add(bits.kept(chosen, mask, 0, COUNT), new Totals(true, false));
    }
}
