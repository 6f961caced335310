package io.memmap.spark.read;

import static io.memmap.spark.read.Predicates.ROW;
import static io.memmap.spark.read.Predicates.literal;
import static io.memmap.spark.read.Predicates.number;
import static io.memmap.spark.read.Predicates.predicate;
import static io.memmap.spark.read.Predicates.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.schema.PartitionColumn;
import io.memmap.table.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** Which partitions a predicate leaves, and what remains of it within one. */
class PartitionFilterTest {
    private static final Expression DAY = Expressions.column("day");
    private static final Expression CITY = Expressions.column("city");
    private static final Expression RATE = Expressions.column("rate");
    private static final Expression VALUE = Expressions.column("value");

    private static final RowColumns COLUMNS = RowColumns.of(List.of("value", "day", "city", "rate"), false)
            .withPartitions(Map.of(
                    "day", operand("day", DataTypes.DateType, 0),
                    "city", operand("city", DataTypes.StringType, 1),
                    "rate", operand("rate", DataTypes.DoubleType, 2)));

    private static PartitionOperand operand(String name, DataType type, int index) {
        return new PartitionOperand(new PartitionColumn(name, type), index, false);
    }

    private static List<Object> constants(Integer day, String city, Double rate) {
        return Arrays.asList(day, city == null ? null : UTF8String.fromString(city), rate);
    }

    private static Filter translation(Predicate predicate) {
        return new FilterTranslator(COLUMNS, Predicates.NO_NUMBERS).translate(predicate);
    }

    private static Filter translated(Predicate predicate) {
        Filter filter = translation(predicate);
        return filter.isKnown() ? filter : null;
    }

    private static boolean passes(Predicate predicate, List<Object> constants) {
        Filter filter = translated(predicate);
        assertThat(filter.isExact()).isTrue();
        return filter.mayPass(constants);
    }

    private static Predicate not(Predicate predicate) {
        return predicate("NOT", predicate);
    }

    @Test
    void comparesWithLiteralsOfItsType() {
        List<Object> day = constants(20_000, "Łódź", 0.5);
        for (int other : new int[] {19_999, 20_000, 20_001}) {
            Expression date = literal(other, DataTypes.DateType);
            assertThat(passes(predicate("=", DAY, date), day)).isEqualTo(20_000 == other);
            assertThat(passes(predicate("<>", DAY, date), day)).isEqualTo(20_000 != other);
            assertThat(passes(predicate("<", DAY, date), day)).isEqualTo(20_000 < other);
            assertThat(passes(predicate("<=", DAY, date), day)).isEqualTo(20_000 <= other);
            assertThat(passes(predicate(">", DAY, date), day)).isEqualTo(20_000 > other);
            assertThat(passes(predicate(">=", date, DAY), day)).isEqualTo(other >= 20_000);
            assertThat(passes(predicate("IN", DAY, literal(7, DataTypes.DateType), date), day))
                    .isEqualTo(20_000 == other);
        }
        assertThat(translated(predicate("=", DAY, number(1)))).isNull();
        assertThat(translated(predicate("=", DAY, VALUE))).isNull();
        Predicate withNull = predicate("IN", CITY, string("Łódź"), literal(null, DataTypes.StringType));
        assertThat(passes(withNull, day)).isTrue();
        assertThat(passes(not(withNull), day)).isFalse();
        assertThat(passes(not(withNull), constants(0, "a", 0.5))).isFalse();
    }

    @Test
    void comparesPartsOfStrings() {
        List<Object> city = constants(0, "Łódź", 0.5);
        assertThat(passes(predicate("STARTS_WITH", CITY, string("Łó")), city)).isTrue();
        assertThat(passes(predicate("ENDS_WITH", CITY, string("Łó")), city)).isFalse();
        assertThat(passes(not(predicate("CONTAINS", CITY, string("ód"))), city)).isFalse();
        assertThat(passes(predicate("STARTS_WITH", new Cast(DAY, DataTypes.StringType), string("1970-01")), city))
                .isTrue();
        assertThat(translated(predicate("STARTS_WITH", new Cast(RATE, DataTypes.StringType), string("0"))))
                .isNull();
    }

