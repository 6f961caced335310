package io.memmap.examples;

import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of the programs: options of the data source. A wrong one ends the program with a message. */
final class Arguments {
    private Arguments() {}

    /** Options of the data source, as {@code name=value}. */
    static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "Cannot read an option: found " + argument + ", expected name=value");
            }
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return options;
    }

    /** Prints the error that ends this thread as one line, without a stack trace. */
    static void failInOneLine() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> System.err.println(line(error)));
    }

    private static String line(Throwable error) {
        // The message of these is only the path.
        boolean bare = error instanceof FileSystemException || error.getMessage() == null;
        String text = bare ? error.toString() : error.getMessage();
        return text.lines().findFirst().orElse(text);
    }
}
