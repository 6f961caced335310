package io.memmap.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory that another program wrote in a format of its own, whose files are no array end to end: a stack of Dask on
 * another axis, or chunks of Zarr. Reads a few bytes of one file.
 */
public final class ForeignDirectory {
    private static final List<String> ZARR = List.of(".zarray", ".zgroup", "zarr.json");

    /** Protocols 2 to 5, and a dict in protocols 0 and 1. */
    private static final Pattern PICKLE = Pattern.compile("\200[\2-\5]|\\(dp|}q\0");
    /** The last entry of a dict, its key remembered in one of the ways of protocols 0 to 5, then the end. */
    private static final Pattern AXIS = Pattern.compile(
            "(?:\214\4|X\4\0\0\0|U\4)axis(?:\224|q.|r.{4})K(.)u\\.$|[SV]'?axis'?\np\\d+\nI(\\d+)\ns\\.$",
            Pattern.DOTALL);

    private static final int AXIS_NBYTES = 32;

    /** Opens a file of the directory; empty if it cannot be looked at, such as a FIFO. */
    @FunctionalInterface
    public interface Opener {
        Optional<FormatInput> open(String name) throws IOException;
    }

    private final String directory;

    private ForeignDirectory(String directory) {
        this.directory = directory;
    }

    /**
     * Checks a directory without a manifest.
     *
     * @param names of the files in it, hidden ones included
     * @throws IOException when its files are no array end to end, unless the request names another container
     */
    public static void check(String directory, Collection<String> names, Reading reading, Opener opener)
            throws IOException {
        ForeignDirectory foreign = new ForeignDirectory(directory);
        ArrayFormat container = reading.claims().container();
        boolean stacked = names.contains("info") && names.contains("0.npy");
        if (stacked && (container == null || container.describesItself())) {
            foreign.checkAxis(opener);
        }
        if (container == null && reading.formats().ofNames(names).isEmpty()) {
            foreign.checkNotChunked(names);
        }
    }

    /**
     * Checks that files {@code 0.npy}, {@code 1.npy}, … follow one another on axis 0. Dask's {@code to_npy_stack} puts a
     * pickle with the axis beside them. It is not unpickled, as that would run its code.
     */
    private void checkAxis(Opener opener) throws IOException {
        String axis;
        try {
            Optional<FormatInput> info = opener.open("info");
            axis = info.isEmpty() ? "0" : axis(info.get());
        } catch (IOException e) {
            throw new IOException(
                    "Cannot read " + directory + ": its file info, which may say that this is a stack of .npy files by"
                            + " Dask, cannot be read (" + e.getMessage() + "), expected one that can; read the files"
                            + " end to end by the pattern " + directory + "/*.npy",
                    e);
        }
        if (!axis.equals("0")) {
            throw new IOException("Cannot read " + directory + ": it is a stack of .npy files that Dask wrote, and its"
                    + " file info does not say axis 0, expected files that follow one another on axis 0, found "
                    + (axis.isEmpty() ? "no known spelling of an axis" : "axis " + axis) + "; stack it on"
                    + " axis 0, or read its files end to end by the pattern " + directory + "/*.npy");
        }
    }

    /** The axis that a pickle states; empty for one in no known spelling, 0 for a file that is no pickle. */
    private static String axis(FormatInput info) throws IOException {
        if (!PICKLE.matcher(read(info, 0)).lookingAt()) {
            return "0";
        }
        Matcher axis = AXIS.matcher(read(info, Math.max(info.fingerprint().nbytes() - AXIS_NBYTES, 0)));
        if (!axis.find()) {
            return "";
        }
        return axis.group(1) == null
                ? axis.group(2)
                : String.valueOf((int) axis.group(1).charAt(0));
    }

    private static String read(FormatInput file, long offset) throws IOException {
        return new String(file.read(offset, AXIS_NBYTES), StandardCharsets.ISO_8859_1);
    }

    /** Checks that the files are no chunks, whose places are in their names, and which are compressed mostly. */
    private void checkNotChunked(Collection<String> names) throws IOException {
        for (String name : ZARR) {
            if (names.contains(name)) {
                throw new IOException("Cannot read " + directory + ": it is a Zarr array or group, as its file " + name
                        + " says, expected .npy or raw files; export it with np.save, or set container=raw to read its"
                        + " chunks as they are");
            }
        }
    }
}
