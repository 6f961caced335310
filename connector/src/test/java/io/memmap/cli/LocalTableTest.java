package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.array.NpyFile;
import io.memmap.format.Reading;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions that another program put beside an array. */
class LocalTableTest {
    @TempDir
    private Path directory;

    private Path array;

    @BeforeEach
    void setUp() throws IOException {
        array = directory.resolve("x.npy");
        NpyFile.createMemmap(array, "<f8", 2).close();
    }

    private static LocalTable of(Path path) throws IOException {
        Reading plain = Reading.of(null);
        return LocalTable.of(
                path.toString(),
                new Reading(plain.claims(), null, TrailingBytes.AUTO, true, plain.maxHeaderNbytes(), null));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void descriptionsThatAreNoFilesAreNotWaitedFor() throws Exception {
        for (String name : new String[] {"_memmap.json", "x.npy.memmap.json"}) {
            Path fifo = directory.resolve(name);
            assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "mkfifo is missing here");
            assertThatThrownBy(() -> of(name.startsWith("_") ? directory : array))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Cannot read " + fifo + ": it is no regular file, expected one");
            Files.delete(fifo);
        }
    }
}
