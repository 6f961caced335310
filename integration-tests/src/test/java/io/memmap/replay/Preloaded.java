package io.memmap.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A library to be preloaded into a process, compiled by the machine's own gcc. */
public final class Preloaded {
    private Preloaded() {}

    /**
     * Compiles a source of the class path.
     *
     * @param directory of the source, the library and gcc's messages
     * @throws IOException when there is no gcc here, or it fails
     */
    public static Path compile(String resource, Path directory) throws IOException, InterruptedException {
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        Path source = directory.resolve(name);
        try (InputStream input = Preloaded.class.getResourceAsStream(resource)) {
            Files.copy(input, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Path library = directory.resolve(name.replace(".c", ".so"));
        Path messages = directory.resolve("gcc.txt");
        int failed = new ProcessBuilder(List.of(
                        "gcc",
                        "-O1",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
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
        return library;
    }
}
