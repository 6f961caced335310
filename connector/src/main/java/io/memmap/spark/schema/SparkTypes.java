package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.spark.options.Nanos;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.options.TimestampType;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VarcharType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** The type table: which Spark type each dtype is read as, and which dtype a Spark type is in a packed record. */
public final class SparkTypes {
    /** u8 has no Spark integer: twenty digits hold 2^64-1. */
    public static final DecimalType UNSIGNED_LONG = new DecimalType(20, 0);

    private SparkTypes() {}

    /** The natural type of a dtype under these options. */
    public static DataType of(DType dtype, TypeOptions options) {
        if (dtype instanceof RecordDType record) {
            return ofRecord(record, options);
        }
        if (dtype instanceof SubArrayDType array) {
            return ofArray(
                    of(array.base(), options),
                    nullable(array.base()),
                    array.shape().size());
        }
        return ofScalar((ScalarDType) dtype, options);
    }

    static StructType ofRecord(RecordDType record, TypeOptions options) {
        return new StructType(record.fields().stream()
                .map(field -> field(field.name(), of(field.dtype(), options), nullable(field.dtype())))
                .toArray(StructField[]::new));
    }

    /** {@code ndim} arrays inside each other; only what the innermost holds may be null. */
    static DataType ofArray(DataType element, boolean nullable, int ndim) {
        DataType type = element;
        for (int i = 0; i < ndim; i++) {
            type = new ArrayType(type, nullable && i == 0);
        }
        return type;
    }

    /** Returns true if a type promises that there is no null where a dtype can have one. */
    static boolean deniesNull(DType dtype, DataType type, boolean typeNullable, boolean caseSensitive) {
        if (dtype instanceof SubArrayDType array) {
            DataType element = type;
            boolean elementNullable = typeNullable;
            for (int i = 0; i < array.shape().size() && element instanceof ArrayType list; i++) {
                element = list.elementType();
                elementNullable = list.containsNull();
            }
            return deniesNull(array.base(), element, elementNullable, caseSensitive);
        }
        if (dtype instanceof RecordDType record && type instanceof StructType struct) {
            List<Integer> positions = ColumnMatch.of(record.names(), true, List.of(struct.fieldNames()), caseSensitive)
                    .positions();
            return IntStream.range(0, struct.length())
                    .filter(i -> positions.get(i) >= 0)
                    .anyMatch(i -> {
                        StructField field = struct.fields()[i];
                        DType own = record.fields().get(positions.get(i)).dtype();
                        return deniesNull(own, field.dataType(), field.nullable(), caseSensitive);
                    });
        }
        return nullable(dtype) && !typeNullable;
    }

    /** Returns true for BYTE, SHORT, INT and BIGINT. */
    public static boolean isInteger(DataType type) {
        return Set.of("byte", "short", "integer", "long").contains(type.typeName());
    }

    /** Returns true for STRINGs that Spark compares otherwise than by their bytes. */
    public static boolean isCollated(DataType type) {
        // CHAR and VARCHAR are StringTypes too on Spark 4.1 and later.
        return type instanceof StringType
                && !type.equals(DataTypes.StringType)
                && type.sql().contains(" COLLATE ");
    }

    /** Returns true if it is an interval, or has one anywhere inside. */
    public static boolean holdsInterval(DataType type) {
        return holds(type, each -> each instanceof DayTimeIntervalType || each instanceof YearMonthIntervalType);
    }

    /** Returns true if it is a type for which the condition holds, or has one anywhere inside. */
    public static boolean holds(DataType type, Predicate<DataType> condition) {
        if (type instanceof StructType struct) {
            return Stream.of(struct.fields()).anyMatch(field -> holds(field.dataType(), condition));
        } else if (type instanceof ArrayType list) {
            return holds(list.elementType(), condition);
        }
        return condition.test(type);
    }

    /** The length of a CHAR or VARCHAR, in characters; empty for other types. */
    public static OptionalInt length(DataType type) {
        if (type instanceof CharType fixed) {
            return OptionalInt.of(fixed.length());
        }
        return type instanceof VarcharType varying ? OptionalInt.of(varying.length()) : OptionalInt.empty();
    }

    /** These columns with STRING for each CHAR and VARCHAR: Spark reads and writes them as STRINGs. */
    public static StructType withoutLengths(StructType columns) {
        return (StructType) withoutLengths((DataType) columns);
    }

    private static DataType withoutLengths(DataType type) {
        if (type instanceof StructType struct) {
            return new StructType(Stream.of(struct.fields())
                    .map(field -> new StructField(
                            field.name(), withoutLengths(field.dataType()), field.nullable(), field.metadata()))
                    .toArray(StructField[]::new));
        } else if (type instanceof ArrayType list) {
            return new ArrayType(withoutLengths(list.elementType()), list.containsNull());
        }
        return length(type).isPresent() ? DataTypes.StringType : type;
    }

