package io.memmap.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Formats in the order in which a file is offered to them: the built-in ones, then those that jars of the user bring as
 * services.
 *
 * @param all each with a name of its own
 */
public record ArrayFormats(List<ArrayFormat> all) {
    static final ArrayFormat NPY = new NpyFormat();
    static final ArrayFormat RAW = new RawFormat();

    private static final ArrayFormats BUILT_IN = new ArrayFormats(List.of(
            NPY,
            new NpzFormat(),
            new SafetensorsFormat(),
            RAW,
            new IdxFormat(),
            new LlmcFormat(),
            new MegatronFormat(),
            new DatatroveFormat(),
            new XbinFormat(),
            new XvecsFormat()));

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

    public ArrayFormats {
        all = List.copyOf(all);
    }

    public static ArrayFormats builtIn() {
        return BUILT_IN;
    }

    /**
     * The built-in formats and the services that the context class loader finds. Searches the jars, so it is called once for
     * each query.
     *
     * @throws IllegalStateException when a service cannot be loaded, or has the name of another format
     */
    public static ArrayFormats known() {
        ArrayFormats known = BUILT_IN;
        try {
            for (ArrayFormat service : ServiceLoader.load(ArrayFormat.class)) {
                known = known.with(service);
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException(
                    "Cannot load the formats of arrays: " + e.getMessage()
                            + "; correct or remove the jar that brings it",
                    e);
        }
        return known;
    }

    private ArrayFormats with(ArrayFormat service) {
        String name = service.name();
        if (name.equals("auto") || named(name).isPresent() || !name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalStateException(
                    "Cannot use the format " + service.getClass().getName() + ": its name is " + name
                            + ", expected one in lower case that no other format has; correct or remove the jar that brings"
                            + " it");
        }
        List<ArrayFormat> formats = new ArrayList<>(all);
        formats.add(service);
        return new ArrayFormats(formats);
    }

    /** The format of this name in the option {@code container}, built in or a service. */
    public static Optional<ArrayFormat> find(String name) {
        Optional<ArrayFormat> builtIn = BUILT_IN.named(name);
        return builtIn.isPresent() ? builtIn : known().named(name);
    }

    /** The format of new arrays whose name does not choose one, with or without a header. */
    public static ArrayFormat ofNewArrays(boolean describesItself) {
        return describesItself ? NPY : RAW;
    }

    /** The format that a file has by its name, whatever its bytes. */
    public Optional<ArrayFormat> ofName(String fileName) {
        return all.stream().filter(format -> format.hasName(fileName)).findFirst();
    }

    /** The format of a file by its first bytes, else by its name. */
    public Optional<ArrayFormat> of(FormatInput input) throws IOException {
        Optional<ArrayFormat> recognized = recognized(input);
        return recognized.isPresent() ? recognized : ofName(input.name());
    }

    /** The names of the arrays in a file; empty unless its format gives them names. Reads no header of an array. */
    public Optional<List<String>> memberNames(FormatInput input) throws IOException {
        Optional<ArrayFormat> format = of(input).filter(ArrayFormat::namesMembers);
        List<String> names = format.isEmpty()
                ? List.of("")
                : input.members(format.get(), Reading.of(null)).stream()
                        .map(Member::name)
                        .toList();
        return names.contains("") ? Optional.empty() : Optional.of(names);
    }

    /** The format of a file by its first bytes, or by those of a companion. */
    public Optional<ArrayFormat> recognized(FormatInput input) throws IOException {
        for (ArrayFormat format : all) {
            if (format.recognizes(input)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** The format that says what is wrong with a file that nothing describes. */
    Optional<ArrayFormat> resembling(FormatInput input) throws IOException {
        for (ArrayFormat format : all) {
            if (format.resembles(input)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Returns true if a file of this name only belongs to another file. */
    public boolean isCompanion(String fileName) {
        return Sidecar.isSidecar(fileName) || all.stream().anyMatch(format -> format.isCompanion(fileName));
    }

    /** Suffixes of the files that a path without them may name. */
    public List<String> impliedSuffixes() {
        return all.stream().flatMap(format -> format.impliedSuffixes().stream()).toList();
    }

    /** The format of this name. */
    public Optional<ArrayFormat> named(String name) {
        return all.stream().filter(format -> format.name().equals(name)).findFirst();
    }

    /** The first format that has any of these names: a directory is searched for its files. */
    public Optional<ArrayFormat> ofNames(Collection<String> fileNames) {
        return all.stream()
                .filter(format -> fileNames.stream().anyMatch(format::hasName))
                .findFirst();
    }

    /** The format that the suffix of a path chooses for a new file, in any case. */
    public static Optional<ArrayFormat> ofWrittenName(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return BUILT_IN.all.stream()
                .filter(format -> format.writtenSuffixes().stream().anyMatch(name::endsWith))
                .findFirst();
    }

    /** Returns true if a file of this suffix, in lower case without its dot, is expected to be of another format. */
    public static boolean isForeignSuffix(String suffix) {
        return FOREIGN_SUFFIXES.contains(suffix)
                || known().all.stream()
                        .anyMatch(format -> format.writtenSuffixes().isEmpty() && format.hasName("x." + suffix));
    }
}
