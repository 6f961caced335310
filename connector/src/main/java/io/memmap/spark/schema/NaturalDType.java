package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.schema.WrittenSchema.Column;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** The type table from Spark's side: which dtype a type is written as, unless the user says otherwise. */
final class NaturalDType {
    private NaturalDType() {}

    /** Empty where the type has no fixed width; an ARRAY has none by itself. */
    static Optional<DType> of(DataType type) {
        return of(type, Collections.emptyIterator());
    }

    /**
     * The same, where each STRING takes the next of these as its width in characters, and each ARRAY in a STRUCT as its
     * length; there is none after the last.
     */
    static Optional<DType> of(DataType type, Iterator<Integer> widths) {
        if (type instanceof ArrayType) {
            return subArray(type, widths);
        }
        if (type instanceof StructType struct) {
            return isComplex(struct) ? Optional.of(complex(struct)) : record(struct, widths);
        }
        return Optional.ofNullable(descr(type, widths)).map(DType::parse);
    }

    private static String descr(DataType type, Iterator<Integer> widths) {
        if (type instanceof StringType) {
            return widths.hasNext() ? "<U" + widths.next() : null;
        } else if (type instanceof DayTimeIntervalType) {
            return "<m8[us]";
        } else if (type instanceof YearMonthIntervalType) {
            return "<m8[M]";
        }
        return fixedWidth(type);
    }

    /** The dtype of a type whose dtype is fixed; null for all others. */
    static String fixedWidth(DataType type) {
        return switch (type.typeName()) {
            case "boolean" -> "|b1";
            case "byte" -> "|i1";
            case "short" -> "<i2";
            case "integer" -> "<i4";
            case "long" -> "<i8";
            case "float" -> "<f4";
            case "double" -> "<f8";
            case "date" -> "<M8[D]";
            case "timestamp", "timestamp_ntz" -> "<M8[us]";
            default -> type.equals(SparkTypes.UNSIGNED_LONG) ? "<u8" : null;
        };
    }

    /** Returns true if it is a complex number: {@code re} and {@code im}, both FLOAT or both DOUBLE. */
    private static boolean isComplex(StructType struct) {
        StructField[] parts = struct.fields();
        if (parts.length != 2 || !parts[0].dataType().equals(parts[1].dataType())) {
            return false;
        }
        String part = parts[0].dataType().typeName();
        return parts[0].name().equals("re")
                && parts[1].name().equals("im")
                && (part.equals("float") || part.equals("double"));
    }

    private static DType complex(StructType struct) {
        return DType.parse(struct.fields()[0].dataType().typeName().equals("float") ? "<c8" : "<c16");
    }

    private static Optional<DType> record(StructType struct, Iterator<Integer> widths) {
        List<String> names = new ArrayList<>();
        List<DType> dtypes = new ArrayList<>();
        for (StructField field : struct.fields()) {
            Optional<DType> dtype = of(field.dataType(), widths);
            if (dtype.isEmpty()) {
                return Optional.empty();
            }
            names.add(field.name());
            dtypes.add(dtype.get());
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(packed(names, dtypes));
    }

    private static Optional<DType> subArray(DataType type, Iterator<Integer> widths) {
        List<Integer> lengths = new ArrayList<>();
        DataType at = type;
        for (; at instanceof ArrayType array; at = array.elementType()) {
            if (!widths.hasNext()) {
                return Optional.empty();
            }
            lengths.add(widths.next());
        }
        return of(at, widths).map(base -> new SubArrayDType(base, lengths));
    }

    /** The record of these fields without a gap. */
    static RecordDType packed(List<String> names, List<DType> dtypes) {
        List<RecordDType.Field> fields = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < names.size(); i++) {
            fields.add(new RecordDType.Field(names.get(i), null, dtypes.get(i), offset));
            offset = Math.addExact(offset, dtypes.get(i).itemsize());
        }
        return new RecordDType(fields, offset);
    }

