package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The user {@code nobody}, where this process is root's; elsewhere this user itself. */
final class AnotherUser {
    private static final String BECOME = "setpriv --reuid=65534 --regid=65534 --clear-groups ";

    /** Starts a JVM as the other user, which may read this user's class path, and write only what others may. */
    static final List<String> WITH_OUR_CLASSES = List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search");

    private AnotherUser() {}

    static boolean isAnother() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(0);
        return root && Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }

    static void assume() throws IOException {
        assumeTrue(isAnother(), "only root becomes another user, by setpriv");
    }

    /** Lets all users add files to a directory, and remove only their own. */
    static Path admit(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        return command("chmod +t " + directory) == 0 ? directory : null;
    }

    /** Runs a command of a shell. */
    static void run(String command) throws IOException {
        assertThat(command((isAnother() ? BECOME : "") + command)).as(command).isZero();
    }

    /** Starts a command of a shell, which the caller ends. */
    static Process start(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", "exec " + (isAnother() ? BECOME : "") + "sh -c '" + script + "'")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static void write(Path file, String text) throws IOException {
        Path source = Files.createTempFile("memmap-planted", ".txt");
        try {
            Files.write(source, text.getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r--r--"));
            run("cp " + source + " " + file);
        } finally {
            Files.delete(source);
        }
    }

    private static int command(String command) throws IOException {
        try {
            return new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException("Cannot run " + command + ": interrupted", e);
        }
    }
}
