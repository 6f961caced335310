package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.MemmapException;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.storage.PendingChangeException;
import io.memmap.storage.Recovery.Ending;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Spark's own catalog, {@code spark.sql.catalog.spark_catalog=io.memmap.spark.MemmapSessionCatalog}, where tables that were
 * created USING memmap can be used. Spark 4 does that by itself; 3.5 keeps such tables, and cannot load them. All others
 * are left to Spark. Driver side.
 */
public final class MemmapSessionCatalog extends DelegatingCatalogExtension {

    @Override
    public Table loadTable(Identifier table) throws NoSuchTableException {
        Table found = super.loadTable(table);
        return Entry.call(() -> {
            Optional<MemmapCatalogTable> cached = CachedRelation.loaded(name(), table);
            return cached.isPresent()
                    ? cached.get()
                    : ours(found) instanceof MemmapCatalogTable read ? read.named(name(), table) : found;
        });
    }

    /** Plans are equal only if their catalogs are, and each session makes its own over the same tables. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemmapSessionCatalog;
    }

    @Override
    public int hashCode() {
        return MemmapSessionCatalog.class.hashCode();
    }

    @Override
    public Table loadTable(Identifier table, Set<TableWritePrivilege> privileges) throws NoSuchTableException {
        Table found = super.loadTable(table, privileges);
        return Entry.call(() -> ours(found) instanceof MemmapCatalogTable target ? target.toWrite() : found);
    }

    @Override
    @SuppressWarnings("deprecation") // Spark 3.5 calls it
    public Table createTable(
            Identifier table, StructType columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException, NoSuchNamespaceException {
        Entry.run(() -> checkPartitions(table, partitions, properties));
        return super.createTable(table, columns, partitions, properties);
    }

    @Override
    public Table createTable(Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException, NoSuchNamespaceException {
        Entry.run(() -> checkPartitions(table, partitions, properties));
        return super.createTable(table, columns, partitions, properties);
    }

    private static void checkPartitions(Identifier table, Transform[] partitions, Map<String, String> properties) {
        if (isOurs(properties)) {
            Partitioning.ofTable("table " + table, partitions);
        }
    }

    /** Recovers an array, see {@link MemmapRecovery}; every other property is for Spark to store. */
    @Override
    public Table alterTable(Identifier table, TableChange... changes) throws NoSuchTableException {
        Optional<Ending> ending = Entry.call(() -> MemmapRecovery.asked(changes));
        Table stored = super.loadTable(table);
        boolean ours = Entry.call(() -> stored instanceof MemmapTable || isOurs(stored.properties()));
        if (ending.isEmpty() || !ours) {
            Entry.run(() -> checkColumnsStay(table, ours, changes));
            return super.alterTable(table, changes);
        }
        Entry.run(() -> {
            SessionSettings session = SessionSettings.active();
            MemmapOptions options = stored instanceof MemmapTable loaded
                    ? loaded.options(CaseInsensitiveStringMap.empty(), Operation.CHANGE)
                    : session.options(stored.properties());
            for (String path : options.paths()) {
                MemmapRecovery.end(ending.get(), path, session.hadoop(options.hadoop()));
            }
        });
        return loadTable(table);
    }

    /** A column is found by its name or place in the array: altered, it would have the values of another one. */
    private static void checkColumnsStay(Identifier table, boolean ours, TableChange... changes) {
        boolean altered = Arrays.stream(changes)
                .anyMatch(change -> change instanceof TableChange.ColumnChange
                        && !(change instanceof TableChange.UpdateColumnComment));
        if (ours && altered) {
            throw new UnsupportedOperationException("Cannot alter the columns of table " + table
                    + ": they are those of its array, expected no ALTER TABLE; create another table, with columns or with"
                    + " the option columnNames, over the same path");
        }
    }

    /** A table of an array that cannot be described before it is recovered has no columns, so that it can be recovered. */
    private static StructType columns(CaseInsensitiveStringMap properties) {
        try {
            return new MemmapDataSource().inferSchema(properties);
        } catch (MemmapException e) {
            if (e.getCause() instanceof PendingChangeException) {
                return new StructType();
            }
            throw e;
        }
    }

    private static boolean isOurs(Map<String, String> properties) {
        return MemmapDataSource.isNamed(properties.get(TableCatalog.PROP_PROVIDER));
    }

    @SuppressWarnings("deprecation") // what replaces schema() is made from it
    private static Table ours(Table table) {
        Map<String, String> properties = table.properties();
        if (table instanceof MemmapCatalogTable || !isOurs(properties)) {
            return table;
        }
        StructType columns = table.schema();
        if (columns.length() == 0) {
            columns = columns(new CaseInsensitiveStringMap(properties));
        }
        return MemmapCatalogTable.ofSession(columns, properties);
    }
}
