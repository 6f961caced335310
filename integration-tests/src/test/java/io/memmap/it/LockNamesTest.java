package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.replay.Preloaded;
import io.memmap.storage.LockNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks where the system call {@code link} does not work, or does not say so: by a library that is compiled here. */
class LockNamesTest {
    @TempDir
    private Path directory;

    private Path library;

    @BeforeEach
    void compile() throws InterruptedException {
        try {
            library = Preloaded.compile("/locks/link.c", directory);
        } catch (IOException e) {
            assumeTrue(false, "no library without hard links: " + e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "late"})
    void oneOfManyGetsTheLock(String mode) throws IOException, InterruptedException {
        Path empty = Files.createDirectory(directory.resolve(mode));
        ChildJvm.Outcome outcome = ChildJvm.run(
                directory,
                2,
                Map.of("LD_PRELOAD", library.toString(), "LINK", mode),
                List.of(),
                LockNames.class,
                empty.toString());
        assertThat(outcome.linesOf(LockNames.WINNERS)).as(outcome.tail()).containsExactly("1 to 1");
        assertThat(outcome.linesOf(LockNames.PUT_BACK)).as(outcome.tail()).containsExactly("true");
        assertThat(outcome.linesOf(LockNames.TAKEN)).as(outcome.tail()).containsExactly("true");
        assertThat(SavedFiles.names(empty)).isEmpty();
    }
}
