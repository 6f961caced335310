package io.memmap.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows as JSON that says every bit, in the form that {@code spark_view.py} writes: floats by their bits, bytes in hex,
 * times in microseconds and dates in days since 1970. NaNs are all alike, zeros are not.
 *
 * <p>The rows must come from a session with {@code spark.sql.datetime.java8API.enabled}: the older date classes know
 * neither the proleptic calendar nor a time without a zone.
 */
final class RowText {

    private static final BigInteger MICROS_PER_SECOND = BigInteger.valueOf(1_000_000);

    private static final Map<Class<?>, Function<Object, JsonNode>> SCALARS = Map.ofEntries(
            Map.entry(Boolean.class, v -> BooleanNode.valueOf((Boolean) v)),
            Map.entry(Byte.class, v -> integer((Byte) v)),
            Map.entry(Short.class, v -> integer((Short) v)),
            Map.entry(Integer.class, v -> integer((Integer) v)),
            Map.entry(Long.class, v -> integer((Long) v)),
            Map.entry(BigDecimal.class, v -> BigIntegerNode.valueOf(((BigDecimal) v).toBigIntegerExact())),
            Map.entry(Float.class, v -> bits((Float) v)),
            Map.entry(Double.class, v -> bits((Double) v)),
            Map.entry(String.class, v -> TextNode.valueOf((String) v)),
            Map.entry(byte[].class, v -> TextNode.valueOf(HexFormat.of().formatHex((byte[]) v))),
            Map.entry(LocalDate.class, v -> integer(((LocalDate) v).toEpochDay())),
            Map.entry(LocalDateTime.class, v -> micros(((LocalDateTime) v).toInstant(ZoneOffset.UTC))),
            Map.entry(Instant.class, v -> micros((Instant) v)),
            Map.entry(Duration.class, v -> micros(((Duration) v).getSeconds(), ((Duration) v).getNano())),
            Map.entry(Period.class, v -> integer(((Period) v).toTotalMonths())));

    private RowText() {}

    /** One line of JSON per row. */
    static List<String> of(List<Row> rows) {
        return rows.stream().map(row -> struct(row).toString()).toList();
    }

    private static JsonNode struct(Row row) {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < row.length(); i++) {
            node.add(value(row.get(i)));
        }
        return node;
    }

    private static JsonNode value(Object value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof Row row) {
            return struct(row);
        }
        Function<Object, JsonNode> scalar = SCALARS.get(value.getClass());
        return scalar == null ? array(value) : scalar.apply(value);
    }

    /** Spark's array is a Scala sequence of another class in each Scala; a row knows how to make it a list. */
    private static JsonNode array(Object sequence) {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        for (Object element : RowFactory.create(sequence).getList(0)) {
            node.add(value(element));
        }
        return node;
    }

    private static JsonNode integer(long value) {
        return BigIntegerNode.valueOf(BigInteger.valueOf(value));
    }

    private static JsonNode bits(float value) {
        return TextNode.valueOf(
                Float.isNaN(value) ? "nan" : HexFormat.of().toHexDigits(Float.floatToRawIntBits(value)));
    }

    private static JsonNode bits(double value) {
        return TextNode.valueOf(
                Double.isNaN(value) ? "nan" : HexFormat.of().toHexDigits(Double.doubleToRawLongBits(value)));
    }

    private static JsonNode micros(Instant instant) {
        return micros(instant.getEpochSecond(), instant.getNano());
    }

    /** The first microsecond that a long holds begins before the first whole second that it holds. */
    private static JsonNode micros(long seconds, int nanos) {
        BigInteger whole = BigInteger.valueOf(seconds).multiply(MICROS_PER_SECOND);
        return BigIntegerNode.valueOf(whole.add(BigInteger.valueOf(nanos / 1000)));
    }
}
