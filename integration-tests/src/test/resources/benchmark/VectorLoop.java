import static java.lang.invoke.MethodType.methodType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limit of a sum of float64: a bare vector loop over mappings made afresh, on two threads that take the pieces in turn.
 * Pieces stay mapped until the time is taken.
 *
 * <pre>java --add-modules=jdk.incubator.vector VectorLoop.java blocks|straight</pre>
 *
 * <p>{@code blocks} copies 8 KiB at a time to the heap; {@code straight} loads vectors from the mapping. A line on standard
 * input holds a path and a number of rows, with a tab between them. The line on standard output says "ok", the seconds
 * and the sum.
 */
class VectorLoop {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int VECTOR_NBYTES = DOUBLES.vectorByteSize();
    private static final int THREADS = 2;
    private static final int PIECE_NBYTES = 64 << 20;
    private static final int BLOCK_SIZE = (8 << 10) / Double.BYTES;

    /** From a buffer, or a segment since Java 19, and a position to a vector. A constant, which the JIT inlines. */
    private static final MethodHandle LOAD = load();

    private static MethodHandle load() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle loader;
        try {
            if (Runtime.version().feature() < 19) {
                loader = lookup.findStatic(
                        DoubleVector.class,
                        "fromByteBuffer",
                        methodType(
                                DoubleVector.class, VectorSpecies.class, ByteBuffer.class, int.class, ByteOrder.class));
            } else {
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                loader = lookup.findStatic(
                        DoubleVector.class,
                        "fromMemorySegment",
                        methodType(DoubleVector.class, VectorSpecies.class, segment, long.class, ByteOrder.class));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        MethodHandle bound = MethodHandles.insertArguments(loader, 0, DOUBLES);
        return MethodHandles.insertArguments(bound, 2, ByteOrder.LITTLE_ENDIAN)
                .asType(methodType(DoubleVector.class, Object.class, int.class));
    }

    /** What {@link #LOAD} loads from. */
    private static Object source(ByteBuffer piece) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 19) {
            return piece;
        }
        return Class.forName("java.lang.foreign.MemorySegment")
                .getMethod("ofBuffer", java.nio.Buffer.class)
                .invoke(null, piece);
    }

    public static void main(String[] args) throws Exception {
        boolean straight = args[0].equals("straight");
        String title = "bare vector loop, " + (straight ? "straight" : "by blocks");
        System.out.println("ready\t" + title + "\tvectors of " + DOUBLES.vectorBitSize() + " bits");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t");
            List<ByteBuffer> mapped = new ArrayList<>();
            long start = System.nanoTime();
            double sum = sum(Path.of(fields[0]), Long.parseLong(fields[1]) * Double.BYTES, straight, threads, mapped);
            double seconds = (System.nanoTime() - start) / 1e9;
            unmap(mapped);
            System.out.println("ok\t" + seconds + "\t" + sum);
        }
        threads.shutdown();
    }

    private static double sum(
            Path path, long nbytes, boolean straight, ExecutorService threads, List<ByteBuffer> mapped)
            throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<Double>> halves = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (int i = 0; i < THREADS; i++) {
                halves.add(threads.submit(() -> {
                    double half = 0;
                    for (long from = next(next); from < nbytes; from = next(next)) {
                        ByteBuffer piece = map(channel, from, Math.min(PIECE_NBYTES, nbytes - from));
                        synchronized (mapped) {
                            mapped.add(piece);
                        }
                        half += straight ? sumStraight(piece) : sumBlocks(piece);
                    }
                    return half;
                }));
            }
            double sum = 0;
            for (Future<Double> half : halves) {
                sum += half.get();
            }
            return sum;
        }
    }

    private static long next(AtomicInteger next) {
        return (long) next.getAndIncrement() * PIECE_NBYTES;
    }

    private static ByteBuffer map(FileChannel channel, long from, long nbytes) throws IOException {
        return channel.map(MapMode.READ_ONLY, from, nbytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static double sumStraight(ByteBuffer piece) throws ReflectiveOperationException {
        Object source = source(piece);
        int end = piece.limit() / (4 * VECTOR_NBYTES) * (4 * VECTOR_NBYTES);
        double sum;
        try {
            sum = sumStraight(source, end);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        for (int at = end; at < piece.limit(); at += Double.BYTES) {
            sum += piece.getDouble(at);
        }
        return sum;
    }

    private static double sumStraight(Object source, int end) throws Throwable {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        for (int at = 0; at < end; at += 4 * VECTOR_NBYTES) {
            a = a.add((DoubleVector) LOAD.invokeExact(source, at));
            b = b.add((DoubleVector) LOAD.invokeExact(source, at + VECTOR_NBYTES));
            c = c.add((DoubleVector) LOAD.invokeExact(source, at + 2 * VECTOR_NBYTES));
            d = d.add((DoubleVector) LOAD.invokeExact(source, at + 3 * VECTOR_NBYTES));
        }
        double sum = 0;
        for (double lane : a.add(b).add(c.add(d)).toArray()) {
            sum += lane;
        }
        return sum;
    }

    private static double sumBlocks(ByteBuffer piece) {
        DoubleBuffer numbers = piece.asDoubleBuffer();
        double[] block = new double[BLOCK_SIZE];
        double[] sums = new double[4 * DOUBLES.length()];
        for (int from = 0; from < numbers.capacity(); from += BLOCK_SIZE) {
            int size = Math.min(BLOCK_SIZE, numbers.capacity() - from);
            numbers.get(from, block, 0, size);
            add(block, size, sums);
        }
        double sum = 0;
        for (double lane : sums) {
            sum += lane;
        }
        return sum;
    }

    private static void add(double[] block, int count, double[] sums) {
        int lanes = DOUBLES.length();
        DoubleVector a = DoubleVector.fromArray(DOUBLES, sums, 0);
        DoubleVector b = DoubleVector.fromArray(DOUBLES, sums, lanes);
        DoubleVector c = DoubleVector.fromArray(DOUBLES, sums, 2 * lanes);
        DoubleVector d = DoubleVector.fromArray(DOUBLES, sums, 3 * lanes);
        int i = 0;
        for (; i <= count - 4 * lanes; i += 4 * lanes) {
            a = a.add(DoubleVector.fromArray(DOUBLES, block, i));
            b = b.add(DoubleVector.fromArray(DOUBLES, block, i + lanes));
            c = c.add(DoubleVector.fromArray(DOUBLES, block, i + 2 * lanes));
            d = d.add(DoubleVector.fromArray(DOUBLES, block, i + 3 * lanes));
        }
        a.intoArray(sums, 0);
        b.intoArray(sums, lanes);
        c.intoArray(sums, 2 * lanes);
        d.intoArray(sums, 3 * lanes);
        for (; i < count; i++) {
            sums[0] += block[i];
        }
    }

    /** Before the next contender is timed; the collector would choose its own time. */
    private static void unmap(List<ByteBuffer> mapped) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        var field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        for (ByteBuffer piece : mapped) {
            type.getMethod("invokeCleaner", ByteBuffer.class).invoke(unsafe, piece);
        }
    }
}
