package io.memmap.format;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The registry of formats, in the order in which a file is offered to them. */
public final class ArrayFormats {
    static final ArrayFormat NPY = new NpyFormat();
    static final ArrayFormat RAW = new RawFormat();

    private static final List<ArrayFormat> ALL = List.of(NPY, new NpzFormat(), new SafetensorsFormat(), RAW);

    /** Suffixes by which other programs would take a directory for a file. */
    private static final Set<String> FOREIGN_SUFFIXES = Set.of(
            "npz",
            "parquet",
            "orc",
            "avro",
            "arrow",
            "feather",
            "csv",
            "tsv",
            "json",
            "jsonl",
            "txt",
            "xml",
            "xlsx",
            "h5",
            "hdf5",
            "hdf",
            "nc",
            "zarr",
            "mat",
            "fits",
            "tif",
            "tiff",
            "png",
            "jpg",
            "jpeg",
            "wav",
            "pkl",
            "pickle",
            "pt",
            "pth",
            "safetensors",
            "db",
            "sqlite",
            "zip",
            "tar",
            "tgz",
            "gz",
            "bz2",
            "xz",
            "zst");

    private ArrayFormats() {}

    public static List<ArrayFormat> all() {
        return ALL;
    }

    /** The format of new arrays whose name does not choose one, with or without a header. */
    public static ArrayFormat ofNewArrays(boolean describesItself) {
        return describesItself ? NPY : RAW;
    }

    /** The format that a file has by its name, whatever its bytes. */
    public static Optional<ArrayFormat> ofName(String fileName) {
        return ALL.stream().filter(format -> format.hasName(fileName)).findFirst();
    }

    /** The format of a file by its first bytes, else by its name. */
    public static Optional<ArrayFormat> of(FormatInput input) throws IOException {
        Optional<ArrayFormat> byMagic =
                ofMagic(input.prefix(), input.fingerprint().nbytes());
        return byMagic.isPresent() ? byMagic : ofName(input.path());
    }

    /** The names of the arrays in a file; empty unless its format gives them names. Reads no header of an array. */
    public static Optional<List<String>> memberNames(FormatInput input) throws IOException {
        Optional<ArrayFormat> format = of(input).filter(ArrayFormat::namesMembers);
        return format.isEmpty()
                ? Optional.empty()
                : Optional.of(format.get().members(input, Reading.of(null)).stream()
                        .map(Member::name)
                        .toList());
    }

    /** The format of this name in the option {@code container}. */
    public static Optional<ArrayFormat> named(String name) {
        return ALL.stream().filter(format -> format.name().equals(name)).findFirst();
    }

    /** The first format that has any of these names: a directory is searched for its files. */
    public static Optional<ArrayFormat> ofNames(Collection<String> fileNames) {
        return ALL.stream()
                .filter(format -> fileNames.stream().anyMatch(format::hasName))
                .findFirst();
    }

    /** The format whose magic a file has; {@link ArrayFormat#hasMagic} has the parameters. */
    static Optional<ArrayFormat> ofMagic(byte[] prefix, long fileNbytes) {
        return ALL.stream()
                .filter(format -> format.hasMagic(prefix, fileNbytes))
                .findFirst();
    }

    /** The format that the suffix of a path chooses for a new file, in any case. */
    public static Optional<ArrayFormat> ofWrittenName(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(format -> format.writtenSuffixes().stream().anyMatch(name::endsWith))
                .findFirst();
    }

    /** Returns true if a file of this suffix, in lower case without its dot, is expected to be of another format. */
    public static boolean isForeignSuffix(String suffix) {
        return FOREIGN_SUFFIXES.contains(suffix);
    }
}
