package io.memmap.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
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
        Path source = directory.resolve("fileops.c");
        try (InputStream input = FileOps.class.getResourceAsStream(SOURCE)) {
            Files.copy(input, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Path messages = directory.resolve("gcc.txt");
        int failed = new ProcessBuilder(List.of(
                        "gcc",
                        "-O1",
                        "-shared",
                        "-fPIC",
                        "-o",
                        built.library().toString(),
                        source.toString(),
                        "-ldl",
                        "-lpthread"))
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start()
                .waitFor();
        if (failed != 0) {
            throw new IOException("Cannot compile " + source + ": " + Files.readString(messages));
        }
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
