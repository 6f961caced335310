package io.memmap.array;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Real NumPy, where the machine has one. Elsewhere the tests that need it are skipped with the reason, or fail where
 * {@code -Dmemmap.strict=true} is set.
 */
public final class NumPy {
    private static final boolean IS_THERE = isThere();

    private NumPy() {}

    /** Runs a script with {@code numpy} imported as {@code np} and returns what it printed. */
    public static String run(Path directory, String script) throws IOException, InterruptedException {
        if (Boolean.getBoolean("memmap.strict")) {
            Assertions.assertTrue(IS_THERE, "memmap.strict is set, and there is no python3 with numpy on this machine");
        }
        Assumptions.assumeTrue(IS_THERE, "no python3 with numpy on this machine");
        Result result = python(directory, "import numpy as np\n" + script);
        if (result.exitCode != 0) {
            throw new AssertionError("python3 ended with " + result.exitCode + ":\n" + result.output);
        }
        return result.output.strip();
    }

    private static boolean isThere() {
        try {
            return python(Path.of("."), "import numpy").exitCode == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record Result(int exitCode, String output) {}

    private static Result python(Path directory, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("python3 did not end within 60 seconds");
        }
        return new Result(process.exitValue(), output);
    }
}
