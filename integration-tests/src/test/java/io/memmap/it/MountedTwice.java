package io.memmap.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory that two hosts have mounted by a file system that keeps locks to each of them, as FUSE does unless it is told
 * otherwise: two mounts by {@code bindfs}. The second host has a host name of its own.
 */
final class MountedTwice {
    /** The command that starts a process on the second host. */
    static final List<String> ON_SECOND_HOST = List.of(
            "unshare",
            "--uts",
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            "sh",
            "-c",
            "hostname second-host; exec \"$@\"",
            "sh");

    private final Path first;
    private final Path second;

    private MountedTwice(Path first, Path second) {
        this.first = first;
        this.second = second;
    }

    /** Mounts an empty directory; skips the test, with the reason, where this cannot be done. */
    static MountedTwice in(Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "no FUSE here: /dev/fuse cannot be opened");
        assumeTrue(command("sh", "-c", "command -v bindfs") == 0, "no bindfs here to mount a directory twice with");
        assumeTrue(command("unshare", "--uts", "--pid", "--fork", "--mount-proc", "true") == 0, "no namespaces here");
        Path shared = Files.createDirectory(directory.resolve("shared"));
        MountedTwice mounted = new MountedTwice(directory.resolve("first"), directory.resolve("second"));
        for (Path mount : List.of(mounted.first, mounted.second)) {
            Files.createDirectory(mount);
            if (command("bindfs", shared.toString(), mount.toString()) != 0) {
                mounted.unmount();
                assumeTrue(false, "bindfs cannot mount " + mount);
            }
        }
        return mounted;
    }

    Path first() {
        return first;
    }

    Path second() {
        return second;
    }

    private static int command(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    void unmount() throws IOException, InterruptedException {
        for (Path mount : List.of(first, second)) {
            command("umount", "--lazy", mount.toString());
        }
    }
}
