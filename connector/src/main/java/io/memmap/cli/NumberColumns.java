package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Columns of numbers that are read together: one field of records, those of a matrix, or all numbers as one column.
 *
 * @param field null where the array has no fields
 * @param integers true for blocks of {@code long[]}, false for blocks of {@code double[]}
 * @param names of the columns; element {@code i} of a block belongs to column {@code i % names.size()}
 */
record NumberColumns(String field, boolean integers, List<String> names) {
    /** A matrix with more columns is one column of all its numbers. */
    static final int MOST_COLUMNS = 100;

    /** The name of all numbers of an array. */
    private static final String WHOLE = "value";

    /** Hands out the numbers of a {@link NumberArray.Block} that belong to column {@code from} of {@code step} columns, as doubles. */
    static void forEach(Object numbers, int from, int step, DoubleConsumer consumer) {
        if (numbers instanceof long[] longs) {
            for (int i = from; i < longs.length; i += step) {
                consumer.accept((double) longs[i]);
            }
        } else {
            double[] doubles = (double[]) numbers;
            for (int i = from; i < doubles.length; i += step) {
                consumer.accept(doubles[i]);
            }
        }
    }

    /** The same as parts of a column: {@code emb.c0}, or {@code id} if it is all of it. */
    NumberColumns within(String column) {
        return new NumberColumns(
                field,
                integers,
                names.stream()
                        .map(name -> name.equals(WHOLE) && field == null ? column : column + "." + name)
                        .toList());
    }

    /** The columns of an array; empty for records without numbers. */
    static List<NumberColumns> of(LocalArray array) {
        List<NumberColumns> all = new ArrayList<>();
        if (array.dtype() instanceof RecordDType record) {
            for (RecordDType.Field field : record.fields()) {
                if (isNumber(field.dtype())) {
                    all.add(new NumberColumns(field.name(), isInteger(field.dtype()), List.of(field.name())));
                }
            }
            return all;
        }
        if (!isNumber(array.dtype())) {
            throw new IllegalArgumentException(
                    "Cannot count " + array.path() + ": dtype " + array.dtype() + ", expected numbers");
        }
        boolean matrix = array.shape().ndim() == 2 && array.shape().dim(1) <= MOST_COLUMNS;
        List<String> names = matrix
                ? IntStream.range(0, (int) array.shape().dim(1))
                        .mapToObj(i -> "c" + i)
                        .toList()
                : List.of(WHOLE);
        all.add(new NumberColumns(null, isInteger(array.dtype()), names));
        return all;
    }

    static boolean isNumber(DType dtype) {
        return dtype instanceof ScalarDType scalar
                && List.of(Kind.INT, Kind.UINT, Kind.FLOAT, Kind.BFLOAT16).contains(scalar.kind());
    }

    /** Doubles for u8, of which not all are longs. */
    private static boolean isInteger(DType dtype) {
        Kind kind = ((ScalarDType) dtype).kind();
        return kind == Kind.INT || (kind == Kind.UINT && dtype.itemsize() < Long.BYTES);
    }

    /** A view of these numbers in one of the array's files. */
    MemmapArray of(MemmapArray file) {
        return field == null ? file : file.field(field);
    }
}
