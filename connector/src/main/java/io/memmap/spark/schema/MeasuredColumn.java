package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.schema.WrittenSchema.Column;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column to write that is STRING, or holds STRINGs or ARRAYs in STRUCTs, and would have a dtype if their widths and lengths
 * were known. Driver side.
 *
 * @param name of the column in the DataFrame
 * @param ordinal its place there
 * @param least the width of the values that options give its STRINGs, in characters; at least 1
 * @param ofNull the width of the value that is stored for NULL; empty where NULL is an error
 */
public record MeasuredColumn(String name, int ordinal, DataType type, int least, OptionalInt ofNull) {

    /**
     * The columns that a new array needs widths or lengths of; none where {@code dtype} says all.
     *
     * @throws IllegalArgumentException when options and columns do not fit each other
     */
    public static List<MeasuredColumn> of(StructType dataFrame, MemmapOptions options, boolean caseSensitive) {
        if (options.dtype().isPresent()) {
            return List.of();
        }
        WrittenInput input = WrittenInput.of(dataFrame, options, caseSensitive);
        List<MeasuredColumn> found = new ArrayList<>();
        for (Column column : input.columns()) {
            DataType item = NaturalDType.innermost(column.type());
            boolean known = input.dtypes().containsKey(column.name())
                    || NaturalDType.of(item).isPresent();
            if (!known
                    && NaturalDType.of(item, Stream.generate(() -> 1).iterator())
                            .isPresent()) {
                found.add(of(column, input));
            }
        }
        return found;
    }

    private static MeasuredColumn of(Column column, WrittenInput input) {
        ColumnLiterals nulls = input.values().nullValue();
        ColumnLiterals fills = input.values().fillValue();
        Optional<String> fill = input.rowColumn() == null
                ? Optional.empty()
                : fills.of(column.name()).or(fills::forAll);
        int least = Stream.concat(nulls.of(column.name()).stream(), fill.stream())
                .mapToInt(ColumnLiterals::characters)
                .reduce(1, Math::max);
        OptionalInt ofNull = nulls.of(column.name()).or(nulls::forAll).stream()
                .mapToInt(ColumnLiterals::characters)
                .findFirst();
        return new MeasuredColumn(column.name(), column.ordinal(), column.type(), least, ofNull);
    }

    /**
     * A width or length that the values tell.
     *
     * @param sql for what one row needs, or NULL
     * @param least of it; at least 1
     * @param ofText true for the number of characters of a STRING, false for the length of an ARRAY in a STRUCT
     */
    public record Measure(String sql, int least, boolean ofText) {
        /** The largest of it in the items of an ARRAY. */
        private Measure within(String array, String item) {
            return new Measure("array_max(transform(" + array + ", " + item + " -> " + sql + "))", least, ofText);
        }

        private Measure orOfNull(OptionalInt ofNull) {
            return ofText && ofNull.isPresent()
                    ? new Measure("coalesce(" + sql + ", " + ofNull.getAsInt() + ")", least, true)
                    : this;
        }
    }

    /**
     * Returns what there is to measure of a value; the largest where there are several in ARRAYs.
     *
     * @param value the column, in SQL
     */
    public List<Measure> measures(String value) {
        return measures(value, type, 0, false);
    }

    private List<Measure> measures(String value, DataType of, int depth, boolean inStruct) {
        Stream<Measure> measures = Stream.of();
        if (of instanceof StringType) {
            measures = Stream.of(new Measure("char_length(" + value + ")", least, true));
        } else if (of instanceof ArrayType array) {
            String item = "x" + depth;
            Stream<Measure> own =
                    inStruct ? Stream.of(new Measure("array_size(" + value + ")", 1, false)) : Stream.of();
            measures = Stream.concat(
                    own,
                    measures(item, array.elementType(), depth + 1, inStruct).stream()
                            .map(measure -> measure.within(value, item)));
        } else if (of instanceof StructType struct) {
            measures = Stream.of(struct.fields())
                    .flatMap(field -> measures(member(value, field), field.dataType(), depth, true).stream());
        }
        return measures.map(measure -> measure.orOfNull(ofNull)).toList();
    }

    private static String member(String value, StructField field) {
        return value + "." + ColumnNames.quoted(field.name());
    }

    /** The dtype of the column, or of what its innermost ARRAY holds, by one number for each of its {@link #measures}. */
    public DType dtype(Iterator<Integer> measured) {
        return NaturalDType.of(NaturalDType.innermost(type), measured).orElseThrow();
    }

    /** The text of an option: {@code `my name` <U5}. */
    public String shown(DType dtype) {
        return NaturalDType.quoted(name) + " " + dtype;
    }
}
