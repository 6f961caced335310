package io.memmap.storage;

import io.memmap.format.FileMagic;
import io.memmap.format.FormatInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory that another program wrote in a format of its own: a stack of Dask, an array of Zarr, or files of a format
 * that is none of ours. Driver side; reads a few bytes of a few files.
 */
final class ForeignDirectory {
    private static final List<String> ZARR = List.of(".zarray", ".zgroup", "zarr.json");
    private static final int FILES = 16;

    /** Protocols 2 to 5, and a dict in protocols 0 and 1. */
    private static final Pattern PICKLE = Pattern.compile("\200[\2-\5]|\\(dp|}q\0");
    /** The last entry of a dict, its key remembered in one of the ways of protocols 0 to 5, then the end. */
    private static final Pattern AXIS = Pattern.compile(
            "(?:\214\4|X\4\0\0\0|U\4)axis(?:\224|q.|r.{4})K(.)u\\.$|[SV]'?axis'?\np\\d+\nI(\\d+)\ns\\.$",
            Pattern.DOTALL);

    private static final int AXIS_NBYTES = 32;

    private final Storage storage;
    private final StoredFile directory;
    private final List<StoredFile> children;

    ForeignDirectory(Storage storage, StoredFile directory, List<StoredFile> children) {
        this.storage = storage;
        this.directory = directory;
        this.children = children;
    }

    /**
     * Checks that files {@code 0.npy}, {@code 1.npy}, … follow one another on axis 0. Dask's {@code to_npy_stack} puts a
     * pickle with the axis beside them. It is not unpickled, as that would run its code.
     */
    void checkNotStacked() throws IOException {
        Optional<StoredFile> info = file("info");
        // A listing cannot look at a FIFO or a broken link.
        if (info.isEmpty() || info.get().fingerprint() == null || file("0.npy").isEmpty()) {
            return;
        }
        String axis = axis(info.get());
        if (!axis.equals("0")) {
            throw new IOException("Cannot read " + directory.path()
                    + ": it is a stack of .npy files that Dask wrote, and its file info"
                    + " does not say axis 0, expected files that follow one another on axis 0, found "
                    + (axis.isEmpty() ? "no known spelling of an axis" : "axis " + axis) + "; stack it on"
                    + " axis 0, or read its files end to end by the pattern " + directory.path() + "/*.npy");
        }
    }

    /** The axis that a pickle states; empty for one in no known spelling, 0 for a file that is no pickle. */
    private String axis(StoredFile info) throws IOException {
        try {
            long end = info.fingerprint().nbytes();
            if (!PICKLE.matcher(read(info, 0)).lookingAt()) {
                return "0";
            }
            Matcher axis = AXIS.matcher(read(info, Math.max(end - AXIS_NBYTES, 0)));
            if (!axis.find()) {
                return "";
            }
            return axis.group(1) == null
                    ? axis.group(2)
                    : String.valueOf((int) axis.group(1).charAt(0));
        } catch (IOException e) {
            throw new IOException(
                    "Cannot read " + directory.path()
                            + ": its file info, which may say that this is a stack of .npy files"
                            + " by Dask, cannot be read (" + e.getMessage()
                            + "), expected one that can; read the files end to"
                            + " end by the pattern " + directory.path() + "/*.npy",
                    e);
        }
    }

    private String read(StoredFile file, long offset) throws IOException {
        return new String(storage.read(file.path(), offset, AXIS_NBYTES), StandardCharsets.ISO_8859_1);
    }

    /** Checks that the files are no chunks, whose places are in their names, and which are compressed mostly. */
    void checkNotChunked() throws IOException {
        for (String name : ZARR) {
            if (file(name).isPresent()) {
                throw new IOException(
                        "Cannot read " + directory.path() + ": it is a Zarr array or group, as its file " + name
                                + " says, expected .npy or raw files; export it with np.save, or set container=raw to read its"
                                + " chunks as they are");
            }
        }
    }

    private Optional<StoredFile> file(String name) {
        return children.stream()
                .filter(child -> !child.directory() && child.name().equals(name))
                .findFirst();
    }

    /** Names the first of these files whose format is known: {@code a.wav is a WAV file, …}. */
    static Optional<String> firstKnown(Storage storage, List<StoredFile> files) {
        for (StoredFile file : files.subList(0, Math.min(files.size(), FILES))) {
            if (file.fingerprint() == null) {
                continue;
            }
            try {
                byte[] prefix = storage.read(file.path(), 0, FormatInput.PREFIX_NBYTES);
                String advice = FileMagic.advice(prefix, file.fingerprint().nbytes());
                if (advice != null) {
                    return Optional.of(file.name() + " " + advice);
                }
            } catch (IOException e) {
                // It would only make an error clearer.
            }
        }
        return Optional.empty();
    }
}
