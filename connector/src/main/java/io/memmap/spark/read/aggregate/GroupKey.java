package io.memmap.spark.read.aggregate;

import io.memmap.spark.read.formula.LongFormula;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * What rows are grouped by, or one part of it. Immutable; crosses the wire.
 *
 * @param type of the grouping column; an integer
 */
public record GroupKey(LongFormula formula, DataType type) implements Serializable {
    @Override
    public String toString() {
        return formula.toString();
    }
}
