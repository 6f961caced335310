package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories are listed at once only where, and as long as, that is faster. */
class ListingsBelowTest {
    @TempDir
    Path directory;

    private final AtomicInteger requests = new AtomicInteger();
    private Storage storage;

    @BeforeEach
    void makeStorage() throws IOException {
        storage = Storage.of(path(""), StoreFileSystem.settings(CommonPathCapabilities.ABORTABLE_STREAM));
        write("x.npy", "p=1/a.npy", "p=1/q=1/b.npy", "p=1/q=2/c.npy", "p=1/q=2/d.npy", "p=2/q=1/e.npy", ".hidden/f");
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private String path(String name) {
        return "store:" + directory.resolve(name);
    }

    private List<List<String>> names(Storage of, String root, String... directories) throws IOException {
        List<List<String>> names = new ArrayList<>();
        List<List<StoredFile>> listings = new ListingsBelow(of, root).of(List.of(directories), path -> {
            requests.incrementAndGet();
            return of.list(path);
        });
        for (List<StoredFile> listing : listings) {
            names.add(listing.stream()
                    .map(file -> file.name() + (file.directory() ? "/" : ""))
                    .sorted()
                    .toList());
        }
        return names;
    }

    @Test
    void oneListingHasTheFilesAndDirectoriesOfAll() throws IOException {
        assertThat(names(storage, path(""), path("p=1"), path("p=1/q=2"), path("p=2"), path("gone")))
                .containsExactly(
                        List.of("a.npy", "q=1/", "q=2/"), List.of("c.npy", "d.npy"), List.of("q=1/"), List.of());
        assertThat(names(storage, path("p=1"), path("p=1"), path("p=1/q=1")))
                .containsExactly(List.of("a.npy", "q=1/", "q=2/"), List.of("b.npy"));
        assertThat(requests).hasValue(0);
    }

    @Test
    void oneDirectoryIsListedAlone() throws IOException {
        assertThat(names(storage, path(""), path("p=1/q=2"))).containsExactly(List.of("c.npy", "d.npy"));
        assertThat(requests).hasValue(1);
    }

    /** The parts of one listing come one after another. */
    @Test
    void directoriesWithManyFilesAreListedSideBySide() throws IOException {
        for (int i = 0; i < 1_100; i++) {
            write("p=2/q=3/" + i);
        }
        List<List<String>> listings = names(storage, path(""), path("p=1/q=1"), path("p=2/q=3"));
        assertThat(listings.get(0)).containsExactly("b.npy");
        assertThat(listings.get(1)).hasSize(1_100);
        assertThat(requests).hasValue(2);
    }

    @Test
    void localDirectoriesAreListedOneByOne() throws IOException {
        String local = "file:" + directory;
        assertThat(names(new LocalStorage(), local, local + "/p=1/q=1", local + "/p=2"))
                .containsExactly(List.of("b.npy"), List.of("q=1/"));
        assertThat(requests).hasValue(2);
    }
}
