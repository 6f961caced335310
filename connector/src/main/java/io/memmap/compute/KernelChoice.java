package io.memmap.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The choice between the scalar and the vector form of one loop. Vectors need the module {@code jdk.incubator.vector} and a
 * JIT that compiles them; they are slow until it has done so, and compiling costs processor time. So a loop is scalar until
 * it has been over {@value #MIN_NBYTES} bytes in this JVM. Then a daemon thread tries both forms on blocks of its own, which
 * are in the cache. A loop over the heap uses vectors once they have been twice as fast several times in a row. In a loop over
 * a mapping they need only be faster, and then be it again in a {@link MemoryTrial}. Else it stays scalar.
 */
public final class KernelChoice {
    /** Less work costs less processor time than compiling the vectors does. */
    static final long MIN_NBYTES = 4L << 30;

    static final Kernels SCALAR = new ScalarKernels();

    /** The indices of the choices for a comparison, and for zeros in place of what fails it. */
    static final int COMPARISON = 8;

    static final int SELECTION = 9;

    private static final String VECTORS = "io.memmap.compute.VectorKernels";
    /** If set to {@code false}, the vector kernels are left out; if to {@code always}, they are used from the start. */
    private static final String PROPERTY = "memmap.vectors";

    private static final int BLOCKS = 16;
    private static final int MIN_WINS = 5;
    private static final int MAX_ROUNDS = 400;
    /** Leaves the processors to the queries. */
    private static final int PAUSE_MILLIS = 5;

    private static final String OBSTACLE = obstacle();
    private static final boolean FORCED = OBSTACLE == null && isForced();
    /** The loops that use vectors. */
    private static final AtomicReference<String> VECTORIZED = new AtomicReference<>("");

    private final String name;
    private final boolean mapped;
    private final int itemsize;
    private final Function<ByteBuffer, Loop> loop;

    /** Counted without a lock: how many more bytes are let through does not matter. */
    private long nbytes = OBSTACLE == null && !FORCED ? 0 : MIN_NBYTES;

    private boolean tried;
    private volatile Kernels kernels = FORCED ? vectors() : SCALAR;
    /** Null while there is none. */
    private volatile MemoryTrial memoryTrial;

    /**
     * The choice for one loop.
     *
     * @param mapped whether its numbers are not in the cache
     * @param itemsize bytes of each number that the loop reads
     * @param loop the loop over numbers of a buffer
     */
    KernelChoice(String name, boolean mapped, int itemsize, Function<ByteBuffer, Loop> loop) {
        this.name = name;
        this.mapped = mapped;
        this.itemsize = itemsize;
        this.loop = loop;
    }

    /** A loop over {@code count} of the numbers that it was made of, from a position on. */
    @FunctionalInterface
    interface Loop {
        void run(Kernels kernels, int position, int count);
    }

    /**
     * One for each way to add up these numbers, as {@link #of} picks them, of which those that only count are not used;
     * then {@link #COMPARISON} and {@link #SELECTION}.
     */
    static KernelChoice[] ofAllLoops(Supplier<Numbers> numbers) {
        Numbers any = numbers.get();
        KernelChoice[] choices = new KernelChoice[10];
        for (int loop = 0; loop < COMPARISON; loop++) {
            boolean mapped = (loop & 4) != 0;
            boolean sum = (loop & 2) != 0;
            boolean extremes = (loop & 1) != 0;
            String name = (sum ? extremes ? "sum and extremes of " : "sum of " : "extremes of ")
                    + (mapped ? "mapped " : "")
                    + any.getClass().getSimpleName();
            choices[loop] = new KernelChoice(name, mapped, any.itemsize(), source -> {
                Totals totals = new Totals(sum, extremes);
                Numbers tried = numbers.get();
                if (mapped) {
                    return (kernels, position, count) ->
                            tried.addBytes(kernels, source, position, tried.itemsize(), count, totals);
                }
                Numbers loaded = tried.loaded(source, 0, Numbers.BLOCK_SIZE);
                return (kernels, position, count) -> loaded.add(kernels, count, totals);
            });
        }
        String name = any.getClass().getSimpleName();
        choices[COMPARISON] = new KernelChoice("comparison of " + name, false, any.itemsize(), source -> {
            Numbers loaded = numbers.get().loadedBits(source, 0, Numbers.BLOCK_SIZE);
            KeyInterval keys = loaded.keys(0, Byte.MAX_VALUE, false);
            byte[] mask = new byte[Numbers.BLOCK_SIZE];
            IntervalMask room = new IntervalMask();
            return (kernels, position, count) -> loaded.mask(kernels, keys, mask, count, room);
        });
        choices[SELECTION] = new KernelChoice("selection of " + name, false, any.itemsize(), source -> {
            Numbers loaded = numbers.get().loadedBits(source, 0, Numbers.BLOCK_SIZE);
            byte[] mask = new byte[Numbers.BLOCK_SIZE];
            return (kernels, position, count) -> loaded.kept(kernels, mask, 0, count);
        });
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

    /** Runs the loop over a block of so many mapped numbers. */
    void run(int count, Consumer<Kernels> block) {
        Kernels chosen = next((long) count * itemsize);
        MemoryTrial trial = memoryTrial;
        if (trial == null || count < Kernels.BLOCK_SIZE) {
            block.accept(chosen);
            return;
        }
        Kernels tried = trial.next();
        long start = System.nanoTime();
        block.accept(tried);
        if (trial.add(tried, System.nanoTime() - start)) {
            memoryTrial = null;
            choose(trial.faster());
        }
    }

    /** The kernels of this JVM, for its log. */
    public static String description() {
        if (OBSTACLE != null) {
            return "scalar kernels: " + OBSTACLE;
        }
        if (FORCED) {
            return "vector kernels: " + PROPERTY + "=always";
        }
        String vectorized = VECTORIZED.get();
        return "scalar kernels, and by vectors "
                + (vectorized.isEmpty()
                        ? "where they are faster, once a loop has been over " + (MIN_NBYTES >> 30) + " GiB"
                        : vectorized);
    }

    private static boolean isForced() {
        return System.getProperty(PROPERTY, "").equals("always");
    }

    /** The reason why vectors are not to be tried; null for none. */
    private static String obstacle() {
        String compiler = System.getProperty("java.vm.info", "");
        if (!isForced() && !Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
            return PROPERTY + "=false";
        } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "this JVM was started without --add-modules=jdk.incubator.vector";
        } else if (isForced()) {
            return null;
        } else if (!compiler.startsWith("mixed mode") || compiler.contains("emulated-client")) {
            return "the JIT of this JVM makes no vectors: " + compiler;
        } else if (System.getProperty("java.vm.version", "").contains("jvmci")) {
            return "the Graal compiler makes no vectors of jdk.incubator.vector";
        }
        return null;
    }

    private static Kernels vectors() {
        try {
            return Class.forName(VECTORS, true, KernelChoice.class.getClassLoader())
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot load " + VECTORS + ": " + e, e);
        }
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
                Kernels vectors = vectors();
                if (!isFaster(vectors)) {
                    return;
                }
                if (mapped) {
                    memoryTrial = new MemoryTrial(vectors);
                } else {
                    choose(vectors);
                }
            } catch (IllegalStateException | LinkageError e) {
                VECTORIZED.set("nowhere: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void choose(Kernels faster) {
        kernels = faster;
        if (faster != SCALAR) {
            VECTORIZED.updateAndGet(
                    loops -> (loops.isEmpty() ? "of " + faster.bits() + " bits for " : loops + ", ") + this);
        }
    }

    private boolean isFaster(Kernels vectors) throws InterruptedException {
        // The first block, which is not timed, has both extremes of bytes: scalar code then compares no more.
        ByteBuffer source = ByteBuffer.allocateDirect(BLOCKS * Numbers.BLOCK_SIZE * itemsize)
                .put(0, Byte.MIN_VALUE)
                .put(1, Byte.MAX_VALUE)
                .asReadOnlyBuffer()
                .order(ByteOrder.nativeOrder());
        Loop tried = loop.apply(source);
        return isFaster(vectors, mapped ? 1 : 2, kernels -> nanos(kernels, tried));
    }

    /** Times one form over the same numbers as the other. */
    @FunctionalInterface
    interface Stopwatch {
        long nanos(Kernels kernels);
    }

    /** Returns true once {@code vectors} have been more than {@code gain} times as fast several times in a row. */
    static boolean isFaster(Kernels vectors, int gain, Stopwatch stopwatch) throws InterruptedException {
        int wins = 0;
        for (int round = 0; round < MAX_ROUNDS && wins < MIN_WINS; round++) {
            long scalar = stopwatch.nanos(SCALAR);
            long vector = stopwatch.nanos(vectors);
            wins = vector * gain < scalar ? wins + 1 : 0;
            Thread.sleep(PAUSE_MILLIS);
        }
        return wins == MIN_WINS;
    }

    private long nanos(Kernels kernels, Loop tried) {
        long start = 0;
        for (int block = 0; block < BLOCKS; block++) {
            start = block == 1 ? System.nanoTime() : start;
            // The last numbers of a block, which fill no vector, are part of what the JIT has to see.
            tried.run(kernels, block * Numbers.BLOCK_SIZE * itemsize, Numbers.BLOCK_SIZE - block);
        }
        return System.nanoTime() - start;
    }

    @Override
    public String toString() {
        return name;
    }
}
