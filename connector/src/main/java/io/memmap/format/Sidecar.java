package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.format.Claims.Source;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The content of {@code <name>.memmap.json}, which describes the raw file {@code <name>} beside it. Immutable.
 *
 * <p>Of the keys {@code dtype}, {@code shape}, {@code order}, {@code offset}, {@code columnNames}, {@code layout} and
 * {@code fileNbytes} only the first is needed in a file written by hand.
 *
 * @param shape the whole shape; without it axis 0 takes what the file holds
 * @param offset bytes from the start of the file to its first element
 * @param columnNames by position; empty for the usual ones
 * @param layout null for the usual one
 * @param fileNbytes the length of the raw file when this was written
 */
public record Sidecar(
        DType dtype,
        Optional<Shape> shape,
        Optional<Order> order,
        OptionalLong offset,
        List<String> columnNames,
        RowLayout layout,
        OptionalLong fileNbytes) {

    /** The suffix that follows the name of an array file. */
    public static final String SUFFIX = ".memmap.json";

    /** The most bytes of a sidecar, or of any other text but a manifest. */
    public static final long MAX_NBYTES = 16L << 20;

    private static final List<String> KEYS =
            List.of("dtype", "shape", "order", "offset", "columnNames", "layout", "fileNbytes");

    public Sidecar {
        Objects.requireNonNull(dtype);
        Objects.requireNonNull(shape);
        Objects.requireNonNull(order);
        columnNames = List.copyOf(columnNames);
        Objects.requireNonNull(offset);
        Objects.requireNonNull(fileNbytes);
    }

    /** The path of the sidecar of an array file. */
    public static String pathOf(String arrayPath) {
        return arrayPath + SUFFIX;
    }

    /** The path of the array file that a sidecar of this path describes. */
    public static String arrayOf(String sidecarPath) {
        return sidecarPath.substring(0, sidecarPath.length() - SUFFIX.length());
    }

    /** Returns true if a file of this name is a sidecar, and no array. */
    public static boolean isSidecar(String name) {
        return name.endsWith(SUFFIX);
    }

    /**
     * Reads the sidecar of a file, which a write may have left {@linkplain SidecarTransit in transit}.
     *
     * @param array the file that it describes
     * @param path the path of that file
     * @param file the path of the sidecar
     * @return empty if that file has none
     * @throws IOException when the text is not that of a sidecar, or describes other files than this one
     */
    public static Optional<Sidecar> of(String json, Fingerprint array, String path, String file) throws IOException {
        Optional<SidecarTransit> transit = SidecarTransit.parse(json, file);
        if (transit.isEmpty()) {
            return Optional.of(parse(json, file));
        }
        String text = transit.get().of(array);
        if (text == null) {
            throw new IOException("Cannot read " + path + ": its sidecar " + file
                    + " was left by a write that did not end, and describes other files than this one, found "
                    + SidecarTransit.identity(array) + ", expected "
                    + transit.get().identities()
                    + "; remove the sidecar or write it anew, or set sidecar=ignore");
        }
        return text.isEmpty() ? Optional.empty() : of(text, array, path, file);
    }

    /**
     * Reads a sidecar's text.
     *
     * @param file the sidecar's path, for messages
     * @throws IOException when the text is no JSON, a key is unknown, or a value is not what its key takes
     */
    public static Sidecar parse(String json, String file) throws IOException {
        JsonFields fields = JsonFields.parse(json, file);
        fields.checkKeys(KEYS);
        DType dtype = fields.dtype("dtype");
        Optional<Shape> shape = fields.has("shape") ? Optional.of(fields.shape("shape")) : Optional.empty();
        Optional<Order> order = fields.order("order");
        OptionalLong offset = fields.count("offset");
        fields.checkFits(dtype, shape.orElse(Shape.of()), order.orElse(Order.C), offset.orElse(0));
        return new Sidecar(
                dtype,
                shape,
                order,
                offset,
                fields.names("columnNames"),
                fields.layout("layout", false),
                fields.count("fileNbytes"));
    }

    /**
     * The dict of columns and paths in a sidecar without an array: the arrays of its directory that are side by side under
     * its name.
     *
     * @return null if the sidecar has none, and so describes an array
     * @throws IOException when the text is no JSON, or has other keys
     */
    public static Map<?, ?> columnPaths(String json, String file) throws IOException {
        return JsonFields.parse(json, file).columnPaths();
    }

    /** Its statements about the array beside it. */
    public Claims claims(String arrayPath) {
        return new Claims(
                Source.sidecar(pathOf(arrayPath)),
                dtype,
                shape.map(Claims::dims).orElse(null),
                order.orElse(null),
                offset.isPresent() ? offset.getAsLong() : null,
                null,
                columnNames,
                layout);
    }

    /**
     * The words of messages for the text of the sidecar that a raw file lacks: the text itself where options give its dtype
     * and fit its length, else an example.
     */
    public static String proposed(Claims options, long fileNbytes) {
        DType dtype = options.dtype();
        if (dtype != null) {
            long offset = options.offset() == null ? 0 : options.offset();
            List<Long> axes = options.shape() == null ? List.of(Claims.ANY_ROWS) : options.shape();
            long rowNbytes = dtype.itemsize();
            for (long length : axes.isEmpty() ? axes : axes.subList(1, axes.size())) {
                rowNbytes = length > 0 && rowNbytes <= fileNbytes / length ? rowNbytes * length : -1;
            }
            long nbytes = fileNbytes - offset;
            List<Long> lengths = new ArrayList<>(axes);
            if (!lengths.isEmpty() && lengths.get(0) == Claims.ANY_ROWS && rowNbytes > 0) {
                lengths.set(0, nbytes / rowNbytes);
            }
            if (!lengths.isEmpty() && rowNbytes > 0 && nbytes >= 0 && lengths.get(0) * rowNbytes == nbytes) {
                return new Sidecar(
                                dtype,
                                Optional.of(Shape.of(lengths.stream()
                                        .mapToLong(Long::longValue)
                                        .toArray())),
                                Optional.ofNullable(options.order()),
                                options.offset() == null ? OptionalLong.empty() : OptionalLong.of(offset),
                                List.of(),
                                null,
                                OptionalLong.empty())
                        .toJson()
                        .strip();
            }
        }
        return "its dtype and shape, as in {\"dtype\": \"<f4\", \"shape\": [1000, 4]}";
    }

    /** The text to write: one line, read back by {@link #parse} to an equal sidecar. */
    public String toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("dtype", Literal.parsePython(dtype.descr()));
        shape.ifPresent(lengths -> fields.put("shape", Claims.dims(lengths)));
        order.ifPresent(axes -> fields.put("order", axes.name()));
        offset.ifPresent(nbytes -> fields.put("offset", nbytes));
        if (!columnNames.isEmpty()) {
            fields.put("columnNames", columnNames);
        }
        if (layout != null) {
            fields.put("layout", layout.toString());
        }
        fileNbytes.ifPresent(nbytes -> fields.put("fileNbytes", nbytes));
        return Literal.toJson(fields) + "\n";
    }
}
