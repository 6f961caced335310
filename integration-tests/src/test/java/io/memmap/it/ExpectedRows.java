package io.memmap.it;

import io.memmap.it.RandomArray.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of an array as Spark's values, decoded value by value and without the product. */
final class ExpectedRows {
    private ExpectedRows() {}

    /**
     * Decodes one file.
     *
     * @param byElement whether each element is a row
     * @param data in the byte order of the array
     */
    static List<Row> of(List<Column> columns, int rows, boolean fortran, boolean byElement, ByteBuffer data) {
        int rowNbytes = columns.stream().mapToInt(Column::itemsize).sum();
        List<Row> decoded = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Object> values = new ArrayList<>();
            int at = row * rowNbytes;
            for (int i = 0; i < columns.size(); i++) {
                int itemsize = columns.get(i).itemsize();
                values.add(value(columns.get(i), data, fortran ? (i * rows + row) * itemsize : at));
                at += itemsize;
            }
            if (byElement) {
                values.forEach(value -> decoded.add(RowFactory.create(value)));
            } else {
                decoded.add(RowFactory.create(values.toArray()));
            }
        }
        return decoded;
    }

    static StructType schema(List<Column> columns) {
        return new StructType(columns.stream()
                .map(column -> DataTypes.createStructField(column.name(), type(column.dtype()), true))
                .toArray(StructField[]::new));
    }

    private static DataType type(String dtype) {
        return switch (dtype) {
            case "i1" -> DataTypes.ByteType;
            case "u1", "i2" -> DataTypes.ShortType;
            case "u2", "i4" -> DataTypes.IntegerType;
            case "u4", "i8" -> DataTypes.LongType;
            case "u8" -> DataTypes.createDecimalType(20, 0);
            case "f2", "f4" -> DataTypes.FloatType;
            case "f8" -> DataTypes.DoubleType;
            case "M8[D]", "M8[M]" -> DataTypes.DateType;
            default -> DataTypes.TimestampNTZType;
        };
    }

    private static Object value(Column column, ByteBuffer data, int at) {
        return switch (column.dtype()) {
            case "i1" -> data.get(at);
            case "u1" -> (short) (data.get(at) & 0xff);
            case "i2" -> data.getShort(at);
            case "u2" -> data.getShort(at) & 0xffff;
            case "i4" -> data.getInt(at);
            case "u4" -> data.getInt(at) & 0xffffffffL;
            case "i8" -> data.getLong(at);
            case "u8" -> new BigDecimal(new BigInteger(Long.toUnsignedString(data.getLong(at))));
            case "f2" -> half(data.getShort(at));
            case "f4" -> data.getFloat(at);
            case "f8" -> data.getDouble(at);
            default -> data.getLong(at) == Long.MIN_VALUE ? null : time(column.dtype(), data.getLong(at));
        };
    }

    private static Object time(String dtype, long ticks) {
        return switch (dtype) {
            case "M8[D]" -> LocalDate.ofEpochDay(ticks);
            case "M8[M]" -> LocalDate.of(1970, 1, 1).plusMonths(ticks);
            case "M8[s]" -> LocalDateTime.ofEpochSecond(ticks, 0, ZoneOffset.UTC);
            case "M8[us]" -> instant(ticks, 1_000_000);
            default -> instant(ticks, 1_000_000_000);
        };
    }

    private static LocalDateTime instant(long ticks, int perSecond) {
        int nanos = (int) (Math.floorMod(ticks, perSecond) * (1_000_000_000L / perSecond));
        return LocalDateTime.ofEpochSecond(Math.floorDiv(ticks, (long) perSecond), nanos, ZoneOffset.UTC);
    }

    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size = exponent == 0x1f
                ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
                : exponent == 0 ? fraction * 0x1p-24f : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        return bits < 0 ? -size : size;
    }
}
