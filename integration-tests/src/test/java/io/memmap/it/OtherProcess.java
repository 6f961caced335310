package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Another process that changes files: a shell with the usual tools, where there is one. */
final class OtherProcess {
    private static final Path SHELL = Path.of("/bin/sh");

    private OtherProcess() {}

    /** Skips the test where there is no shell. */
    static void assume() {
        Assumptions.assumeTrue(Files.isExecutable(SHELL), "no " + SHELL + " to change files with");
    }

    /** Starts a shell script; the arguments are its {@code $0}, {@code $1} and so on. */
    static Process start(String script, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SHELL.toString(), "-c", script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** Runs a shell script to its end. */
    static void run(String script, Object... arguments) throws IOException, InterruptedException {
        assertThat(start(script, arguments).waitFor()).as(script).isZero();
    }
}
