package io.memmap.array;

import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import io.memmap.format.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An open file, as its format reads it, and the companions that it asked for. Belongs to one thread, which closes it. */
final class ContainerFile implements FormatInput, AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final long nbytes;
    private final List<ContainerFile> companions = new ArrayList<>();

    ContainerFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file);
        this.nbytes = channel.size();
    }

    /** Maps a member; {@link MemmapArray#open(Path, String)} has the contract. */
    static MemmapArray open(Path path, String member) throws IOException {
        ArrayFile found;
        MemmapFile.existing(path, Mode.READ_ONLY);
        // Companions lie beside a link, and not beside what it leads to.
        try (ContainerFile input = new ContainerFile(path.toAbsolutePath())) {
            found = ArrayDescriber.describe(input, Optional.empty(), Optional.empty(), Reading.of(member));
        }
        if (found.isSequential()) {
            throw new IOException(
                    "Cannot map " + found.shownName()
                            + ": it is deflated, expected stored bytes; write it with np.savez, which stores arrays as they are");
        }
        return MemmapArray.open(Path.of(found.path()), Mode.READ_ONLY, found.layout());
    }

    @Override
    public String path() {
        return file.toString();
    }

    @Override
    public Fingerprint fingerprint() {
        return new Fingerprint("", nbytes, 0);
    }

    @Override
    public byte[] prefix() throws IOException {
        return read(0, PREFIX_NBYTES);
    }

    @Override
    public byte[] read(long offset, int nbytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(nbytes);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes, offset + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public Optional<FormatInput> companion(String name) throws IOException {
        FormatInput.checkCompanion(path(), name);
        Path path = file.resolveSibling(name);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        ContainerFile companion = new ContainerFile(path);
        companions.add(companion);
        return Optional.of(companion);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        for (ContainerFile companion : companions) {
            companion.close();
        }
    }
}