    /** These columns with nulls allowed everywhere in them, but for those named in {@code except}. */
    public static StructType nullable(StructType columns, Set<String> except) {
        return new StructType(Stream.of(columns.fields())
                .map(field -> except.contains(field.name()) ? field : nullable(field))
                .toArray(StructField[]::new));
    }

    private static StructField nullable(StructField field) {
        return new StructField(field.name(), nullable(field.dataType()), true, field.metadata());
    }

    private static DataType nullable(DataType type) {
        if (type instanceof StructType struct) {
            return nullable(struct, Set.of());
        }
        return type instanceof ArrayType list ? new ArrayType(nullable(list.elementType()), true) : type;
    }

    /** Returns true if the first columns of {@code columns} are {@code first}, whatever may be null in them. */
    public static boolean startsWith(StructType columns, StructType first) {
        if (columns.length() < first.length()) {
            return false;
        }
        for (int i = 0; i < first.length(); i++) {
            StructField column = columns.fields()[i];
            StructField expected = first.fields()[i];
            if (!column.name().equals(expected.name())
                    || !nullable(column.dataType()).equals(nullable(expected.dataType()))) {
                return false;
            }
        }
        return true;
    }

    static StructField field(String name, DataType type, boolean nullable) {
        return new StructField(name, type, nullable, Metadata.empty());
    }

    /** Only times have a missing value, NaT. */
    static boolean nullable(DType dtype) {
        return dtype.isTime();
    }

    private static DataType ofScalar(ScalarDType dtype, TypeOptions options) {
        return switch (dtype.kind()) {
            case BOOL -> DataTypes.BooleanType;
            case INT -> integer(dtype.itemsize());
            case UINT -> dtype.itemsize() == 8 ? UNSIGNED_LONG : integer(dtype.itemsize() * 2);
            case FLOAT -> dtype.itemsize() == 8 ? DataTypes.DoubleType : DataTypes.FloatType;
            case BFLOAT16 -> DataTypes.FloatType;
            case COMPLEX -> complex(dtype.itemsize() == 16 ? DataTypes.DoubleType : DataTypes.FloatType);
            case BYTES ->
                options.stringEncoding() == StringEncoding.BINARY ? DataTypes.BinaryType : DataTypes.StringType;
            case UNICODE -> DataTypes.StringType;
            case VOID -> DataTypes.BinaryType;
            case DATETIME -> datetime(dtype.unit(), options);
            case TIMEDELTA -> timedelta(dtype.unit(), options);
        };
    }

    private static DataType integer(int itemsize) {
        return switch (itemsize) {
            case 1 -> DataTypes.ByteType;
            case 2 -> DataTypes.ShortType;
            case 4 -> DataTypes.IntegerType;
            default -> DataTypes.LongType;
        };
    }

    private static DataType complex(DataType part) {
        return new StructType(new StructField[] {field("re", part, false), field("im", part, false)});
    }

    private static DataType datetime(DatetimeUnit unit, TypeOptions options) {
        if (unit.compareTo(DatetimeUnit.DAY) <= 0) {
            return DataTypes.DateType;
        }
        if (unit.compareTo(DatetimeUnit.MICROSECOND) > 0 && options.nanos() == Nanos.LONG) {
            return DataTypes.LongType;
        }
        return options.timestampType() == TimestampType.LTZ ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
    }

    private static DataType timedelta(DatetimeUnit unit, TypeOptions options) {
        if (unit.isCalendar()) {
            return DataTypes.createYearMonthIntervalType();
        }
        if (unit.compareTo(DatetimeUnit.MICROSECOND) > 0 && options.nanos() == Nanos.LONG) {
            return DataTypes.LongType;
        }
        return DataTypes.createDayTimeIntervalType();
    }

    /**
     * The packed little-endian record that columns of these types would be, for a raw file that was given a schema and
     * no dtype; null when one of them has no fixed width.
     */
    public static RecordDType packedRecord(StructType schema) {
        List<DType> dtypes = Stream.of(schema.fields())
                .map(column -> packed(column.dataType()))
                .toList();
        return dtypes.isEmpty() || dtypes.contains(null)
                ? null
                : NaturalDType.packed(List.of(schema.fieldNames()), dtypes);
    }

    private static DType packed(DataType type) {
        if (type instanceof StructType struct) {
            return packedRecord(struct);
        }
        String descr = NaturalDType.fixedWidth(type);
        return descr == null ? null : DType.parse(descr);
    }
}
