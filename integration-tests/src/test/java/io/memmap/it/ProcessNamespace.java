package io.memmap.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/** The command that starts a process in a namespace of process ids of its own, as a container does. */
final class ProcessNamespace {
    static final List<String> STARTER = List.of("unshare", "-pf", "--mount-proc", "--kill-child");

    private ProcessNamespace() {}

    /** Skips the test where the system has no such namespaces or this user may not make one. */
    static void assume() throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder("unshare", "-pf", "--mount-proc", "true")
                                .start()
                                .waitFor()
                        == 0,
                "no process namespaces here");
    }
}