    @Test
    void comparesNumbersAsSpark() {
        Expression nan = literal(Double.NaN, DataTypes.DoubleType);
        Expression zero = literal(0.0, DataTypes.DoubleType);
        assertThat(passes(predicate("=", RATE, nan), constants(0, "", Double.NaN)))
                .isTrue();
        assertThat(passes(predicate(">", RATE, zero), constants(0, "", Double.NaN)))
                .isTrue();
        assertThat(passes(predicate("=", RATE, zero), constants(0, "", -0.0))).isTrue();
        assertThat(passes(predicate("<", RATE, zero), constants(0, "", -0.0))).isFalse();
    }

    /** Neither a comparison with NULL nor its negation is true. */
    @Test
    void keepsThreeValuedLogicUnderNot() {
        List<Object> none = constants(null, null, null);
        Predicate equal = predicate("=", CITY, string("a"));
        Predicate less = predicate("<", DAY, literal(1, DataTypes.DateType));
        for (Predicate comparison : List.of(
                equal,
                less,
                predicate("IN", CITY, string("a"), string("b")),
                predicate("AND", equal, less),
                predicate("OR", equal, less))) {
            assertThat(passes(comparison, none)).as(comparison.toString()).isFalse();
            assertThat(passes(not(comparison), none)).as("not " + comparison).isFalse();
        }
        assertThat(passes(predicate("IS_NULL", CITY), none)).isTrue();
        assertThat(passes(not(predicate("IS_NULL", CITY)), none)).isFalse();
        assertThat(passes(predicate("IS_NOT_NULL", CITY), none)).isFalse();
        Predicate safe = predicate("<=>", CITY, string("a"));
        assertThat(passes(safe, none)).isFalse();
        assertThat(passes(not(safe), none)).isTrue();
        assertThat(passes(not(safe), constants(0, "a", 0.0))).isFalse();
        assertThat(passes(predicate("<=>", CITY, literal(null, DataTypes.StringType)), none))
                .isTrue();
    }

    @Test
    void leavesWhatOnlyTheRowsKnow() {
        Predicate mixed = predicate("OR", predicate("=", CITY, string("a")), predicate("<", ROW, number(5)));
        assertThat(translated(mixed).mayPass(constants(0, "b", 0.0))).isTrue();
        assertThat(translated(predicate("AND", predicate("=", CITY, string("a")), mixed))
                        .mayPass(constants(0, "b", 0.0)))
                .isFalse();
        assertThat(translated(mixed).asksPositions()).isTrue();
        assertThat(translated(predicate("=", CITY, string("a"))).asksPositions())
                .isFalse();
    }

    @Test
    void impliesWhatItUnderstands() {
        Predicate value = predicate(">", VALUE, number(1));
        Predicate city = predicate("=", CITY, string("a"));
        Predicate day = predicate("=", DAY, literal(3, DataTypes.DateType));
        assertThat(translation(predicate("AND", city, value)).exact()).hasToString("city = 'a'");
        assertThat(translation(predicate("OR", predicate("AND", city, value), day))
                        .exact())
                .hasToString("city = 'a' OR day = '1970-01-04'");
        assertThat(translation(predicate("OR", city, value)).exact()).isEqualTo(Filter.always());
        assertThat(translation(predicate("IN", CITY)).mayPass(constants(0, "a", 0.0)))
                .isFalse();
        assertThat(translation(not(predicate("AND", city, value))).exact()).isEqualTo(Filter.always());
    }

    @Test
    void readsLikeSql() {
        Predicate in = predicate("IN", CITY, string("it's"), string("b"));
        assertThat(translated(in)).hasToString("city IN ('it''s', 'b')");
        assertThat(translated(not(in))).hasToString("city NOT IN ('it''s', 'b')");
        assertThat(translated(not(predicate("STARTS_WITH", CITY, string("a")))))
                .hasToString("NOT city starts with 'a'");
        assertThat(translated(predicate(">", DAY, literal(0, DataTypes.DateType))))
                .hasToString("day > '1970-01-01'");
        assertThat(translated(predicate("IS_NOT_NULL", CITY))).hasToString("city IS NOT NULL");
    }
}
