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
 * A column to write that is STRING, or holds STRINGs, and would have a dtype if their widths were known. Driver side.
 *
 * @param name of the column in the DataFrame
 * @param ordinal its place there
 * @param least the width of the values that options give its STRINGs, in characters; at least 1
 * @param ofNull the width of the value that is stored for NULL; empty where NULL is an error
 */
public record TextColumn(String name, int ordinal, DataType type, int least, OptionalInt ofNull) {

    /**
     * The columns that a new array needs widths of; none where {@code dtype} says all.
     *
     * @throws IllegalArgumentException when options and columns do not fit each other
     */
    public static List<TextColumn> of(StructType dataFrame, MemmapOptions options, boolean caseSensitive) {
        if (options.dtype().isPresent()) {
            return List.of();
        }
        WrittenInput input = WrittenInput.of(dataFrame, options, caseSensitive);
        List<TextColumn> found = new ArrayList<>();
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

    private static TextColumn of(Column column, WrittenInput input) {
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
        return new TextColumn(column.name(), column.ordinal(), column.type(), least, ofNull);
    }

    /**
     * SQL for the number of characters of each STRING in a value, the largest where there are several in ARRAYs, or NULL.
     *
     * @param value the column, in SQL
     */
    public List<String> lengths(String value) {
        return lengths(value, type, 0);
    }

    private List<String> lengths(String value, DataType of, int depth) {
        Stream<String> lengths = Stream.of();
        if (of instanceof StringType) {
            lengths = Stream.of("char_length(" + value + ")");
        } else if (of instanceof ArrayType array) {
            String item = "x" + depth;
            lengths = lengths(item, array.elementType(), depth + 1).stream()
                    .map(length -> "array_max(transform(" + value + ", " + item + " -> " + length + "))");
        } else if (of instanceof StructType struct) {
            lengths = Stream.of(struct.fields())
                    .flatMap(field -> lengths(member(value, field), field.dataType(), depth).stream());
        }
        return lengths.map(
                        length -> ofNull.isPresent() ? "coalesce(" + length + ", " + ofNull.getAsInt() + ")" : length)
                .toList();
    }

    private static String member(String value, StructField field) {
        return value + "." + ColumnNames.quoted(field.name());
    }

    /** The dtype of the column, or of what its innermost ARRAY holds, where its STRINGs have these widths, or the least. */
    public DType dtype(Iterator<Integer> widths) {
        Iterator<Integer> enough = Stream.generate(() -> widths.hasNext() ? Math.max(widths.next(), least) : least)
                .iterator();
        return NaturalDType.of(NaturalDType.innermost(type), enough).orElseThrow();
    }

    /** The text of an option: {@code `my name` <U5}. */
    public String shown(DType dtype) {
        return NaturalDType.quoted(name) + " " + dtype;
    }
}
