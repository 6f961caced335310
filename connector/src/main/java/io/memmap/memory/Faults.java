package io.memmap.memory;

/**
 * Faults of mapped memory: what the JVM makes of a SIGBUS when a file was truncated, or its disk is full or broken.
 *
 * <p>The JVM throws an {@link InternalError}. Before Java 21 it throws late: the faulting loop can run to its end over
 * garbage, and the error appears at the next transition into the VM, in another frame. {@link #deliver} is
 * such a transition, so a loop followed by {@code deliver()} in one {@code try} block has its fault there or not at all.
 *
 * <p>An InternalError, thrown or as a cause, ends a Spark executor: it is translated, and kept as a suppressed exception
 * only.
 *
 * @see <a href="https://bugs.openjdk.org/browse/JDK-8283044">JDK-8283044</a>
 */
public final class Faults {
    private static final boolean DELIVERED_LATE = Runtime.version().feature() < 21;

    private Faults() {}

    /**
     * Throws a fault of this thread that is still pending. Costs about 3 µs before Java 21, nothing from there on.
     *
     * @throws InternalError the pending fault
     */
    public static void deliver() {
        if (DELIVERED_LATE) {
            try {
                // Only a look-up that fails throws from inside the VM and so takes a pending fault along; one that
                // succeeds does not, nor do file sizes, sleeps and locks. The bootstrap loader asks no other.
                Class.forName("io.memmap.memory.NoSuchClass", false, null);
            } catch (ClassNotFoundException expected) {
                // Nothing was pending.
            }
        }
    }

    /** Returns true if this is a fault of mapped memory, and not another error of the JVM. */
    public static boolean isFault(Throwable thrown) {
        return thrown instanceof InternalError
                && thrown.getMessage() != null
                && thrown.getMessage().contains("unsafe memory access operation");
    }
}
