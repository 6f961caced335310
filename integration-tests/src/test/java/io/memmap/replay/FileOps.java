package io.memmap.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The library that logs the file operations of a JVM, compiled by the machine's own gcc.
 *
 * @param directory of all that the library and its processes leave
 */
public record FileOps(Path directory) {
    private static final String SOURCE = "/replay/fileops.c";

    /**
     * Compiles the library.
     *
     * @throws IOException when there is no gcc here, or it fails
     */
    public static FileOps compile(Path directory) throws IOException, InterruptedException {
        FileOps built = new FileOps(directory);
        Preloaded.compile(SOURCE, directory);
        FaultPage.create(built.page());
        Files.createDirectories(built.root());
        return built;
    }

    /** The variables with which a JVM logs its operations. */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("LD_PRELOAD", library().toString());
        variables.put("FILEOPS_ROOT", root().toString());
        variables.put("FILEOPS_LOG", log().toString());
        variables.put("FILEOPS_PAGE", page().toString());
        return variables;
    }

    private Path library() {
        return directory.resolve("fileops.so");
    }

    /** Operations below this directory are logged, and can fail. */
    Path root() {
        return directory.resolve("root");
    }

    Path log() {
        return directory.resolve("log");
    }

    Path page() {
        return directory.resolve("page");
    }
}
