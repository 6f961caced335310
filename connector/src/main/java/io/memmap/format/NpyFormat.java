package io.memmap.format;

import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A .npy file: one array after a header that describes it. */
final class NpyFormat implements ArrayFormat {
    private static final String SUFFIX = ".npy";

    @Override
    public String name() {
        return "npy";
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(SUFFIX);
    }

    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        return NpyHeader.hasMagic(prefix);
    }

    @Override
    public List<String> writtenSuffixes() {
        return List.of(SUFFIX);
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        String path = input.path();
        byte[] head = head(input, reading);
        Layout layout =
                NpyHeader.parse(head, path, input.fingerprint().nbytes()).layout();
        ArrayFile file = new ArrayFile(path, input.fingerprint(), ByteString.of(head), layout, Origin.NPY);
        if (reading.trailingBytes() == TrailingBytes.ERROR && file.trailingNbytes() > 0) {
            throw new IOException(
                    "Cannot read " + path + ": " + file.trailingNbytes() + " bytes follow the array of shape "
                            + layout.shape() + " that its header declares, expected none under trailingBytes=error");
        }
        return List.of(Member.of(file));
    }

    /** The bytes of the header, magic included. */
    static byte[] head(FormatInput input, Reading reading) throws IOException {
        byte[] prefix = input.prefix();
        long fileNbytes = input.fingerprint().nbytes();
        if (!NpyHeader.hasMagic(prefix) && prefix.length > 0) {
            throw new NpyFormatException(
                    input.path(),
                    NpyHeader.noMagic(prefix, fileNbytes)
                            + "; to read a file without a header, set container=raw and dtype");
        }
        try {
            int nbytes = NpyHeader.headerNbytes(prefix, input.path(), fileNbytes, reading.maxHeaderNbytes());
            byte[] head = nbytes <= prefix.length ? Arrays.copyOf(prefix, nbytes) : input.read(0, nbytes);
            NpyHeader.checkLength(head, input.path(), reading.maxHeaderNbytes());
            return head;
        } catch (LongHeaderException e) {
            throw e.advising(length -> "set maxHeaderNbytes=" + length);
        }
    }
}
