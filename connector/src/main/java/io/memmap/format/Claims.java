package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Statements of one source about one array: options, a header, a sidecar, a manifest. A field is null where the source does
 * not state it. Immutable. {@link Agreement} compares them.
 *
 * @param shape all axes; the first length may be {@link #ANY_ROWS}
 * @param columnNames by position; empty where they are not stated
 * @param layout {@code columns}, {@code array} or {@code elements}
 */
public record Claims(
        Source source,
        DType dtype,
        List<Long> shape,
        Order order,
        Long offset,
        ArrayFormat container,
        List<String> columnNames,
        RowLayout layout) {

    /** A first length that agrees with any number of rows. */
    public static final long ANY_ROWS = -1;

    /** The author of claims, and the remedy if they are wrong. */
    public record Source(String name, String remedy) {
        public static final Source OPTIONS = new Source("the option", "remove or correct the option");
        static final Source SCHEMA = new Source("the schema", "correct the schema");
        static final Source HEADER = new Source("its header", "write the file again");
        static final Source EXISTING = new Source("the array that is there", "overwrite the array");

        static Source sidecar(String path) {
            return new Source("its sidecar " + path, "correct the sidecar or set sidecar=ignore");
        }

        static Source manifest(String path) {
            return new Source("the manifest " + path, "correct or remove the manifest");
        }

        /** A statement of this source, for an error. */
        String states(String field, Object value) {
            return equals(OPTIONS)
                    ? name + " " + field + "=" + value + " was given"
                    : name + " says " + field + " " + value;
        }
    }

    public Claims {
        shape = shape == null ? null : List.copyOf(shape);
        columnNames = List.copyOf(columnNames);
    }

    /** No statement. */
    static Claims none(Source source) {
        return ofDType(source, null);
    }

    /** A statement of the dtype only. */
    static Claims ofDType(Source source, DType dtype) {
        return new Claims(source, dtype, null, null, null, null, List.of(), null);
    }

    /** The lengths of a whole shape. */
    public static List<Long> dims(Shape shape) {
        return LongStream.of(shape.toArray()).boxed().toList();
    }

    /** The same array with any number of rows. */
    public Claims ofAnyRows() {
        List<Long> dims = shape == null ? null : new ArrayList<>(shape);
        if (dims != null && !dims.isEmpty()) {
            dims.set(0, ANY_ROWS);
        }
        return new Claims(source, dtype, dims, order, offset, container, columnNames, layout);
    }

    public Claims withColumnNames(List<String> names) {
        return new Claims(source, dtype, shape, order, offset, container, names, layout);
    }

    /** Only the names of the columns, and how the axes become columns: the fields in which all files of an array agree. */
    public Claims ofTable() {
        return new Claims(source, null, null, null, null, null, columnNames, layout);
    }

    /** A sub-array as the whole dtype adds its axes to the shape, as in NumPy. */
    Claims unfolded() {
        if (!(dtype instanceof SubArrayDType array)) {
            return this;
        }
        List<Long> dims = new ArrayList<>(shape == null ? List.of(ANY_ROWS) : shape);
        array.shape().forEach(dim -> dims.add((long) dim));
        return new Claims(source, array.base(), dims, order, offset, container, columnNames, layout);
    }
}
