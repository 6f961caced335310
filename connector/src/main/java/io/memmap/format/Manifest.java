package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.dtype.RecordDType;
import io.memmap.format.Claims.Source;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The content of {@code _memmap.json}: the files of its directory, or below it, that are the array, in row order. Immutable.
 *
 * @param trailingShape the shape of one row
 * @param columnNames by position; empty for the usual ones
 * @param layout null for the usual one; {@link RowLayout#SIDE_BY_SIDE} where each field
 *     of the dtype, a record, is an array of its own, whose files are in its {@linkplain ColumnArray#directory directory}
 * @param shards in row order; no two of one name
 * @param partitionTypes SQL's names of the types that a table declares for the columns of its directories, by the columns'
 *     names; empty where readers infer them
 * @param dropped true while the array is being deleted: it is none any more, and what is left of its files may go
 */
public record Manifest(
        DType dtype,
        Shape trailingShape,
        Optional<Order> order,
        List<String> columnNames,
        RowLayout layout,
        List<Shard> shards,
        Map<String, String> partitionTypes,
        boolean dropped) {

    /** The manifest of an array that is there. */
    public Manifest(
            DType dtype,
            Shape trailingShape,
            Optional<Order> order,
            List<String> columnNames,
            RowLayout layout,
            List<Shard> shards) {
        this(dtype, trailingShape, order, columnNames, layout, shards, Map.of(), false);
    }

    /** The name of the file, in every directory. */
    public static final String NAME = "_memmap.json";

    /** A manifest of more bytes is neither written nor read. */
    public static final long MAX_NBYTES = 256L << 20;

    /**
     * One file of the directory.
     *
     * @param name a plain file name; of a file below a directory of the directory, the path from there, with slashes
     * @param rows its length on axis 0
     * @param dtype of its elements, where it is not that of the manifest; else empty
     * @param order of its axes, where it is not that of the manifest; else empty
     */
    public record Shard(String name, long rows, Optional<DType> dtype, Optional<Order> order) {
        /** A file of the manifest's dtype and order. */
        public Shard(String name, long rows) {
            this(name, rows, Optional.empty(), Optional.empty());
        }

        /**
         * Checks name and rows.
         *
         * @throws IllegalArgumentException for a path that leaves the directory, a hidden name, and for negative rows
         */
        public Shard {
            if (!isPath(name)) {
                throw new IllegalArgumentException("Cannot list shard '" + name + "': expected "
                        + (name.indexOf('/') < 0
                                ? "a plain file name that begins with neither _ nor ."
                                : "a path of plain names that begin with neither _ nor ."));
            }
            if (rows < 0) {
                throw new IllegalArgumentException(
                        "Cannot list shard '" + name + "': " + rows + " rows, expected 0 or more");
            }
        }

        /** Returns true for a path that a manifest can list: plain names, none of them hidden. */
        public static boolean isPath(String name) {
            int slash = name.indexOf('/');
            for (int from = 0; slash >= 0; slash = name.indexOf('/', from)) {
                String directory = name.substring(from, slash);
                // A hidden name may be one of Spark's partitions: a column's name begins with what it likes.
                if (!isPlain(directory) || (directory.startsWith("_") && directory.indexOf('=') < 0)) {
                    return false;
                }
                from = slash + 1;
            }
            String file = name.substring(name.lastIndexOf('/') + 1);
            return isPlain(file) && !file.startsWith("_");
        }

        private static boolean isPlain(String name) {
            return !name.isEmpty() && !name.startsWith(".") && name.chars().noneMatch(c -> c == '\\' || c < ' ');
        }

        /** The directories on the way to it, each with a slash after it; empty where there are none. */
        public String directory() {
            return name.substring(0, name.lastIndexOf('/') + 1);
        }
    }

    /**
     * Checks the list of shards.
     *
     * @throws IllegalArgumentException when two have one name, the bytes of all together leave 64 bits, a row has too
     *     many axes, or a type is that of no partition column
     */
    public Manifest {
        Objects.requireNonNull(dtype);
        Objects.requireNonNull(trailingShape);
        Objects.requireNonNull(order);
        columnNames = List.copyOf(columnNames);
        shards = List.copyOf(shards);
        partitionTypes = Map.copyOf(partitionTypes);
        if (trailingShape.ndim() >= Shape.MAX_NDIM) {
            throw new IllegalArgumentException("Cannot list shards: trailingShape has " + trailingShape.ndim()
                    + " axes, expected at most " + (Shape.MAX_NDIM - 1) + ", as the rows are an axis too");
        }
        checkShards(shards, dtype, trailingShape);
        checkTypes(shards, partitionTypes);
        if (layout == RowLayout.SIDE_BY_SIDE) {
            checkColumns(shards, dtype, trailingShape);
        }
    }

    /**
     * Reads a manifest's text as a stream.
     *
     * @param file the manifest's path, for messages
     * @throws IOException when the text is no JSON, a key is unknown, or a value is not what its key takes
     */
    public static Manifest parse(Reader json, String file) throws IOException {
        return ManifestParser.parse(json, file);
    }

    /** The text to write: one line, read back by {@link #parse} to an equal manifest. */
    public String toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", version());
        fields.put("dtype", Literal.parsePython(dtype.descr()));
        fields.put("trailingShape", Claims.dims(trailingShape));
        order.ifPresent(axes -> fields.put("order", axes.name()));
        if (!columnNames.isEmpty()) {
            fields.put("columnNames", columnNames);
        }
        if (layout != null) {
            fields.put("layout", layout.toString());
        }
        if (!partitionTypes.isEmpty()) {
            fields.put("partitionTypes", new TreeMap<>(partitionTypes));
        }
        if (dropped) {
            fields.put("dropped", true);
        }
        String head = Literal.toJson(fields);
        StringBuilder json = new StringBuilder(head.substring(0, head.length() - 1)).append(", \"shards\": [");
        String separator = "";
        for (Shard shard : shards) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", shard.name());
            entry.put("rows", shard.rows());
            shard.dtype().ifPresent(own -> entry.put("dtype", Literal.parsePython(own.descr())));
            shard.order().ifPresent(own -> entry.put("order", own.name()));
            json.append(separator).append(Literal.toJson(entry));
            separator = ", ";
        }
        return json.append("]}\n").toString();
    }

    /** Returns true if it lists files of directories below its own, which are no columns. */
    public boolean isPartitioned() {
        return columns().isEmpty()
                && (!partitionTypes.isEmpty()
                        || shards.stream().anyMatch(shard -> !shard.directory().isEmpty()));
    }

    /** The version of the text: only one of directories below its own needs the second. */
    private long version() {
        return isPartitioned() || !columns().isEmpty() ? ManifestParser.VERSION_OF_PATHS : ManifestParser.VERSION;
    }

    /** The same for an array that is being deleted. */
    public Manifest asDropped() {
        return new Manifest(dtype, trailingShape, order, columnNames, layout, shards, partitionTypes, true);
    }

    /** The same with these types of partition columns. */
    public Manifest withPartitionTypes(Map<String, String> types) {
        return new Manifest(dtype, trailingShape, order, columnNames, layout, shards, types, dropped);
    }

    /** The arrays that are side by side; empty if it lists one array. */
    public List<ColumnArray> columns() {
        return layout == RowLayout.SIDE_BY_SIDE ? ColumnArray.of((RecordDType) dtype) : List.of();
    }

    /** The same for the files of one directory: those of a column are an array of its own. */
    public Manifest in(String directory) {
        return inColumns().getOrDefault(directory, this);
    }

    /** The same for the files of each column, by the column's directory; empty if it lists one array. */
    public Map<String, Manifest> inColumns() {
        Map<String, Manifest> columns = new HashMap<>();
        for (ColumnArray column : columns()) {
            columns.put(
                    column.directory(),
                    new Manifest(column.dtype(), column.trailing(), order, List.of(), null, List.of()));
        }
        return columns;
    }

    /** Its statements about one of its shards, which is of its array: see {@link #in}. */
    public Claims claims(Shard shard, String file) {
        return new Claims(
                Source.manifest(file),
                shard.dtype().orElse(dtype),
                Claims.dims(trailingShape.ofRows(shard.rows())),
                shard.order().or(() -> order).orElse(null),
                null,
                null,
                columnNames,
                layout);
    }

    private static void checkColumns(List<Shard> shards, DType dtype, Shape trailingShape) {
        if (!(dtype instanceof RecordDType record) || trailingShape.ndim() > 0) {
            throw new IllegalArgumentException("Cannot list arrays side by side: found rows of shape " + trailingShape
                    + " of " + dtype + ", expected a record, with a field for each array");
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        ColumnArray.of(record).forEach(column -> rows.put(column.directory(), 0L));
        for (Shard shard : shards) {
            if (rows.computeIfPresent(shard.directory(), (directory, before) -> before + shard.rows()) == null) {
                throw new IllegalArgumentException("Cannot list shard '" + shard.name() + "': expected it in one of "
                        + rows.keySet() + ", the directories of the arrays side by side");
            }
        }
        String first = rows.keySet().iterator().next();
        rows.forEach((directory, count) -> {
            if (!count.equals(rows.get(first))) {
                throw new IllegalArgumentException("Cannot list arrays side by side: " + first + " has "
                        + rows.get(first) + " rows, " + directory + " " + count + ", expected equal row counts");
            }
        });
    }

    private static void checkTypes(List<Shard> shards, Map<String, String> partitionTypes) {
        List<String> columns = shards.isEmpty()
                ? List.of()
                : PartitionPath.columns(shards.get(0).directory());
        for (String column : new TreeSet<>(partitionTypes.keySet())) {
            if (!shards.isEmpty() && columns.stream().noneMatch(column::equalsIgnoreCase)) {
                throw new IllegalArgumentException("Cannot give a type to partition column '" + column
                        + "': the partition columns are " + columns + ", expected one of them; correct partitionTypes");
            }
        }
    }

    private static void checkShards(List<Shard> shards, DType dtype, Shape trailingShape) {
        Set<String> names = new HashSet<>();
        for (Shard shard : shards) {
            if (!names.add(shard.name())) {
                throw new IllegalArgumentException(
                        "Cannot list shard '" + shard.name() + "': listed twice, expected each name once");
            }
        }
        try {
            long rows = 0;
            long nbytes = 0;
            for (Shard shard : shards) {
                long itemsize = shard.dtype().orElse(dtype).itemsize();
                long rowNbytes = Math.multiplyExact(trailingShape.size(), itemsize);
                rows = Math.addExact(rows, shard.rows());
                nbytes = Math.addExact(nbytes, Math.multiplyExact(shard.rows(), rowNbytes));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "Cannot list shards: rows of shape " + trailingShape + " and dtype " + dtype
                            + " leave 64 bits, expected at most 2^63-1 bytes",
                    e);
        }
    }
}
