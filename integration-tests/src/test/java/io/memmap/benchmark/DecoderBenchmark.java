package io.memmap.benchmark;

import io.memmap.dtype.DType;
import io.memmap.dtype.ScalarDType;
import io.memmap.layout.Decoder;
import java.nio.ByteBuffer;
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
 * Decodes 65 536 elements of one dtype from a buffer into an array: adjacent ones, and one of eight. Nanoseconds per
 * element.
 *
 * <pre>mvn -q -Pbenchmark -pl integration-tests -am test-compile exec:exec -Dbenchmark=KernelBenchmarks -Dargs=DecoderBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecoderBenchmark {
    private static final int ELEMENTS = 1 << 16;
    private static final int COLUMNS = 8;

    @Param({"<f8", ">f8", "<f4", "<f2", "bfloat16", "<i4", "<u4", ">u2", "<u2", "|u1", "|b1"})
    public String dtype;

    private Decoder decoder;
    private ByteBuffer source;
    private Object target;

    @Setup
    public void allocate() {
        decoder = Decoder.of((ScalarDType) DType.parse(dtype));
        source = ByteBuffer.allocateDirect(ELEMENTS * COLUMNS * decoder.itemsize());
        target = decoder.allocate(ELEMENTS);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public Object adjacent() {
        decoder.decode(source, 0, decoder.itemsize(), ELEMENTS, 1, target, 0, 1);
        return target;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public Object oneOfEight() {
        decoder.decode(source, 0, COLUMNS * decoder.itemsize(), ELEMENTS, 1, target, 0, 1);
        return target;
    }
}
