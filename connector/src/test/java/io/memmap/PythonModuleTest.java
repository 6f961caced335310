package io.memmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.NumPy;
import io.memmap.format.Manifest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of the Python module that lies beside the classes, as {@code python3} runs them. */
class PythonModuleTest {
    private static final String PROGRAM =
            """
            import sys
            import unittest

            sys.dont_write_bytecode = True
            sys.path[:0] = [r"%s", r"%s"]
            suite = unittest.defaultTestLoader.discover(r"%2$s")
            result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(suite)
            print("failed", len(result.failures) + len(result.errors), "skipped", len(result.skipped))
            print("ran", result.testsRun)
            """;

    private static final int TESTS = 122;

    @TempDir
    private Path directory;

    @Test
    void theTestsOfTheModulePass() throws IOException, InterruptedException, URISyntaxException {
        Path module = Path.of(Manifest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        URL tests = PythonModuleTest.class.getResource("/memmap_spark_tests");
        String printed = NumPy.run(directory, PROGRAM.formatted(module, Path.of(tests.toURI())));
        assertThat(printed.lines()).as(printed).contains("failed 0 skipped 0");
        int ran = Integer.parseInt(printed.substring(printed.lastIndexOf(' ') + 1));
        assertThat(ran).as(printed).isGreaterThanOrEqualTo(TESTS);
    }
}
