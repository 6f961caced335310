package io.memmap.spark.read;

import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.table.Filter;
import io.memmap.table.GroupFilter;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A partition column in a predicate. Immutable; crosses the wire.
 *
 * @param index its position among the partition columns
 * @param isText true if it is compared as the string that CAST makes of it
 */
record PartitionOperand(PartitionColumn column, int index, boolean isText) implements FilterOperand, Serializable {

    PartitionOperand asText() {
        return new PartitionOperand(column, index, true);
    }

    /** Returns true for the types whose values CAST writes as Java does. */
    boolean isPlainText() {
        return SparkTypes.isInteger(column.type()) || column.type().equals(DataTypes.DateType);
    }

    @Override
    public Filter isNull(boolean negated) {
        return new GroupFilter(new IsNull(this, negated));
    }

    @Override
    public Filter compare(Operator operator, List<Literal<?>> literals, boolean negated) {
        DataType type = isText ? DataTypes.StringType : column.type();
        if (operator.isOfText() && !type.equals(DataTypes.StringType)) {
            return Filter.unknown();
        }
        if (SparkTypes.isCollated(type)) {
            return Filter.unknown();
        }
        for (Literal<?> literal : literals) {
            if (!literal.dataType().equals(type)) {
                return Filter.unknown();
            }
        }
        List<Object> values =
                literals.stream().map(literal -> (Object) literal.value()).toList();
        return new GroupFilter(new PartitionComparison(this, operator, values, negated));
    }

    /** The column in SQL, for EXPLAIN. */
    @Override
    public String toString() {
        return isText ? "CAST(" + column.name() + " AS STRING)" : column.name();
    }

    private record IsNull(PartitionOperand operand, boolean negated) implements GroupFilter.Condition {
        @Override
        public boolean mayPass(List<Object> constants) {
            return (constants.get(operand.index()) == null) != negated;
        }

        @Override
        public String toString() {
            return operand + (negated ? " IS NOT NULL" : " IS NULL");
        }
    }
}