    /** A dtype for the user to start from, as {@code columnDtypes} has it; empty if there is none. */
    static Optional<String> suggestion(DataType type) {
        if (type instanceof ArrayType array) {
            return suggestion(array.elementType());
        } else if (type instanceof StructType struct && of(type).isEmpty()) {
            return suggestedRecord(struct);
        }
        return Optional.ofNullable(suggestedScalar(type));
    }

    private static String suggestedScalar(DataType type) {
        if (type instanceof StringType) {
            return "U32";
        } else if (type instanceof BinaryType) {
            return "V16";
        } else if (type instanceof DecimalType decimal) {
            return decimal.scale() == 0 && decimal.precision() <= 18 ? "<i8" : "<f8";
        }
        return of(type).map(DType::toString).orElse(null);
    }

    private static Optional<String> suggestedRecord(StructType struct) {
        List<String> fields = new ArrayList<>();
        for (StructField field : struct.fields()) {
            Optional<String> dtype = suggestion(field.dataType());
            if (dtype.isEmpty()) {
                return Optional.empty();
            }
            String shape = lengths(field.dataType());
            String descr = dtype.get().startsWith("[") ? dtype.get() : Literal.quote(dtype.get());
            fields.add("(" + Literal.quote(field.name()) + ", " + descr + shape + ")");
        }
        return fields.isEmpty() ? Optional.empty() : Optional.of("[" + String.join(", ", fields) + "]");
    }

    private static String lengths(DataType type) {
        StringBuilder shape = new StringBuilder();
        for (DataType at = type; at instanceof ArrayType array; at = array.elementType()) {
            shape.append(shape.length() == 0 ? ", (" : " ").append("3,");
        }
        return shape.length() == 0 ? "" : shape.append(")").toString();
    }

    /** Returns true if it is, or holds, a vector of Spark's ML, which has no width and no place in the public API. */
    static boolean holdsVector(DataType type) {
        return SparkTypes.holds(
                type,
                each -> each instanceof UserDefinedType
                        && each.getClass().getSimpleName().equals("VectorUDT"));
    }

    /** The type of what the innermost ARRAY holds; the type itself if it is none. */
    static DataType innermost(DataType type) {
        return type instanceof ArrayType array ? innermost(array.elementType()) : type;
    }

    /** The refusal of columns whose types have no dtype, with the dtypes that would fit. */
    static IllegalArgumentException missing(List<Column> without) {
        List<String> dtypes = new ArrayList<>();
        List<String> hopeless = new ArrayList<>();
        for (Column column : without) {
            suggestion(column.type())
                    .ifPresentOrElse(
                            dtype -> dtypes.add(quoted(column.name()) + " " + dtype),
                            () -> hopeless.add(column.name()));
        }
        String shown = without.stream().map(Column::shown).collect(Collectors.joining(", "));
        String drop = "leave out " + String.join(", ", hopeless);
        if (dtypes.isEmpty()) {
            return new IllegalArgumentException("Cannot write columns " + shown
                    + ": no array holds values of their types, expected numbers, BOOLEAN, dates, times, texts, and"
                    + " ARRAYs and STRUCTs of them; " + drop);
        }
        String option = String.join(", ", dtypes);
        char quote = option.indexOf('\'') < 0 ? '\'' : '"';
        String lengths = without.stream().allMatch(column -> column.type() instanceof DecimalType)
                ? ""
                : " with lengths that fit";
        return new IllegalArgumentException("Cannot write columns " + shown
                + ": their types have no fixed width, expected a dtype for each; set columnDtypes=" + quote + option
                + quote + lengths + (hopeless.isEmpty() ? "" : ", and " + drop)
                + "; CREATE TABLE takes it as TBLPROPERTIES ('columnDtypes' = " + quote + option + quote + ")");
    }

    /** A name as {@code columnDtypes} takes it. */
    static String quoted(String name) {
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.');
        return plain ? name : ColumnNames.quoted(name);
    }
}
