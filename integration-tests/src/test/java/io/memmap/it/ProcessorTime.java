package io.memmap.it;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The processor time of this JVM, all its threads together: other work on the machine hardly changes it. */
final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ProcessorTime() {}

    /** The time that {@code action} took. */
    static Duration of(Runnable action) {
        long start = SYSTEM.getProcessCpuTime();
        action.run();
        return Duration.ofNanos(SYSTEM.getProcessCpuTime() - start);
    }
}
