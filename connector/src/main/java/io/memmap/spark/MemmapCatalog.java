package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.MemmapException;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.write.ArrayRemoval;
import io.memmap.spark.write.MemmapWriteBuilder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Recovery.Ending;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.catalog.StagingTableCatalog;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableWritePrivilege;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Paths as tables of SQL: {@code spark.sql.catalog.memmap=io.memmap.spark.MemmapCatalog}, and then
 * <code>SELECT * FROM memmap.`/data/x.npy`</code>. A namespace is a directory. The catalog keeps nothing: what is on the
 * disk is what there is. Options set below its name are those of all of its tables, such as
 * {@code spark.sql.catalog.memmap.stringEncoding=latin1}. Driver side.
 */
@SuppressWarnings("deprecation") // some forms are abstract in the Spark that this is compiled against
public final class MemmapCatalog extends DirectoryNamespaces implements StagingTableCatalog {
    private String name;
    private Map<String, String> defaults = Map.of();

    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap options) {
        Entry.run(() -> {
            MemmapOptions ofAll = SessionSettings.active().ofQuery(options.asCaseSensitiveMap());
            if (!ofAll.paths().isEmpty()) {
                throw new IllegalArgumentException("Cannot use catalog " + catalog + " with option path: found "
                        + ofAll.paths() + ", expected no path; the name of each table says where it is");
            }
        });
        name = catalog;
        defaults = Map.copyOf(options.asCaseSensitiveMap());
    }

    @Override
    public String name() {
        return name;
    }

    private static String path(Identifier table) {
        return path(table.namespace(), table.name());
    }

    private ArrayName arrayName(Identifier table) throws IOException {
        return ArrayName.of(table, hadoop());
    }

    /** Plans are equal only if their catalogs are, and each session makes its own. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemmapCatalog catalog
                && Objects.equals(catalog.name, name)
                && catalog.defaults.equals(defaults);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, defaults);
    }

    /** The marker of a catalog's table says that some of its options may be for reading only, or for writing. */
    private Map<String, String> options(ArrayName array) {
        Map<String, String> options = MemmapOptions.given(defaults);
        array.addTo(options);
        options.put(PROP_PROVIDER, "memmap");
        return options;
    }

    @Override
    HadoopSettings hadoop() {
        SessionSettings session = SessionSettings.active();
        return session.hadoop(session.options(defaults).hadoop());
    }

    @Override
    public Identifier[] listTables(String[] namespace) {
        return Entry.call(
                () -> new ReadableTables(namespace, hadoop(), SessionSettings.active(), this::options).list());
    }

    /**
     * Loads a table to read it.
     *
     * @throws MemmapException naming the path, when what is there is no array
     */
    @Override
    public Table loadTable(Identifier table) {
        return Entry.call(() -> {
            Optional<MemmapCatalogTable> cached = CachedRelation.loaded(name, table);
            return cached.isPresent() ? cached.get() : load(table);
        });
    }

    private MemmapCatalogTable load(Identifier table) throws IOException {
        try {
            ArrayName array = arrayName(table);
            return MemmapCatalogTable.of(name + "." + array, options(array)).named(name, table);
        } catch (FileNotFoundException e) {
            throw MissingTable.thrown(path(table), e, ArrayName.advice(name, table, this));
        }
    }

    /** Loads a table to write to it. {@code saveAsTable} creates one that is missing, if it is told so by this exception. */
    @Override
    public Table loadTable(Identifier table, Set<TableWritePrivilege> privileges) throws NoSuchTableException {
        if (Entry.call(MemmapCatalog::isSaveAsTable) && !tableExists(table)) {
            throw new NoSuchTableException(table);
        }
        return Entry.call(() -> {
            arrayName(table).writablePath("write to");
            return load(table).toWrite();
        });
    }

    /** Spark asks alike for the target of a MERGE that only inserts, whose error is to name the file. */
    private static boolean isSaveAsTable() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".DataFrameWriter")
                        && frame.getMethodName().startsWith("saveAsTable")));
    }

    @Override
    public Table loadTable(Identifier table, String version) {
        return Entry.call(() -> {
            throw noVersions(load(table), "VERSION AS OF " + version);
        });
    }

    @Override
    public Table loadTable(Identifier table, long microseconds) {
        return Entry.call(() -> {
            throw noVersions(load(table), "TIMESTAMP AS OF " + Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS));
        });
    }

    private static UnsupportedOperationException noVersions(Table table, String clause) {
        return new UnsupportedOperationException(
                "Cannot read " + table.name() + " " + clause + ": an array keeps no versions; leave it out");
    }

    /** Returns true if anything is there: CREATE must not touch what cannot be read either. */
    @Override
    public boolean tableExists(Identifier table) {
        return Entry.call(() -> {
            ArrayName array = arrayName(table);
            return array.exists(SessionSettings.active().options(options(array)), hadoop());
        });
    }

    @Override
    public Table createTable(
            Identifier table, StructType columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException {
        StagedTable created = stageCreate(table, columns, partitions, properties);
        created.commitStagedChanges();
        return Entry.callAfterCommit(created, () -> loadTable(table));
    }

    @Override
    public Table createTable(Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException {
        return createTable(table, Entry.call(() -> structType(columns)), partitions, properties);
    }

    @Override
    public StagedTable stageCreate(
            Identifier table, StructType columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException {
        if (tableExists(table)) {
            throw new TableAlreadyExistsException(table);
        }
        return Entry.call(() -> staged(table, columns, partitions, properties, false));
    }

    @Override
    public StagedTable stageCreate(
            Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties)
            throws TableAlreadyExistsException {
        return stageCreate(table, Entry.call(() -> structType(columns)), partitions, properties);
    }

    @Override
    public StagedTable stageReplace(
            Identifier table, StructType columns, Transform[] partitions, Map<String, String> properties)
            throws NoSuchTableException {
        if (!tableExists(table)) {
            throw new NoSuchTableException(table);
        }
        return Entry.call(() -> staged(table, columns, partitions, properties, true));
    }

    @Override
    public StagedTable stageReplace(
            Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties)
            throws NoSuchTableException {
        return stageReplace(table, Entry.call(() -> structType(columns)), partitions, properties);
    }

    @Override
    public StagedTable stageCreateOrReplace(
            Identifier table, StructType columns, Transform[] partitions, Map<String, String> properties) {
        return Entry.call(() -> staged(table, columns, partitions, properties, true));
    }

    @Override
    public StagedTable stageCreateOrReplace(
            Identifier table, Column[] columns, Transform[] partitions, Map<String, String> properties) {
        return stageCreateOrReplace(table, Entry.call(() -> structType(columns)), partitions, properties);
    }

    private StagedTable staged(
            Identifier table,
            StructType stated,
            Transform[] partitions,
            Map<String, String> properties,
            boolean replace)
            throws IOException {
        ArrayName array = arrayName(table);
        String path = array.writablePath(replace ? "replace" : "create");
        ArrayName.checkDots(name, table, this);
        Map<String, String> given = StatedProperties.options("create", path, properties);
        Map<String, String> options = options(array);
        if (MemmapStagedColumns.isMeant(given)) {
            return MemmapStagedColumns.of(SparkTypes.withoutLengths(stated), partitions, given, options, replace);
        }
        SessionSettings.active().options(given).checkedFor(Operation.CREATE);
        options.putAll(given);
        options.putAll(Partitioning.options(path, partitions));
        return new MemmapStagedTable(stated, options, replace);
    }

    private static StructType structType(Column[] columns) {
        StructField[] fields = new StructField[columns.length];
        for (int i = 0; i < fields.length; i++) {
            StructField field =
                    new StructField(columns[i].name(), columns[i].dataType(), columns[i].nullable(), Metadata.empty());
            fields[i] = columns[i].comment() == null ? field : field.withComment(columns[i].comment());
        }
        return new StructType(fields);
    }

    /** Ends a change that a dead writer left, see {@link MemmapRecovery}. Accepts other changes if they state what is so already. */
    @Override
    public Table alterTable(Identifier table, TableChange... changes) {
        return Entry.call(() -> {
            Optional<Ending> ending = MemmapRecovery.asked(changes);
            if (ending.isPresent()) {
                // Loaded first: a raw file that nothing describes is a table only while its change is pending.
                Table pending = loadTable(table);
                MemmapRecovery.end(ending.get(), path(table), hadoop());
                return pending;
            }
            MemmapCatalogTable there = load(table);
            Map<String, String> stated = StatedProperties.ofChanges(path(table), there.schema(), changes);
            if (!stated.isEmpty()) {
                compare(table, there.schema(), stated);
            }
            return there;
        });
    }

    /** Compares options with the array, as a query does, and dtypes of columns, as a write does. Changes nothing. */
    private void compare(Identifier table, StructType columns, Map<String, String> stated) throws IOException {
        Map<String, String> options = options(arrayName(table));
        options.putAll(stated);
        SessionSettings session = SessionSettings.active();
        MemmapOptions parsed = session.options(options);
        try {
            session.describe(parsed, null);
            if (!parsed.columnDtypes().isEmpty()) {
                MemmapWriteBuilder.compare(session.writeContext(parsed), columns);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot alter " + path(table) + ", as it is not what is stated: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean dropTable(Identifier table) {
        return Entry.call(() -> {
            throw new UnsupportedOperationException(
                    "Cannot drop " + arrayName(table).writablePath("drop")
                            + ": this catalog keeps no list of tables that it could be taken from, expected DROP TABLE ..."
                            + " PURGE, which deletes its files");
        });
    }

    @Override
    public boolean purgeTable(Identifier table) {
        if (!tableExists(table)) {
            return false;
        }
        Entry.run(() -> {
            SessionSettings session = SessionSettings.active();
            ArrayName array = arrayName(table);
            array.writablePath("drop");
            new ArrayRemoval(session.writeContext(session.options(options(array)))).run();
        });
        return true;
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
        Entry.run(() -> {
            throw new UnsupportedOperationException("Cannot rename " + path(from)
                    + ": SQL moves no files, expected the file system to; move its sidecar along with a raw file");
        });
    }
}
