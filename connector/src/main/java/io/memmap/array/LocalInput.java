package io.memmap.array;

import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import io.memmap.format.Reading;
import io.memmap.format.Sidecar;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A regular file of this machine, as formats read it: here, and on the command line. */
public final class LocalInput implements FormatInput {
    private final Path path;
    private final Fingerprint fingerprint;
    private byte[] prefix;

    private LocalInput(Path path, Fingerprint fingerprint) {
        this.path = path;
        this.fingerprint = fingerprint;
    }

    /**
     * Looks at a file, or at what a link leads to. It is opened for each read.
     *
     * @throws FileNotFoundException when there is none
     * @throws IOException when it is no regular file
     */
    public static LocalInput of(Path path) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            FileNotFoundException missing =
                    new FileNotFoundException("Cannot read " + path + ": no such file or directory");
            missing.initCause(e);
            throw missing;
        }
        if (!found.isRegularFile()) {
            throw new IOException("Cannot read " + path + ": it is no regular file, expected one");
        }
        String key = Objects.toString(found.fileKey(), "");
        return new LocalInput(
                path,
                new Fingerprint(
                        key.substring(Math.max(key.indexOf("ino="), 0)),
                        found.size(),
                        found.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    }

    /** Describes a member that can be mapped; {@link MemmapArray#open(Path, String)} has the contract. */
    static ArrayFile member(Path path, String member) throws IOException {
        MemmapFile.existing(path, Mode.READ_ONLY);
        // Companions lie beside a link, and not beside what it leads to.
        LocalInput input = of(path.toAbsolutePath());
        ArrayFile found = ArrayDescriber.describe(input, Optional.empty(), Optional.empty(), Reading.of(member));
        if (found.isSequential()) {
            throw new IOException(
                    "Cannot map " + found.shownName()
                            + ": it is deflated, expected stored bytes; write it with np.savez, which stores arrays as they are");
        }
        return found;
    }

    /** Returns true if there is something of this name, be it a link to nothing. */
    public static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads a sidecar or record, as {@link #text(Path, long)}. */
    public static String text(Path path) throws IOException {
        return text(path, Sidecar.MAX_NBYTES);
    }

    /** Reads a regular file of bounded length as UTF-8; any other would be waited for, or have no end. */
    public static String text(Path path, long maxNbytes) throws IOException {
        LocalInput input = of(path);
        long nbytes = input.fingerprint.nbytes();
        if (nbytes > maxNbytes) {
            throw new IOException(
                    "Cannot read " + path + ": it has " + nbytes + " bytes, expected at most " + maxNbytes);
        }
        return new String(input.read(0, (int) nbytes), StandardCharsets.UTF_8);
    }

    @Override
    public String path() {
        return path.toString();
    }

    @Override
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    @Override
    public byte[] prefix() throws IOException {
        if (prefix == null) {
            prefix = read(0, PREFIX_NBYTES);
        }
        return prefix;
    }

    @Override
    public Optional<FormatInput> companion(String name) throws IOException {
        FormatInput.checkCompanion(path(), name);
        Path companion = path.resolveSibling(name);
        return Files.isRegularFile(companion) ? Optional.of(of(companion)) : Optional.empty();
    }

    @Override
    public byte[] read(long offset, int nbytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(nbytes);
        try (FileChannel channel = FileChannel.open(path)) {
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = channel.read(bytes, offset + bytes.position());
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
