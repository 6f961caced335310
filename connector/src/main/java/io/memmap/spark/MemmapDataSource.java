package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.read.DescribedTable;
import io.memmap.storage.HeaderBytes;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code spark.read().format("memmap")}: NumPy memmaps, .npy files and directories of them as tables. Spark finds it
 * through its service loader; a new instance per use, driver side.
 */
public final class MemmapDataSource extends SaveModes implements TableProvider, DataSourceRegister {

    private static final String SHORT_NAME = "memmap";

    /** The columns of the files, if Spark asked for them: else a user declares the columns of a table. */
    private StructType inferred;

    private boolean sideBySide;

    /** The headers that were read for the schema. */
    private final HeaderBytes headers = new HeaderBytes();

    @Override
    public String shortName() {
        return SHORT_NAME;
    }

    /** Returns true for the names that USING takes: the short name, in any case, and this class. */
    static boolean isNamed(String provider) {
        return SHORT_NAME.equalsIgnoreCase(provider)
                || MemmapDataSource.class.getName().equals(provider);
    }

    /** Reads the headers of the files that the options name. */
    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        inferred = Entry.call(() -> {
            SessionSettings session = SessionSettings.active();
            MemmapOptions parsed = session.options(options.asCaseSensitiveMap()).checkedFor(Operation.READ);
            DescribedTable described = session.describe(parsed, null, headers);
            sideBySide = described.isSideBySide();
            return described.schema().structType();
        });
        return inferred;
    }

    /**
     * Does no I/O: Spark asks for a table alike before it reads and before it writes. A table of Spark's own catalog has a
     * provider and may be the target of a statement; a path is written by {@link SaveModes}, which Spark asks only when the
     * table cannot.
     */
    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        return Entry.call(() -> table(schema, partitioning, properties));
    }

    private Table table(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        if (properties.containsKey(TableCatalog.PROP_PROVIDER)) {
            MemmapCatalogTable table = MemmapCatalogTable.ofSession(schema, properties);
            if (properties instanceof CaseInsensitiveStringMap) {
                // The table is being created. One that is loaded can be dropped, whatever it was created with.
                Partitioning.ofTable("table " + table.name(), partitioning);
            }
            return table.toWrite();
        }
        MemmapTable table =
                schema.equals(inferred) ? new MemmapTable(schema, properties) : new DeclaredTable(schema, properties);
        table.keep(headers);
        table.keepSideBySide(sideBySide);
        Partitioning.ofPath(table.path(), schema, partitioning);
        return table;
    }

    @Override
    public boolean supportsExternalMetadata() {
        return true;
    }

    /** Spark shows it in errors about types that it does not hand over, such as VARIANT. */
    @Override
    public String toString() {
        return shortName();
    }
}
