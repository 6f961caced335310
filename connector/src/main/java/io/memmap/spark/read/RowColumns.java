package io.memmap.spark.read;

import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.MetadataColumns;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;

/**
 * The columns whose values are known without reading a byte, so that predicates on them can be pushed.
 *
 * <p>A data column hides the metadata column of its name, and is not known beforehand. Immutable. Driver only.
 */
record RowColumns(
        List<String> dataColumns,
        Optional<String> axis0,
        boolean inOneFile,
        Map<String, PartitionOperand> partitions,
        boolean caseSensitive) {

    /** The meaning of a name. */
    enum Meaning {
        /** The row's position in the whole dataset. */
        ROW,
        /** The row's position in its file. */
        FILE_ROW,
        /** The file's name as the column shows it. */
        FILE
    }

    /** The metadata columns that none of {@code dataColumns} hides. */
    static RowColumns of(Collection<String> dataColumns, boolean caseSensitive) {
        return new RowColumns(List.copyOf(dataColumns), Optional.empty(), true, Map.of(), caseSensitive);
    }

    /** These columns, and the data column {@code name}, which holds the index on axis 0 ({@code layout=elements}). */
    RowColumns withAxis0(String name) {
        return new RowColumns(dataColumns, Optional.of(name), inOneFile, partitions, caseSensitive);
    }

    /** The same for arrays side by side, whose rows are in no one file. */
    RowColumns sideBySide() {
        return new RowColumns(dataColumns, axis0, false, partitions, caseSensitive);
    }

    /** These columns, and the columns of the table that have a value for each directory. */
    RowColumns withPartitions(Map<String, PartitionOperand> columns) {
        return new RowColumns(dataColumns, axis0, inOneFile, columns, caseSensitive);
    }

    /** The name of a column that is no part of another one. */
    static Optional<String> name(Expression expression) {
        return expression instanceof NamedReference reference && reference.fieldNames().length == 1
                ? Optional.of(reference.fieldNames()[0])
                : Optional.empty();
    }

    /** The partition column of this name, spelled as the table has it. */
    Optional<PartitionOperand> partition(String name) {
        return Optional.ofNullable(partitions.get(name));
    }

    /** The meaning of a column name; empty when its values are in the file. */
    Optional<Meaning> meaning(String name) {
        if (axis0.filter(column -> same(column, name)).isPresent()) {
            return Optional.of(Meaning.ROW);
        }
        Meaning hidden;
        if (same(MetadataColumns.ROW, name)) {
            hidden = Meaning.ROW;
        } else if (inOneFile && same(MetadataColumns.FILE_ROW, name)) {
            hidden = Meaning.FILE_ROW;
        } else if (inOneFile && same(MetadataColumns.FILE, name)) {
            hidden = Meaning.FILE;
        } else {
            return Optional.empty();
        }
        boolean inFile = dataColumns.stream().anyMatch(column -> same(column, name));
        return inFile ? Optional.empty() : Optional.of(hidden);
    }

    private boolean same(String left, String right) {
        return ColumnMatch.same(left, right, caseSensitive);
    }
}
