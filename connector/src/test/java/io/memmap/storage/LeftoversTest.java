package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.format.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {
    private static final String UUID = "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f";

    @TempDir
    private Path directory;

    private Path staged(String child) throws IOException {
        Path staging = Files.createDirectories(directory.resolve(".x." + UUID.replace("0f0f-", "1f1f-") + ".staging"));
        Files.createDirectories(staging.resolve(child).getParent());
        return Files.writeString(staging.resolve(child), "");
    }

    private List<String> leftovers(String scheme) throws IOException {
        Storage storage = Storage.of(scheme + ":" + directory, StoreFileSystem.settings());
        return Leftovers.of(storage, scheme + ":" + directory + "/x").stream()
                .map(StoredFile::name)
                .toList();
    }

    /** A user who can rename a directory must not have its files deleted by it. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "store"})
    void anArrayThatGotTheNameOfAStagingDirectoryIsNone(String scheme) throws IOException {
        Path array = Files.createDirectory(directory.resolve(".x." + UUID + ".staging"));
        Files.writeString(array.resolve("part-000000-0f0f0f0f.npy"), "rows");
        Files.writeString(array.resolve(Manifest.NAME), "{}");
        Path staged = staged("array/" + Manifest.NAME);
        assertThat(leftovers(scheme))
                .containsExactly(staged.getParent().getParent().getFileName().toString());
    }
}
