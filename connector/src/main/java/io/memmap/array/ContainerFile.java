package io.memmap.array;

import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Fingerprint;
import io.memmap.format.FormatInput;
import io.memmap.format.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** An open file of a container, as its format reads it. Belongs to one thread, which closes the channel. */
record ContainerFile(String path, FileChannel channel, Fingerprint fingerprint) implements FormatInput {

    /** Maps a member; {@link MemmapArray#open(Path, String)} has the contract. */
    static MemmapArray open(Path path, String member) throws IOException {
        Path file = MemmapFile.existing(path, Mode.READ_ONLY);
        ArrayFile found;
        try (FileChannel channel = FileChannel.open(file)) {
            FormatInput input = new ContainerFile(file.toString(), channel, new Fingerprint("", channel.size(), 0));
            found = ArrayDescriber.describe(input, Optional.empty(), Optional.empty(), Reading.of(member));
        }
        if (found.isSequential()) {
            throw new IOException(
                    "Cannot map " + found.shownName()
                            + ": it is deflated, expected stored bytes; write it with np.savez, which stores arrays as they are");
        }
        return MemmapArray.open(file, Mode.READ_ONLY, found.layout());
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
}
