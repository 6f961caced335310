package io.memmap.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks at the files of one write. */
final class LeftFiles {
    private LeftFiles() {}

    /** The hidden files below a directory, which a write makes and has to remove, by their paths from there. */
    static List<String> hidden(Path home) throws IOException {
        try (Stream<Path> below = Files.walk(home)) {
            return below.filter(path -> path.getFileName().toString().startsWith("."))
                    .map(path -> home.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** All below a directory, with what can be told of each. */
    static SortedMap<String, String> everything(Path home) throws IOException {
        SortedMap<String, String> all = new TreeMap<>();
        try (Stream<Path> below = Files.walk(home)) {
            for (Path path : below.toList()) {
                String content = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        ? new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)
                        : "";
                all.put(
                        home.relativize(path).toString(),
                        Files.readAttributes(path, "unix:ino,ctime,mode,uid,gid", LinkOption.NOFOLLOW_LINKS) + content);
            }
        }
        return all;
    }
}
