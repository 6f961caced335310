package io.memmap.spark.schema;

import io.memmap.format.PartitionPath;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NullType;

/** The type of a partition column, as Spark's own sources infer it from the names of directories. Driver only. */
final class PartitionType {
    private static final int MAX_PRECISION = 38;
    private static final int INT_DIGITS = 10;
    private static final int LONG_DIGITS = 20;
    private static final int DATE_LENGTH = 10;
    private static final int AFTER_YEAR = 4;
    private static final int AFTER_MONTH = 7;

    private static final DateTimeFormatter DATE = strict(new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd"));
    private static final DateTimeFormatter TIMESTAMP = strict(new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .optionalStart()
            .appendLiteral('.')
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 1, false)
            .optionalEnd());

    private PartitionType() {}

    private static DateTimeFormatter strict(DateTimeFormatterBuilder builder) {
        return builder.toFormatter(Locale.US).withResolverStyle(ResolverStyle.STRICT);
    }

    /** The type of one value: {@link NullType} for NULL. */
    static DataType of(String raw, PartitionRules rules) {
        if (raw.equals(PartitionPath.NULL)) {
            return DataTypes.NullType;
        }
        if (!rules.inferTypes()) {
            return DataTypes.StringType;
        }
        if (!isLikeDate(raw)) {
            DataType number = number(raw);
            return number == null ? DataTypes.StringType : number;
        }
        if (raw.length() > DATE_LENGTH && isTime(TIMESTAMP, PartitionPath.unescaped(raw))) {
            return rules.localTimes() ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
        }
        return isTime(DATE, raw) ? DataTypes.DateType : DataTypes.StringType;
    }

    /** No number looks like this. The parsers say no by exceptions, which take too long for thousands of dates. */
    private static boolean isLikeDate(String raw) {
        return raw.length() >= DATE_LENGTH && raw.charAt(AFTER_YEAR) == '-' && raw.charAt(AFTER_MONTH) == '-';
    }

    private static DataType number(String raw) {
        if (parses(() -> Integer.parseInt(raw))) {
            return DataTypes.IntegerType;
        } else if (parses(() -> Long.parseLong(raw))) {
            return DataTypes.LongType;
        } else if (parses(() -> new BigDecimal(raw))) {
            BigDecimal decimal = new BigDecimal(raw);
            long digits = (long) decimal.precision() - decimal.scale();
            if (decimal.scale() <= 0 && digits <= MAX_PRECISION) {
                return DataTypes.createDecimalType((int) digits, 0);
            }
        }
        return parses(() -> Double.parseDouble(raw)) ? DataTypes.DoubleType : null;
    }

    private static boolean parses(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isTime(DateTimeFormatter format, String text) {
        try {
            return LocalDate.from(format.parse(text)) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The type that holds the values of both without loss, else STRING. */
    static DataType wider(DataType one, DataType other) {
        if (one.equals(other) || other.equals(DataTypes.NullType)) {
            return one;
        } else if (one.equals(DataTypes.NullType)) {
            return other;
        }
        int digits = Math.max(digits(one), digits(other));
        if (digits(one) > 0 && digits(other) > 0) {
            boolean decimal = one instanceof DecimalType || other instanceof DecimalType;
            return decimal ? DataTypes.createDecimalType(digits, 0) : DataTypes.LongType;
        }
        boolean doubles = one.equals(DataTypes.DoubleType) || other.equals(DataTypes.DoubleType);
        if (doubles && (one.equals(DataTypes.IntegerType) || other.equals(DataTypes.IntegerType))) {
            return DataTypes.DoubleType;
        }
        if (isTime(one) && isTime(other)) {
            return one.equals(DataTypes.DateType) ? other : one;
        }
        return DataTypes.StringType;
    }

    /** Decimal digits of the integers of a type; 0 for all others. */
    private static int digits(DataType type) {
        if (type instanceof DecimalType decimal) {
            return decimal.precision();
        }
        return type.equals(DataTypes.IntegerType) ? INT_DIGITS : type.equals(DataTypes.LongType) ? LONG_DIGITS : 0;
    }

    private static boolean isTime(DataType type) {
        return type.equals(DataTypes.DateType)
                || type.equals(DataTypes.TimestampType)
                || type.equals(DataTypes.TimestampNTZType);
    }
}
