package io.memmap.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * The choice between the scalar and the vector form of one loop. Vectors need the module {@code jdk.incubator.vector} and a
 * JIT that compiles them; they are slow until it has done so, and compiling costs processor time. So a loop is scalar until
 * it has been over {@value #MIN_NBYTES} bytes in this JVM. Then a daemon thread tries both forms on blocks of its own, and
 * the loop uses vectors once they have been twice as fast several times in a row; it stays scalar if that does not happen.
 */
public final class KernelChoice {
    /** Less work costs less processor time than compiling the vectors does. */
    static final long MIN_NBYTES = 4L << 30;

    static final Kernels SCALAR = new ScalarKernels();

    private static final String VECTORS = "io.memmap.compute.VectorKernels";
    /** If set to {@code false}, the vector kernels are left out. */
    private static final String PROPERTY = "memmap.vectors";

    private static final int BLOCKS = 16;
    private static final int MIN_WINS = 5;
    private static final int MAX_ROUNDS = 400;
    /** Leaves the processors to the queries. */
    private static final int PAUSE_MILLIS = 5;

    private static final String OBSTACLE = obstacle();
    private static volatile String vectorized = "";

    private final Supplier<Numbers> numbers;
    private final boolean mapped;
    private final boolean sum;
    private final boolean extremes;

    /** Counted without a lock: how many more bytes are let through does not matter. */
    private long nbytes = OBSTACLE == null ? 0 : MIN_NBYTES;

    private boolean tried;
    private volatile Kernels kernels = SCALAR;

    private KernelChoice(Supplier<Numbers> numbers, int loop) {
        this.numbers = numbers;
        this.mapped = (loop & 4) != 0;
        this.sum = (loop & 2) != 0;
        this.extremes = (loop & 1) != 0;
    }

    /** One for each loop over these numbers, as {@link #of} picks them. */
    static KernelChoice[] ofAllLoops(Supplier<Numbers> numbers) {
        KernelChoice[] choices = new KernelChoice[8];
        for (int loop = 0; loop < choices.length; loop++) {
            choices[loop] = new KernelChoice(numbers, loop);
        }
        return choices;
    }

    static KernelChoice of(KernelChoice[] choices, boolean mapped, Totals totals) {
        return choices[(mapped ? 4 : 0) + (totals.wantsSum() ? 2 : 0) + (totals.wantsExtremes() ? 1 : 0)];
    }

    /** The kernels for the next block of so many bytes. */
    Kernels next(long blockNbytes) {
        if (nbytes < MIN_NBYTES) {
            nbytes += blockNbytes;
            if (nbytes >= MIN_NBYTES) {
                startTrial();
            }
        }
        return kernels;
    }

    /** The kernels of this JVM, for its log. */
    public static String description() {
        if (OBSTACLE != null) {
            return "scalar kernels: " + OBSTACLE;
        }
        return "scalar kernels, and by vectors "
                + (vectorized.isEmpty()
                        ? "where they are faster, once a loop has been over " + (MIN_NBYTES >> 30) + " GiB"
                        : vectorized);
    }

    /** The reason why vectors are not to be tried; null for none. */
    private static String obstacle() {
        String compiler = System.getProperty("java.vm.info", "");
        if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
            return PROPERTY + "=false";
        } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "this JVM was started without --add-modules=jdk.incubator.vector";
        } else if (!compiler.startsWith("mixed mode") || compiler.contains("emulated-client")) {
            return "the JIT of this JVM makes no vectors: " + compiler;
        } else if (System.getProperty("java.vm.version", "").contains("jvmci")) {
            return "the Graal compiler makes no vectors of jdk.incubator.vector";
        }
        return null;
    }

    private synchronized void startTrial() {
        if (!tried) {
            tried = true;
            Thread thread = new Thread(this::tryVectors, "memmap-kernels");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
        }
    }

    /** One loop after the other, so that at most one processor is busy with it. */
    private void tryVectors() {
        synchronized (KernelChoice.class) {
            try {
                Kernels vectors = Class.forName(VECTORS, true, KernelChoice.class.getClassLoader())
                        .asSubclass(Kernels.class)
                        .getDeclaredConstructor()
                        .newInstance();
                if (isFaster(vectors)) {
                    kernels = vectors;
                    vectorized += (vectorized.isEmpty() ? "of " + vectors.bits() + " bits for " : ", ") + this;
                }
            } catch (ReflectiveOperationException | LinkageError e) {
                vectorized = "nowhere: " + e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isFaster(Kernels vectors) throws InterruptedException {
        Numbers tried = numbers.get();
        int blockNbytes = Numbers.BLOCK_SIZE * tried.itemsize();
        // The first block, which is not timed, has both extremes of bytes: scalar code then compares no more.
        ByteBuffer source = ByteBuffer.allocateDirect(BLOCKS * blockNbytes)
                .put(0, Byte.MIN_VALUE)
                .put(1, Byte.MAX_VALUE)
                .asReadOnlyBuffer()
                .order(ByteOrder.nativeOrder());
        return isFaster(vectors, kernels -> nanos(kernels, tried, source, blockNbytes));
    }

    /** Times one form over the same numbers as the other. */
    @FunctionalInterface
    interface Stopwatch {
        long nanos(Kernels kernels);
    }

    /** Returns true once {@code vectors} have been fast several times in a row. */
    static boolean isFaster(Kernels vectors, Stopwatch stopwatch) throws InterruptedException {
        int wins = 0;
        for (int round = 0; round < MAX_ROUNDS && wins < MIN_WINS; round++) {
            long scalar = stopwatch.nanos(SCALAR);
            long vector = stopwatch.nanos(vectors);
            // These blocks are in the cache. A smaller gain can be a loss where memory is the limit.
            wins = vector < scalar / 2 ? wins + 1 : 0;
            Thread.sleep(PAUSE_MILLIS);
        }
        return wins == MIN_WINS;
    }

    private long nanos(Kernels kernels, Numbers tried, ByteBuffer source, int blockNbytes) {
        Totals totals = new Totals(sum, extremes);
        Numbers loaded = mapped ? null : tried.loaded(source, 0, Numbers.BLOCK_SIZE);
        long start = 0;
        for (int block = 0; block < BLOCKS; block++) {
            start = block == 1 ? System.nanoTime() : start;
            // The last numbers of a block, which fill no vector, are part of what the JIT has to see.
            int count = Numbers.BLOCK_SIZE - block;
            if (mapped) {
                tried.addBytes(kernels, source, block * blockNbytes, tried.itemsize(), count, totals);
            } else {
                loaded.add(kernels, count, totals);
            }
        }
        return System.nanoTime() - start;
    }

    @Override
    public String toString() {
        return (sum ? extremes ? "sum and extremes of " : "sum of " : "extremes of ")
                + (mapped ? "mapped " : "")
                + numbers.get().getClass().getSimpleName();
    }
}
