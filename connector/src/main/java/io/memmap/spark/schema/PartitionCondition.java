package io.memmap.spark.schema;

import io.memmap.format.PartitionPath;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;

/**
 * Values that partition columns shall have. Immutable; driver only.
 *
 * @param alternatives of which one must hold: equalities of some columns, each with all of its equalities
 * @param text as SQL writes it
 * @param caseSensitive whether the names of two columns may differ in case only
 * @param zone of the session, in which a TIMESTAMP is spelt
 */
public record PartitionCondition(List<List<Equality>> alternatives, String text, boolean caseSensitive, ZoneId zone) {
    private static final String ROOT = "/root";

    /** @param values as Spark holds them internally, null for NULL */
    private record Equality(String column, DataType type, Set<Object> values) {}

    /**
     * Understands predicates.
     *
     * @param columns of the directories
     * @throws IllegalArgumentException for a predicate that is no equality of a column and literals
     */
    public static PartitionCondition of(
            Predicate[] predicates, List<PartitionColumn> columns, boolean caseSensitive, ZoneId zone) {
        List<Equality> equalities = Arrays.stream(predicates)
                .map(predicate -> equality(predicate, columns, caseSensitive)
                        .orElseThrow(() -> new IllegalArgumentException("Cannot overwrite the rows where " + predicate
                                + ": expected an equality of a partition column without a collation and literals; the"
                                + " partition columns are "
                                + columns.stream().map(PartitionColumn::name).toList())))
                .toList();
        String text = Arrays.stream(predicates).map(Objects::toString).collect(Collectors.joining(" AND "));
        return new PartitionCondition(List.of(equalities), text, caseSensitive, zone);
    }

    /** Returns true for predicates that are equalities of columns and literals. */
    public static boolean areEqualities(Predicate[] predicates, List<PartitionColumn> columns, boolean caseSensitive) {
        return Arrays.stream(predicates).allMatch(predicate -> equality(predicate, columns, caseSensitive)
                .isPresent());
    }

    /**
     * Returns the condition that some partitions meet, and no others.
     *
     * @param partitions the values of all columns of each
     */
    public static PartitionCondition of(
            InternalRow[] partitions, List<PartitionColumn> columns, boolean caseSensitive, ZoneId zone) {
        List<List<Equality>> alternatives = new ArrayList<>();
        for (InternalRow partition : partitions) {
            List<Equality> equalities = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                PartitionColumn column = columns.get(i);
                Set<Object> value = Collections.singleton(comparable(partition.get(i, column.type())));
                equalities.add(new Equality(column.name(), column.type(), value));
            }
            alternatives.add(equalities);
        }
        return new PartitionCondition(alternatives, alternatives.toString(), caseSensitive, zone);
    }

    private static Optional<Equality> equality(
            Predicate predicate, List<PartitionColumn> columns, boolean caseSensitive) {
        Expression[] children = predicate.children();
        if (predicate.name().equals("NOT")
                && children[0] instanceof Predicate not
                && not.name().equals("=")
                && not.children()[1] instanceof Literal<?> literal
                && literal.value() instanceof Boolean value) {
            // Spark has made this of an equality with FALSE.
            Expression[] opposite = {not.children()[0], Expressions.literal(!value)};
            return equality(new Predicate("=", opposite), columns, caseSensitive);
        }
        boolean equality = Set.of("=", "<=>", "IN", "IS_NULL").contains(predicate.name());
        if (!equality || !(children[0] instanceof NamedReference reference) || reference.fieldNames().length > 1) {
            return Optional.empty();
        }
        Optional<PartitionColumn> column = columns.stream()
                .filter(each -> each.position(List.of(reference.fieldNames()), caseSensitive) == 0)
                .findFirst();
        Set<Object> values = new HashSet<>();
        for (Expression child : Arrays.asList(children).subList(1, children.length)) {
            if (!(child instanceof Literal<?> literal)) {
                return Optional.empty();
            } else if (literal.value() != null || predicate.name().equals("<=>")) {
                values.add(comparable(literal.value()));
            }
        }
        if (predicate.name().equals("IS_NULL")) {
            values.add(null);
        }
        // What is equal by a collation has many directories.
        return column.filter(found -> !SparkTypes.isCollated(found.type()))
                .map(found -> new Equality(found.name(), found.type(), values));
    }

    /**
     * Returns true if all rows of a directory have these values.
     *
     * @param directory its path from the table's, with a slash after each name
     */
    public boolean holds(String directory) {
        PartitionPath path = path(directory);
        return alternatives.stream()
                .anyMatch(equalities -> equalities.stream().allMatch(equality -> holds(equality, path)));
    }

    private boolean holds(Equality equality, PartitionPath path) {
        PartitionColumn column = new PartitionColumn(equality.column(), equality.type());
        return column.position(path.names(), caseSensitive) >= 0
                && equality.values().contains(value(column, path, caseSensitive, zone));
    }

    /**
     * Returns the values that all rows of a directory have, whatever spelling its name has for them; null for NULL.
     *
     * @param directory its path from the table's, with a slash after each name
     */
    public static List<Object> values(
            String directory, List<PartitionColumn> columns, boolean caseSensitive, ZoneId zone) {
        PartitionPath path = path(directory);
        return columns.stream()
                .map(column -> value(column, path, caseSensitive, zone))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static PartitionPath path(String directory) {
        return PartitionPath.of(ROOT + "/" + directory.substring(0, Math.max(0, directory.length() - 1)), Set.of(ROOT));
    }

    private static Object value(PartitionColumn column, PartitionPath path, boolean caseSensitive, ZoneId zone) {
        String text = path.values().get(column.position(path.names(), caseSensitive));
        return comparable(PartitionValue.of(text, column.type(), zone));
    }

    /** The value, or 0.0 for -0.0, which SQL takes for the same. */
    private static Object comparable(Object value) {
        if (value instanceof Double number) {
            return number + 0.0;
        }
        return value instanceof Float number ? (Object) (number + 0.0f) : value;
    }

    @Override
    public String toString() {
        return text;
    }
}
