package io.memmap.spark;

import io.memmap.dtype.Literal;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.read.DescribedTable;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.write.SidecarCreation;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * A table of arrays that are there already, side by side, which a statement is creating: the commit writes the sidecar that
 * describes it. Driver side.
 */
final class MemmapStagedColumns extends NewTable implements StagedTable {
    private static final String COLUMN_PATHS = OptionKey.COLUMN_PATHS.name();

    private final String path;
    private final Map<String, String> defaults;
    private final String columnPaths;
    private final boolean replace;

    private MemmapStagedColumns(
            StructType schema, String path, Map<String, String> defaults, String columnPaths, boolean replace) {
        super(schema, path);
        this.path = path;
        this.defaults = defaults;
        this.columnPaths = columnPaths;
        this.replace = replace;
    }

    /** Returns true if the options of a CREATE TABLE name arrays that are there. */
    static boolean isMeant(Map<String, String> given) {
        return MemmapOptions.given(given).containsKey(COLUMN_PATHS);
    }

    /**
     * Checks the arrays.
     *
     * @param columns of the statement; empty for those that the arrays are
     * @param given the options of the statement
     * @param defaults those of the catalog, with the path
     * @throws IllegalArgumentException when there are other options, partitions, columns or comments
     * @throws IOException when the arrays make no table
     */
    static MemmapStagedColumns of(
            StructType columns,
            Transform[] partitions,
            Map<String, String> given,
            Map<String, String> defaults,
            boolean replace)
            throws IOException {
        checkListed(columns);
        Map<String, String> others = MemmapOptions.given(given);
        String text = others.remove(COLUMN_PATHS);
        SessionSettings session = SessionSettings.active();
        String path = Storage.absolute(
                defaults.get(OptionKey.PATH.name()),
                session.hadoop(session.options(defaults).hadoop()));
        if (!others.isEmpty() || partitions.length > 0) {
            throw new IllegalArgumentException("Cannot create " + path + " with columnPaths and "
                    + (others.isEmpty() ? "PARTITIONED BY" : String.join(", ", others.keySet()))
                    + ": its arrays are there already, expected columnPaths alone; an entry may be a dict of path,"
                    + " dtype, shape, order, offset and member");
        }
        MemmapOptions parsed = session.options(Map.of(COLUMN_PATHS, text));
        MemmapOptions options = session.options(defaults).ofStoredColumns(Storage.parent(path), parsed.columnPaths());
        DescribedTable described = session.describe(options, null);
        StructType found = SparkTypes.nullable(described.schema().structType(), Set.of());
        if (columns.length() > 0 && !SparkTypes.nullable(columns, Set.of()).equals(found)) {
            throw new IllegalArgumentException("Cannot create " + path + " with columns " + columns.toDDL()
                    + ": its arrays are " + found.toDDL() + ", expected these; leave the columns out");
        }
        return new MemmapStagedColumns(found, path, Map.copyOf(defaults), text, replace);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return Entry.call(() -> {
            throw new UnsupportedOperationException("Cannot create " + path
                    + " with columnPaths AS SELECT: its arrays are there already, expected no query; columns that a query"
                    + " writes side by side have TBLPROPERTIES ('layout' = 'sideBySide')");
        });
    }

    @Override
    public void commitStagedChanges() {
        Entry.run(() -> {
            SessionSettings session = SessionSettings.active();
            String json = Literal.toJson(Map.of(COLUMN_PATHS, Literal.parseRepr(columnPaths)));
            new SidecarCreation(session.writeContext(session.options(defaults)), path).write(json + "\n", replace);
        });
    }

    /** Nothing was touched. */
    @Override
    public void abortStagedChanges() {}
}
