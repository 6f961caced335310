package io.memmap.spark.read.aggregate;

import io.memmap.spark.read.formula.LongFormula;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * One key that rows are grouped by. Immutable; crosses the wire.
 *
 * @param type of the grouping column; an integer
 */
public record GroupKey(LongFormula formula, DataType type) implements Serializable {
    @Override
    public String toString() {
        return formula.toString();
    }
}
