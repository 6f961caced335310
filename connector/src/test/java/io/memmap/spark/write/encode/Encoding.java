package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.spark.options.ColumnLiterals;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.options.StringEncoding;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.unsafe.types.UTF8String;

/** One value at a time through a {@link RowEncoder}, for tests. */
final class Encoding {
    private Encoding() {}

    /** The bytes of one value of column {@code v} as lower-case hexadecimal digits. */
    static String hex(String type, String dtype, Object value, String... options) {
        return HexFormat.of().formatHex(bytes(type, dtype, value, options));
    }

    static byte[] bytes(String type, String dtype, Object value, String... options) {
        String[] given = Arrays.copyOf(options, options.length + 2);
        given[options.length] = "columnDtypes";
        given[options.length + 1] = "v " + dtype;
        WrittenSchema schema = schema("v " + type, given);
        InternalRow row = row(value);
        return bytes(schema.resolve(ArrayLengths.of(schema, row)), row);
    }

    /** The bytes of one row, encoded at an odd position between bytes that must stay. */
    static byte[] bytes(WrittenArray array, InternalRow row) {
        RowEncoder encoder = RowEncoder.of(array);
        byte[] around = new byte[encoder.rowNbytes() + 5];
        Arrays.fill(around, (byte) 0xaa);
        encoder.encode(row, ByteBuffer.wrap(around).order(ByteOrder.LITTLE_ENDIAN), 3);
        for (int i : new int[] {0, 1, 2, around.length - 2, around.length - 1}) {
            if (around[i] != (byte) 0xaa) {
                throw new AssertionError("byte " + (i - 3) + " of a row of " + encoder.rowNbytes() + " was written");
            }
        }
        return Arrays.copyOfRange(around, 3, around.length - 2);
    }

    static WrittenSchema schema(String columns, String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return WrittenSchema.of(
                (StructType) DataType.fromDDL(columns),
                MemmapOptions.parse(new CaseInsensitiveStringMap(options), Redaction.DEFAULT),
                false);
    }

    static WrittenArray array(String columns, String... options) {
        return schema(columns, options).resolved().orElseThrow();
    }

    static InternalRow row(Object... values) {
        return new GenericInternalRow(
                Arrays.stream(values).map(Encoding::internal).toArray());
    }

    static GenericArrayData list(Object... values) {
        return new GenericArrayData(
                Arrays.stream(values).map(Encoding::internal).toArray());
    }

    private static Object internal(Object value) {
        if (value instanceof String text) {
            return UTF8String.fromString(text);
        } else if (value instanceof BigDecimal decimal) {
            return Decimal.apply(decimal);
        } else if (value instanceof List<?> list) {
            return list(list.toArray());
        }
        return value;
    }

    /** Text as a column of {@code type} holds it. */
    static Object value(String type, String text) {
        if (text == null) {
            return null;
        }
        return switch (type) {
            case "BOOLEAN" -> Boolean.valueOf(text);
            case "TINYINT" -> Byte.valueOf(text);
            case "SMALLINT" -> Short.valueOf(text);
            case "INT", "DATE", "INTERVAL YEAR TO MONTH" -> Integer.valueOf(text);
            case "FLOAT" -> Float.valueOf(text);
            case "DOUBLE" -> Double.valueOf(text);
            case "STRING" -> text;
            case "BINARY" -> HexFormat.of().parseHex(text);
            default -> type.startsWith("DECIMAL") ? new BigDecimal(text) : (Object) Long.valueOf(text);
        };
    }

    /** The bytes that a literal stands for. */
    static String literal(String dtype, String text) {
        LiteralBytes literals = new LiteralBytes(StringEncoding.UTF_8, ColumnLiterals.NONE);
        return HexFormat.of().formatHex(literals.of(DType.parse(dtype), text));
    }
}
